"""Fine-tuning: plan, run, publish."""

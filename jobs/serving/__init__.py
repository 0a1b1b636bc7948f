"""The model server: one base model, its adapters and the embedder behind an OpenAI-compatible door."""

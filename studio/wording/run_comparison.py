"""What is said where two runs are compared."""

COMPARE = "Compare with another run"
WITH = "The other run"
THIS, OTHER = "This run", "The other"
SAME = "Both runs had the same settings."
COLUMNS = ("What", THIS, OTHER)
NOT_SCORED = "not scored yet"
RESULTS = {
    "eval_loss_start": "Distance on unseen questions before",
    "eval_loss": "Distance on unseen questions, kept state (lower is better)",
    "kept_passes": "Kept after pass",
}
MINUTES = "Took"
SCORE = "Right answers, newest score"
GIVEN = {"examples": "Examples", "preset": "How thorough", "model": "Model", "rows": "Examples learned"}

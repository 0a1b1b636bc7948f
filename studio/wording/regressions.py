"""The words for what got worse since an earlier score."""

TITLE = "Worse than before"
DISMISS = "Dismiss"
LOOK = "See what broke"
DIFFERENCES = {
    "model": "the base model ({before}, now {after})",
    "adapter": "the trained model ({before}, now {after})",
    "documents": "the documents ({before}, now {after})",
    "index": "the documents as they were read (version {before}, now {after})",
    "tools": "the tools ({before}, now {after})",
}
NOTHING = "none"
NOTHING_CHANGED = "Nothing that is noted with a score had changed between the two."


def worse(name: str, counts: tuple[int, int, int], *, clear: bool) -> str:
    """Return that a way got fewer right; `counts` are right before, right now, and of how many."""
    before, now, of = counts
    fewer = f"{name} was right on {now} of {of}, before on {before}"
    if clear:
        return f"✕ {fewer}: clearly worse."
    return f"◌ {fewer}: {before - now} more wrong, which could be chance."


def differences(told: list[str]) -> str:
    """Return what had changed between the two scores."""
    return f"Changed in between: {'; '.join(told)}." if told else NOTHING_CHANGED

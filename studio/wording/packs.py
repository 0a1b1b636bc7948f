"""Example packs in words."""

TITLE = "Start with an example pack"
HELP = "Small sets to try a training with before you have examples of your own, each written for this project."
ADD = "Keep these"


def kept(trial: str, link: str) -> str:
    """Return what to ask once a pack was learned; `link` leads to Compare with the question."""
    return f"After the training ask, for example: [{trial}]({link})"

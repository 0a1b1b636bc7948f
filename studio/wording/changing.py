"""The words for a score against an earlier one."""

TITLE = "Against an earlier score"
CHOOSE = "Which score?"
HEAD = ("Way", "Then", "Now", "Change")
BETTER = "got better"
BROKE = "broke"
NOTHING_IN_COMMON = "The two scores have no question and way in common."
NONE_EARLIER = (
    "These questions were scored once only. Score them again after a change, and what it changed is shown here."
)


def scored(when: str, version: int | None) -> str:
    """Return when a score was made, and which version of the questions it asked where that has to be told."""
    return f"Scored {when}" if version is None else f"Version {version}, scored {when}"


def versions(name: str, now: int, then: int) -> str:
    """Return that two scores asked different versions of a set."""
    return (
        f"This score asked version {now} of {name}, the other one version {then}: only the questions that stand in "
        "both are compared."
    )


def verdict(change: int, *, clear: bool) -> str:
    """Return whether a change is more than chance."""
    if not change:
        return "as many"
    direction = f"{abs(change)} more" if change > 0 else f"{abs(change)} fewer"
    return f"{direction}, clearly" if clear else f"{direction}, which could be chance"


def more(number: int) -> str:
    """Return that a list goes on."""
    return f"; and {number:,} more"

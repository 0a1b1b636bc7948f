"""What is said before something is deleted: what goes with it, and what rests on it and stays."""

from storage.dependants import Dependants
from studio.wording.numbers import count

HEADING = "Your data: see what is kept, and delete it"
INTRO = (
    "Deleted means deleted: the rows and the files on this computer. Only adapters (what trainings made) can be "
    "brought back, for 30 days, on the Train page."
)
WHICH = "What to delete"
WHICH_HELP = "Everything that this workspace keeps, one by one."
DELETE = "Delete this…"
YES, NO = "Yes, delete", "No, keep it"
CHOOSE = "Nothing is chosen yet."
CHOOSE_FIRST = "Choose what to delete first."
WORKING = "● Deleting…"
GONE = "This is not here any more."
GONE_ALREADY = "Choose something else."

ALL = "**Or delete everything in this workspace**"
WORD = "DELETE"
WORD_LABEL = f"Type {WORD} to confirm"
WORD_HELP = "Jobs are stopped first. Nothing of it can be brought back."
DELETE_ALL = "Delete everything"
NOT_TYPED = f"The word {WORD} was not typed, so nothing was deleted."
TYPE_IT = "Type it into the field above the button."
ALL_DONE = "Everything in this workspace is deleted. You can begin anew."
NOTHING_KEPT = "This workspace keeps nothing yet."

GROUPS = {
    "dataset": "Examples",
    "collection": "Documents",
    "tool": "Tool",
    "questions": "Test questions",
    "adapter": "Adapter",
    "scorecard": "Scores",
    "comparison": "Comparison",
}
SAMPLE = "The sample company, all of it"
_ASKED = {
    "sample": "Delete the sample company with its examples, documents, tools, test questions and orders? Its jobs are "
    "stopped, its adapters can be brought back for 30 days, comparisons and scores stay.",
    "dataset": "Delete {name} with all its versions and the uploaded file?",
    "collection": "Delete {name} with every document, its passages and the uploaded files?",
    "tool": "Delete {name} with its rows?",
    "questions": "Delete the test questions {name} with all versions and files? Scores that were made with them stay.",
    "adapter": "Delete the adapter {name}? You can bring it back for 30 days on the Train page.",
    "scorecard": "Delete the scores of {name} with every answer? What this page claims from them goes, too.",
    "comparison": "Delete the comparison {name} with its answers and your vote?",
    "comparisons": "Delete every comparison with its answers and your votes?",
}


_DELETED = {"sample": "The sample company is", "comparisons": "All comparisons are"}


def all_comparisons(number: int) -> str:
    """Return the choice that means every comparison."""
    return f"All {count(number, 'comparison')}"


def sure(kind: str, name: str, rests: Dependants) -> str:
    """Return the question before something is deleted, with what rests on it."""
    return " ".join([_ASKED[kind].format(name=name), *_rests(kind, rests)])


def looked_up(collection: str) -> str:
    """Return that the rows are kept a second time, as documents, and go there, too."""
    return f"Its training rows, which are also looked up in “{collection}”, go, too."


def _rests(kind: str, rests: Dependants) -> list[str]:
    stays = "It stays" if rests.adapters == 1 else "They stay"
    told = (
        (
            rests.adapters,
            f"{_were(rests.adapters, 'adapter')} trained on these examples. {stays} and will keep working.",
        ),
        (rests.runs, f"The sample answers that {count(rests.runs, 'run')} shows from them go, too."),
        (rests.scorecards, f"{_were(rests.scorecards, 'scorecard')} made with their held-out rows and will stay."),
        (rests.comparisons, _of_comparisons(kind, rests.comparisons)),
    )
    return [sentence for number, sentence in told if number]


def _of_comparisons(kind: str, number: int) -> str:
    read = count(number, "comparison")
    its = "its" if number == 1 else "their"
    if kind == "collection":
        return f"{read} looked in these documents; {its} passages stay as they were read."
    return f"{read} had it at hand; {its} answers stay."


def _were(number: int, noun: str) -> str:
    return f"{count(number, noun)} {'was' if number == 1 else 'were'}"


def done(kind: str, name: str) -> str:
    """Return that it is deleted."""
    return f"{_DELETED.get(kind, GROUPS.get(kind, ''))} {name}".strip() + " deleted."


def everything(rows: list[tuple[int, str, str]], jobs: int) -> str:
    """Return what goes with everything: each number with its noun and plural, and the jobs that are stopped first."""
    listed = [count(number, noun, plural) for number, noun, plural in rows if number]
    if not listed:
        return NOTHING_KEPT
    *first, last = listed
    kept = f"{', '.join(first)} and {last}" if first else last
    stopped = f" {_were(jobs, 'job')} not finished and will be stopped." if jobs else ""
    return f"This workspace keeps {kept}.{stopped}"

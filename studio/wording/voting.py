"""What stands at the vote below a comparison, and at the example that the chosen answer becomes."""

from storage.records import Part
from studio.wording.numbers import count
from studio.wording.ways import way_words

OFFER = "Keep the chosen answer as an example"
HELP = "Change what is not quite right first: the model learns it word for word."
QUESTION = "Question"
ANSWER = "The answer you would have wanted"
SET = "Add it to"
SET_HELP = "It becomes the next version; the version before stays as it is."
KEEP = "Keep"
NOT_KEPT = "Your choice is not kept yet: the names are hidden until every answer is there."
NO_SETS = "There are no examples yet that it could be added to. [Add some](/examples) first."
NO_SET = "No examples were chosen yet."
CHOOSE_SET = "Choose what to add it to."
EXAM = "Its question falls among those held back for the exam, so training will not see it."
_REPLACED = "It takes the place of the answer that stood there."
LOOKED_UP = "Its rows are looked up, too, and are being read again."


def kept(name: str, version: int, used: int) -> str:
    """Return that the example is kept; `name` is Markdown already."""
    return f"Kept: {name} is now version {version} with {count(used, 'example')}."


def part(of: Part) -> str:
    """Return what a person should know of the part that the example fell into; nothing where it is learned."""
    return EXAM if of == "exam" else ""


def replaced(number: int) -> str:
    """Return that answers for the same question are gone from the new version; nothing where there were none."""
    if number < 2:
        return _REPLACED if number else ""
    return f"It takes the place of the {number} answers that stood there."


def train(dataset_id: str) -> str:
    """Return where the new version can be learned."""
    return f"[Train on it](/train?dataset={dataset_id})"


def came_from(column_id: str) -> str:
    """Return where a version came from that was made of an answer."""
    return f"an answer of {way_words(column_id).title}"

"""What stands on the Examples page."""

INTRO = (
    "Questions and the answers you would have wanted. From them the model learns the tone and habits of your answers."
)
FILE = "Your file (CSV, Excel, OpenDocument, JSON, Parquet or ZIP, up to 50 MB)"
ROLES = {
    "question": "Which column holds the question?",
    "answer": "Which column holds the good answer?",
    "instruction": "Is there a column with an instruction for the model? (optional)",
    "context": "Is there a column with a text that the answer rests on? (optional)",
    "kind": "Is there a column with the kind of question? (optional)",
    "conversation": "Is there a column that says which rows are one conversation? (optional)",
    "turn": "Is there a column that numbers the rows of a conversation? (optional)",
}
NONE = "No such column"
NOT_GUESSED = "No column looks like it."
HOLD_OUT = "Held back for testing (percent)"
HOLD_OUT_HELP = "Never used for training. They are the exam."
LOOK_UP = "Also let it look these up"
LOOK_UP_HELP = (
    "The rows to learn from, never those held back, also become documents, so that all ways of answering know the same."
)
PASTE = "Or paste from a spreadsheet"
PASTE_HELP = "Copy the cells, names of the columns first, and paste them here."
PASTE_READ = "Read what I pasted"
PASTED_FILE = "pasted.tsv"
NOTHING_PASTED = "Nothing was chosen or pasted yet."
PASTE_FIRST = "Choose a file, or paste the cells of a spreadsheet."
SHEET = "Which sheet?"
JOIN_HELP = "Several columns can be joined: write, for example, {product}: {question}."
NAME = "Name"
NAME_HELP = "The same name again makes the next version."
KEEP = "Keep these examples"
OPTIONAL = "More columns"
START = """## What the file should hold

One row for each question with the answer you would have given, and the names of the columns in the first line:

| question | answer |
| --- | --- |
| How long do I have to send something back? | Thanks for asking! You have 30 days from delivery. |
| Do you repair other brands? | We do. Bring it in on any weekday before noon. |

From about 50 rows on the model takes on your tone; 10 are the least. Nothing leaves this computer."""
FIRST_ROWS = "First rows"
READS = "What the model really reads"
READS_ROW = "Row"
READS_HELP = "Grey is read only, green is learned, orange is cut off."
READS_AGAIN = "Show it again"
LOOK = "Rows"
FROM_DOCUMENTS = "Have documents, but no questions and answers? [Let a model draft some from your documents](/drafts)."
VERSIONS = "Versions you have kept"
NO_VERSIONS = "None yet."
READ = "read only"
LEARNED = "learned"
CUT = "cut off"


def guessed(reason: str) -> str:
    """Return why a column was chosen."""
    return f"We guessed this one: {reason}."


def usable(used: int, rows: int) -> str:
    """Return the headline over the rows."""
    return f"{used:,} of {rows:,} rows can be used"


def split(learn: int, held_out: int) -> str:
    """Return what becomes of the usable rows."""
    return f"{learn:,} to learn from, {held_out:,} held back."


def no_row(row: int) -> str:
    """Return that a row is not among those that can be used."""
    return f"Row {row} is left out, so the model never reads it."


def becoming(link: str) -> str:
    """Return that rows are being made into documents; `link` leads to them."""
    return f"The rows to learn from become documents: {link}."

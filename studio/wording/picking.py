"""What stands where the columns of Compare are chosen."""

TITLE = "Columns"
HELP = (
    "Your next question goes to these columns, in this order. Several trained models, or several sets of documents, "
    "can stand side by side; so can the model as it came with three of your examples in its prompt, and other models "
    "that are on this computer, or that your model server names (each takes memory while it answers)."
)
ADD = "Add a column"
ADD_BUTTON = "Add"
WHICH = "Change a column"
EARLIER = "Move left"
LATER = "Move right"
OUT = "Take out"
USUAL = "Back to the five ways"
NOTHING = "No column was chosen."
CHOOSE = "Choose one first."
NONE_LEFT = "A question needs at least one column."
KEEP_ONE = "Add another one first."
TOO_MANY = "There is no room for more columns."
TAKE_OUT = "Take one out first; at most eight stand side by side."
INSTRUCTION_PLACEHOLDER = "For example: Answer in one short sentence, and say so if you do not know."

_NUMBERS = ("no", "one", "both", "three", "four", "five", "six", "seven", "eight")


def no_others(reason: str) -> str:
    """Return that another server answers and that there are no columns of other models, with the reason."""
    return f"Answers come from another server. Columns of other models can't be offered: {reason}"


def one_model(model: str, *, known: bool) -> str:
    """Return that a server names no model beside the one that answers, or not even that one."""
    if known:
        return f"it names no model beside {model}."
    return f"it does not name {model} among its models, so which of them would stand beside it is not known."


def ask(columns: int) -> str:
    """Return what the button says that asks so many columns."""
    if columns < 2:
        return "Ask"
    return "Ask both" if columns == 2 else f"Ask all {_NUMBERS[columns]}"

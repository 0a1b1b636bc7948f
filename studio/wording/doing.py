"""The words for what to do about wrong answers: likely cause, what helps, and the button that leads there."""

from studio.wording.numbers import count

TITLE = "What to do about the wrong answers"
HELP = (
    "Grouped by their likely cause, as the kept evidence tells: what was read, which tools were called, by what they "
    "were judged. These questions stay your exam and are never taught: what was practised word for word proves "
    "nothing. Write others like them."
)
SEALED = (
    "**These questions are sealed.** Whoever mends by them turns them into practice: mend by other questions, and keep "
    "these for the end."
)
CAUSES = {
    "failed": "No answer came",
    "made_up": "Made up an answer where “I don't know” was right",
    "tone": "Not in your tone or form",
    "no_tool": "Needs a tool, and this way has none",
    "tool": "The tool was not called, called wrongly, or failed",
    "no_document": "Needs a fact of your documents, and this way reads none",
    "not_found": "What it read does not hold the answer",
    "misread": "The answer lay before it, and it answered otherwise",
    "not_learned": "Answers otherwise than your examples would",
}
HELPS = {
    "failed": "Score again: the evidence says why no answer came.",
    "made_up": "Examples teach it to say that it does not know; documents let it see that nothing fits.",
    "tone": "Examples in your tone: these are what training changes best.",
    "no_tool": "Add the table or the tool that holds the answer, and score a way that may use it.",
    "tool": "Look at the tool: its description, its keys, and what a try with these questions gives.",
    "no_document": "Score a way that reads your documents, with one that says it.",
    "not_found": "Add the document that says it, or say it there in the words in which people ask.",
    "misread": "Examples of reading: drafts from the very documents that it misread, for you to check and to train on.",
    "not_learned": "More examples like these, and a training on them.",
}
ACTIONS = {
    "failed": "See why",
    "made_up": "Write examples that say so",
    "tone": "Write examples like these",
    "no_tool": "Add a tool",
    "tool": "Look at the tools",
    "no_document": "Add a document",
    "not_found": "Add a document",
    "misread": "Draft examples of reading",
    "not_learned": "Write examples like these",
}
CHOOSE = "Of which way?"
BEST = "The way that was right most often stands first."
HEAD = "Likely cause"
NONE = "No answer of this way is wrong."
ALL_OF_THEM = "every one with its evidence"
AGAIN = "Score again with what is newest"
AGAIN_HELP = "Asks the same questions once more; each way takes the newest trained model, documents and tools."
ASKED = "**◌** Scoring again. How far it is stands at the top of this page."
GONE = "What was asked for this score is not known any more."
CHOOSE_ANEW = "Choose the questions at the top of this page and press Score."
NO_DOCUMENTS = "The documents that were read are not here any more."
ADD_THEM = "Add them on the Documents page first."


def group(cause: str, number: int) -> str:
    """Return the heading of a group."""
    return f"{count(number, 'answer')}: {CAUSES[cause]}"


def more(number: int) -> str:
    """Return that there are more questions than those shown."""
    return f"and {number:,} more"


def drafting(address: str) -> str:
    """Return that drafts are being made."""
    return f"Drafts are being made from what was misread. [Read them]({address}) and keep those that are right."

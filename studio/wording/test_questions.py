"""What stands where test questions are kept and looked at, and where a person ticks what is checked."""

from studio.wording.numbers import count

OFFER = "Keep this question as a test question"
HELP = "Scores asks it of every way and checks the answers. Nothing is trained on it."
QUESTION = "Question"
ANSWER = "The answer that is expected"
ANSWER_HELP = "The answer that you voted for, if you did. Change what is not quite right."
GOES_ON = "This question goes on from an earlier one. A test asks it alone, so write it in a way that stands alone."
KIND = "Kind"
SET = "Keep it in"
SET_HELP = "It becomes the next version; earlier versions stay as they are. Or write a new name."
KEEP = "Keep the test question"
SCORE = "[Score them](/scores)"

FACTS = "What an answer must hold"
FACTS_HELP = "Found in the expected answer, in whatever common way they are written. Only what is ticked is checked."
MORE = "And these phrases"
MORE_HELP = "Several apart by semicolons. A|B means one of the two."
WRONG = "What makes an answer wrong"
WRONG_HELP = "Phrases that it must not hold, apart by semicolons."
SORTS = {
    "number": "number",
    "amount": "number with what it counts",
    "date": "date",
    "time": "time",
    "name": "name",
    "phrase": "phrase",
}
ONLY_STYLE = "Its checklist of style is checked and nothing else."
SAY_SO = "Right is to say that this can't be known; nothing else is checked."
OR_ADD = "Or add a phrase below."
SAME_TEXT = f"No number, date or name is in this short answer, so an answer must be the same text. {OR_ADD}"
SAME_WORDS = f"No number, date or name is in this answer, so three fifths of its words must be there. {OR_ADD}"
NO_ANSWER = "Write the answer that is expected, and what can be checked is shown here."

LOOK = "Look at the questions"
HEAD = ("Question", "Expected", "Kind", "Checked")
EARLIER_TEN, LATER_TEN = "Earlier questions", "Later questions"
NOTHING = "Choose test questions above, and they are shown here."
CHOOSE = "Change what is checked for"
CHOOSE_HELP = "Saving makes the next version of these test questions; earlier scores keep theirs."
SAVE = "Save as the next version"
NO_CHOICE = "No question was chosen yet."
CHOOSE_ONE = "Choose one of the list."
TAKE_AWAY = "All of them as a table (CSV)"
ONLY_LATEST = "This is not the latest version, so nothing can be changed here."
CHANGE_ROWS = "These rows are held back of your examples; change them on the page of their [rows]({address})."
HIDDEN = "They are sealed: nobody should look at them before they were scored, so only their number is told."

SEALED = "Sealed: to be scored once, at the end"
SEALED_HELP = "Its questions are not shown before, and later scores say how often it was scored already."
AGAIN = "Score them again all the same"
CHOOSE_ABOVE = "Choose them above under Test questions and tick the box there if you want that."
TICK_AGAIN = "Tick “Score them again all the same” if you want that."


def kept(name: str, version: int, questions: int, *, replaced: bool) -> str:
    """Return that the question is kept; `name` is Markdown already."""
    place = " It takes the place of the one that asked the same." if replaced else ""
    return f"Kept: {name} is now version {version} with {count(questions, 'question')}.{place}"


def saved(name: str, version: int) -> str:
    """Return that another choice of facts is kept; `name` is Markdown already."""
    return f"Saved: {name} is now version {version}."


def page_of(first: int, last: int, of: int) -> str:
    """Return which questions are shown."""
    return f"Questions {first:,} to {last:,} of {of:,}" if of > 1 else "1 question"


def sealed_again(times: int, others: int) -> str:
    """Return why sealed questions should not be scored again; how often they, and other versions, were."""
    of = "them" if times else "other versions of them"
    told = f"These questions are sealed, and a score of {of} was asked for {_times(times or others)} before."
    return f"{told} Scored again, they are no longer an unseen exam, and the score will say so."


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"

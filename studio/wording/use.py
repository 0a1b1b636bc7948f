"""What stands on the Use page, and where a way is put to use."""

from studio.wording.ways import way_words

INTRO = "Ask the way that served you best, question after question, or let your own programs ask it."
CHOOSE = "Who answers?"
CHOOSE_HELP = "What you put to use on Compare stands here under its name; the five ways take the newest of everything."
NEW = "New conversation"
ASK = "Ask"
STOP = "Stop"
QUESTION = "Your question"
PLACEHOLDER = "Ask, and go on asking: it knows what was said before."
YOU = "You"
BEGINNING = "Nothing was asked here yet."
MINE = "What you put to use"
NONE = "Nothing yet. Ask on [Compare](/compare), choose the answer that you would send, and put its way to use."
TAKE_OUT = "Take out of use"
TAKEN_OUT = "It is out of use; its conversations are kept."
WHICH = "Which one?"

PROGRAMS = "From your own programs"
PROGRAMS_HELP = (
    "Any program that speaks the OpenAI API can ask here. It needs a token, which is shown once and can be taken back "
    "at any time. A tool that changes something needs a person's yes; a program gets the answer that it was not run."
)
TOKEN_NAME = "What is the token for?"
TOKEN_EXAMPLE = "For example: the help desk's script"
MAKE = "Make a token"
MADE = "Copy it now; it is not shown again:"
NAME_FIRST = "The token has no name yet."
NAME_IT = "Say what it is for, so that you know later which one to take back."
TOKENS = "Your tokens"
TOKENS_HEAD = ("For", "Made", "Last used")
NO_TOKENS = "There are no tokens yet."
NEVER = "never"
TAKE_BACK = "Take back"
TAKEN_BACK = "It is known no more."
CHOOSE_TOKEN = "No token was chosen."
CHOOSE_ONE = "Choose one first."
CURL = "With curl"
PYTHON = "With Python"

PUT = "Put this way to use"
PUT_HELP = "It gets a page of its own, and a name for your programs, with just what this column uses."
TITLE = "What shall it be called?"
NO_TITLE = "It has no name yet."
GIVE_TITLE = "Give it one, for example “Returns desk”."

FOLLOW_UP = "My next question goes on from this one"
BEFORE = "Asked before"


def address(name: str, comparison_id: str = "") -> str:
    """Return the address of the page on which `name` answers, within a conversation where one is given."""
    return f"/use?w={name}" + (f"&c={comparison_id}" if comparison_id else "")


def put_to_use(title: str, name: str) -> str:
    """Return that a way is in use now; `title` is Markdown already."""
    return f"{title} is in use: [ask it]({address(name)}), or from a program as `way:{name}`."


def offered_title(way: str) -> str:
    """Return a name to begin with."""
    return way_words(way).title

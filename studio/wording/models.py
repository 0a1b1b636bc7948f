"""Models to answer and to teach with, in words: how they fit, which one answers, how one is brought."""

from jobs.models.fitting import Fit
from jobs.models.overview import Offer
from studio.wording.numbers import size

TITLE = "Models"
ADDRESS = "/train#models"
INTRO = (
    "The models that answer and learn here. One of them answers usually, with what it has learned; the others, and "
    "what they have learned, can stand beside it on Compare."
)
COLUMNS = ("Model", "Good for", "Fit on this computer", "Download", "Licence", "State")
ANSWERS_NOW = "Answers now"
FIT_HELP = (
    "M and B are millions and billions of weights. Memory is an estimate from the sizes of each model (weights, "
    "layers, width, vocabulary). To learn means one example of 1,024 tokens at a time; a run measures it truly."
)
WHICH = "A model"
FETCH = "Fetch it"
USE = "Answer with it"
AGAIN = "Try it out"
CHOOSE = "No model is chosen yet."
CHOOSE_NEXT = "Choose one above."
OWN = "Bring a model of your own"
OWN_HELP = (
    "A folder with a model as safetensors and its tokenizer.json, or a GGUF file, on this computer. It is copied, or "
    "converted; neither code nor older forms of weights are taken. Then it is tried out: its template for "
    "conversations, its tokens, one answer, a few steps of learning."
)
OWN_ELSEWHERE = "On the computer where Triptych runs: `triptych models add PATH`."
PATH = "Folder or GGUF file"
NAME = "Name"
NAME_HELP = "Empty: the name of the folder or file."
BRING = "Bring it"
NO_PATH = "No folder or file is named yet."
NO_PATH_NEXT = "Write its whole path, from the root on."
IS_HERE = "It is on this computer already."
IS_HERE_NEXT = "Press “Answer with it”, or choose it as the model to teach."
NOT_TRIED = "It was not tried out yet."
NOT_TRIED_NEXT = "Press “Try it out” and wait until that is done."
NOT_HERE = "It is not on this computer yet."
NOT_HERE_NEXT = "Fetch it first."
RESTS_NEXT = "Choose that model under Models on the Train page, or another adapter."
OTHER_SERVER = "Answers come from another server, so that server's model answers; the settings say which."


def fit(offer: Offer) -> str:
    """Return whether a model fits, with the numbers that say so."""
    fits = offer.fit
    answering = f"answers in about {size(fits.answering_bytes)}"
    if not fits.answers:
        return f"Too large: to answer it takes about {size(fits.answering_bytes)}"
    if fits.trains or fits.trains_packed:
        return f"Fits: {answering}, learns in about {_learning(fits)}"
    return f"Fits for answering only: {answering}; to learn it takes about {size(fits.training_bytes)}"


def _learning(fits: Fit) -> str:
    packed = f" ({size(fits.packed_bytes)} with weights in 4 bits)" if fits.packed_bytes else ""
    return f"{size(fits.training_bytes)}{packed}"


def fetching(title: str) -> str:
    """Return that a model is being fetched."""
    return f"{title} is being fetched and then tried out; how it goes stands above among the runs and on Home."


def bringing(name: str) -> str:
    """Return that a model is being brought."""
    return f"{name} is being brought and then tried out; how it goes stands on Home."


def trying(title: str) -> str:
    """Return that a model is tried out."""
    return f"{title} is being tried out; how it goes stands on Home."


def changed(title: str) -> str:
    """Return what changes with another model that answers."""
    return (
        f"{title} answers from now on; it is being loaded, which takes up to a minute. The ways take what other models "
        "have learned once you change back; on Compare it stands in columns of its own."
    )


def will_rest(taught: str, answers: str) -> str:
    """Return what is to know where another model is taught than the one that answers."""
    return (
        f"{answers} answers now. What {taught} learns stands on Compare in columns of its own; the ways take it once "
        f"you let {taught} answer: under [{TITLE}]({ADDRESS}) below."
    )


def rests(taught: str, answers: str) -> str:
    """Return why something that was learned can't answer now."""
    return f"This was learned by {taught}, which can't be asked now: {answers} answers."


def answering(title: str) -> str:
    """Return which model answers, with where that is changed."""
    return f"The model that answers is **{title}**. [Choose another]({ADDRESS})"

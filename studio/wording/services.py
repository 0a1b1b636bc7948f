"""The words about services that tools ask over HTTP."""

ADD = "Ask a service on the web"
HELP = (
    "Code asks one address that you give, filled in with values that stand in the question; nothing else that a model "
    "writes goes there. What may change something waits for your yes each time."
)
NAME = "Name"
NAME_HELP = "What it is, for example Weather."
ABOUT = "What it is for"
ABOUT_HELP = "One sentence; the model reads it to choose. For example: Says what the weather of a city is."
METHOD = "What it does"
METHODS = (("It only reads (GET)", "GET"), ("It may change something (POST)", "POST"))
ADDRESS = "Address"
ADDRESS_HELP = "https://host/path/{city}: a value stands in braces, behind the first / after the host."
PARAMETERS = "Values (parameters)"
PARAMETERS_HELP = (
    "One line for each value that is filled in: city: text, the name of a city. The kind is text, number, whole number "
    "or one of a few: state: one of open|sent, of the order. Where something may change, those that do not stand in "
    "the address are sent beside it (as JSON)."
)
EXAMPLE = "A question that it answers"
EXAMPLE_HELP = "For example: How is the weather in Bonn? Its words are what later speaks for this service."
HEADER = "Secret that the service asks for (header, optional)"
HEADER_HELP = (
    "One line as the service tells it, such as Authorization: Bearer … It is kept apart, sent to this host only, and "
    "never shown again, nor to a model, nor in a backup."
)
INNER = "It lies on this computer or in our own network, and may be asked all the same"
INNER_HELP = "Without it only addresses of the internet are asked, and only with encryption."
ADD_BUTTON = "Add this service"


def about(method: str, where: str, secret: bool, inner: bool) -> str:
    """Return what is asked of which host; `where` is Markdown already."""
    told = f"{'Acts on' if method == 'POST' else 'Reads from'} {where}"
    told += ", which you allowed although it may lie in your own network" if inner else ""
    return f"{told}, with a secret that is never shown" if secret else told


def added(title: str, example: str) -> str:
    """Return that a service is a tool now; both are Markdown already."""
    return f"The model may now use {title}. Ask, for example: {example} [Compare the answers](/compare)"


def asked(host: str) -> str:
    """Return that a tool asks a service elsewhere."""
    return f"When a tool asks the service at {host}, the values that stand in the question go there."

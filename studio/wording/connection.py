"""What is said of the connection to a model server that stands elsewhere."""

TITLE = "Model servers that your settings name"
HELP = (
    "Sends each a few small questions and says what came back. Their addresses are those of the settings; "
    "`triptych connection ADDRESS` tries any other one."
)
TRY = "Test the connection"
NONE_NAMED = "Your settings name no other model server."
NAME_ONE = "Give its address: triptych connection http://127.0.0.1:8000"
GOOD = "Questions can go there."
ABILITIES = {
    "streaming": "Words come as they are written (streaming)",
    "usage": "Says how many tokens an answer took (usage)",
    "provenance": "Says which weights and adapter answered (provenance)",
    "json_schema": "Keeps to a given form (json_schema)",
    "tools": "Calls tools by itself (tools); the studio does without",
    "embeddings": "Embeds texts under the name embedder, which documents need (embeddings)",
}
NOT_TOLD = "a server that does not say which program it is"


def answered(server: str, url: str) -> str:
    """Return which program answered at an address; `server` is empty where it does not tell."""
    return f"{server or NOT_TOLD} answers at {url}."


def models(names: str, asked: str) -> str:
    """Return which models a server has, and the one that was asked."""
    return f"It has: {names}. Asked: {asked}."


def ability(name: str, can: str, detail: str) -> str:
    """Return whether a server can do one thing; `detail` is what it said to it, empty where nothing."""
    return f"{ABILITIES[name]}: {can}{f' ({detail})' if detail else ''}"

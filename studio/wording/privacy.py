"""What is said about where data goes."""

from collections.abc import Sequence

_NAMED = 5
STAYS = "**Nothing leaves this computer.** Models, files, questions and answers stay here."
BUT = "**Nothing leaves this computer, except what you have set:**"


def model_server(host: str) -> str:
    """Return that questions go to a model server elsewhere."""
    return (
        f"Questions, with the passages and results that belong to them, go to the model server at {host} "
        "(TRIPTYCH_MODEL_URL)."
    )


def drafting(host: str) -> str:
    """Return that passages go to a model server elsewhere when examples are drafted."""
    return (
        f"When examples are drafted from documents, the passages go to the model server at {host} (TRIPTYCH_DRAFT_URL)."
    )


def judging(host: str) -> str:
    """Return that questions and answers go to a model server elsewhere when answers are judged."""
    return (
        "When you let a model judge answers, these go with their questions and wanted answers to the model server at "
        f"{host} (TRIPTYCH_JUDGE_URL)."
    )


def database(host: str) -> str:
    """Return that everything is kept by a database elsewhere."""
    return f"Examples, documents, questions and answers are kept by the database at {host} (TRIPTYCH_DATABASE_URL)."


def asked(host: str) -> str:
    """Return that a tool asks a database elsewhere."""
    return f"When a tool asks the database at {host}, what it looks for goes there."


def few(hosts: Sequence[str]) -> str:
    """Return the first of many hosts, and how many more there are."""
    more = len(hosts) - _NAMED
    return ", ".join(hosts) if more <= 0 else f"{', '.join(hosts[:_NAMED])} and {more:,} more"


def network(host: str) -> str:
    """Return that people elsewhere can use this studio."""
    return f"People who know the password can use this studio over the network (TRIPTYCH_HOST is {host})."


def hub(host: str) -> str:
    """Return what is asked of a hub when a model is fetched."""
    return (
        f"Only when a model is fetched, its files are asked for at {host} or at the Python package index; nothing of "
        "yours is sent along."
    )

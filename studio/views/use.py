"""A conversation with one way, and how programs ask it."""

from collections.abc import Sequence

from storage.tokens import Token
from storage.uses import Use
from studio.views import markdown
from studio.wording import use as words
from studio.wording.numbers import ago
from studio.wording.ways import WAYS, way_words

Choice = tuple[str, str]
Turn = tuple[str, str]


def choices(uses: Sequence[Use]) -> list[Choice]:
    """Return who can be asked: what was put to use, then the five ways."""
    mine = [(f"{way_words(use.column.way).mark} {use.title}", use.name) for use in uses]
    return [*mine, *((way_words(way).heading, way) for way in WAYS)]


def uses(kept: Sequence[Use], now: float) -> list[Choice]:
    """Return what is in use, for choosing what to take out."""
    return [(f"{use.title}, {ago(use.created_at, now)}", use.name) for use in kept]


def thread(turns: Sequence[Turn], name: str) -> str:
    """Return what was asked and answered before, as Markdown; `name` is who answered."""
    return "\n\n".join(
        f"**{words.YOU}:** {markdown.plain(asked)}\n\n**{markdown.plain(name)}:** {markdown.answer(said)}"
        for asked, said in turns
    )


def asked(question: str) -> str:
    """Return the question that is being answered."""
    return f"**{words.YOU}:** {markdown.plain(question)}" if question else ""


def earlier_questions(turns: Sequence[tuple[str, str]]) -> str:
    """Return the questions that a comparison goes on from, each with its link; nothing where it begins."""
    if not turns:
        return ""
    listed = " → ".join(f"[{markdown.plain(markdown.shortened(text, 80))}]({where})" for text, where in turns)
    return f"{words.BEFORE}: {listed}"


def tokens(kept: Sequence[Token], now: float) -> str:
    """Return the tokens as a table."""
    if not kept:
        return words.NO_TOKENS
    rows = [
        (markdown.plain(one.name), ago(one.created_at, now), words.NEVER if used is None else ago(used, now))
        for one in kept
        for used in (one.last_used_at,)
    ]
    return markdown.table(words.TOKENS_HEAD, rows)


def token_choices(kept: Sequence[Token], now: float) -> list[Choice]:
    """Return the tokens, for choosing which to take back."""
    return [(f"{one.name}, {ago(one.created_at, now)}", one.id) for one in kept]


def made(token: str) -> str:
    """Return a fresh token, shown once."""
    return f"{words.MADE}\n\n{markdown.fence(token)}"


def examples(base_url: str, name: str) -> str:
    """Return how a program asks `way:<name>`, in curl and in Python; the token stands in a variable."""
    curl = (
        f"curl {base_url}/v1/chat/completions \\\n"
        '  -H "Authorization: Bearer $TRIPTYCH_API_TOKEN" -H "Content-Type: application/json" \\\n'
        f'  -d \'{{"model": "way:{name}", "messages": [{{"role": "user", "content": "Hello"}}]}}\''
    )
    python = (
        "import os\nfrom openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{base_url}/v1", api_key=os.environ["TRIPTYCH_API_TOKEN"])\n'
        f'reply = client.chat.completions.create(model="way:{name}",\n'
        '    messages=[{"role": "user", "content": "Hello"}])\n'
        "print(reply.choices[0].message.content)"
    )
    return f"**{words.CURL}**\n\n{markdown.fence(curl)}\n\n**{words.PYTHON}**\n\n{markdown.fence(python)}"

"""Guess which column holds the question, the answer and the rest, each guess with its reason in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from jobs.intake.table import Table
from storage.errors import UserFault

Role = Literal["question", "answer", "instruction", "context", "kind"]
ROLES: tuple[Role, ...] = get_args(Role)

_NAMES: dict[Role, str] = {
    "question": "question questions q query prompt ask asked frage fragen pregunta preguntas domanda pergunta vraag "
    "fråga spørgsmål spørsmål kysymys pytanie otázka kérdés soru întrebare вопрос питання ερώτηση 質問 问题 問題 질문 "
    "سؤال שאלה प्रश्न",
    "answer": "answer answers a response reply completion output antwort antworten respuesta réponse risposta resposta "
    "antwoord svar vastaus odpowiedź odpověď válasz cevap yanıt răspuns ответ відповідь απάντηση 回答 答案 답변 جواب "
    "תשובה उत्तर",
    "instruction": "instruction instructions system anweisung instrucción consigne istruzione",
    "context": "context passage kontext contexte contexto contesto abstract input",
    "kind": "kind type category qtype topic intent art thema categoría catégorie categoria kategorie",
}
# Names that say something only where nothing better is found.
_WEAK_NAMES: dict[Role, str] = {
    "question": "instruction input user customer message utterance title text",
    "answer": "target label intent category class assistant agent text content body description",
    "instruction": "",
    "context": "",
    "kind": "",
}
_NO_TEXTS = frozenset({"id", "ids", "nr", "no", "number", "date", "url", "start", "end", "count", "length"})
_QUESTION_MARKS = ("?", "？", "؟", ";?", "⁇")
_SAMPLE_ROWS = 2000
_MOSTLY = 0.4


@dataclass(frozen=True, slots=True)
class Guess:
    """One role, the column that seems to hold it, and why."""

    role: Role
    column: str
    reason: str


def guess_roles(table: Table, given: Mapping[str, str] | None = None) -> list[Guess]:
    """Guess the roles that `given` leaves open, among the columns that it leaves over.

    Question and answer are guessed by name, then by contents; the other roles by name only.
    """
    given = given or {}
    free = [column for column in table.columns if column not in given.values()]
    guesses: list[Guess] = []
    for role in ROLES:
        if role in given:
            continue
        guess = _by_name(role, free, _NAMES) or _by_contents(role, free, table)
        if guess:
            guesses.append(guess)
            free.remove(guess.column)
    return guesses


def fill_in(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Return roles with their columns: those given, checked, and guesses for the rest; "" means that there is none."""
    checked = {role: _column(table, column) for role, column in given.items()}
    guessed = {guess.role: guess.column for guess in guess_roles(table, checked)}
    return {role: column for role, column in {**guessed, **checked}.items() if column}


def _column(table: Table, name: str) -> str:
    wanted = " ".join(name.split())
    for column in table.columns:
        if column.casefold() == wanted.casefold():
            return column
    if not wanted:
        return ""
    listed = ", ".join(f"“{column}”" for column in table.columns[:20])
    raise UserFault(f"There is no column “{wanted}”.", f"Choose one of these columns: {listed}.")


def _by_name(role: Role, free: list[str], names: Mapping[Role, str]) -> Guess | None:
    known = names[role].split()
    for name in known:
        for column in free:
            if column.casefold() == name:
                return Guess(role, column, f"its name is “{column}”")
    for column in free:
        words = set(re.findall(r"[^\W_]+", column.casefold()))
        if not words & _NO_TEXTS and any(len(name) > 1 and name in words for name in known):
            return Guess(role, column, f"its name, “{column}”, says so")
    return None


def _by_contents(role: Role, free: list[str], table: Table) -> Guess | None:
    if role not in {"question", "answer"} or not free:
        return None
    if role == "question":
        asking = max(free, key=lambda column: _asking(table, column))
        if _asking(table, asking) >= _MOSTLY:
            return Guess(role, asking, "its texts end in question marks")
    weak = _by_name(role, free, _WEAK_NAMES)
    if weak:
        return weak
    if role == "question":
        return Guess(role, free[0], "it is the first column that is left") if len(free) > 1 else None
    longest = max(free, key=lambda column: sum(map(len, _texts(table, column))))
    reason = "it is the only column that is left" if len(free) == 1 else "it holds the longest texts"
    return Guess(role, longest, reason)


def _texts(table: Table, column: str) -> list[str]:
    index = table.columns.index(column)
    return [row[index] for row in islice(table.rows, _SAMPLE_ROWS)]


def _asking(table: Table, column: str) -> float:
    texts = [text.strip() for text in _texts(table, column) if text.strip()]
    return sum(text.endswith(_QUESTION_MARKS) for text in texts) / len(texts) if texts else 0.0

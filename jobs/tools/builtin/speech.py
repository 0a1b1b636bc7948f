"""Read aloud: a text that stands in the question, or the answer to it, becomes sound, kept in the home and played."""

import base64
import hashlib
import io
import json
import re
import wave
from collections.abc import Callable
from pathlib import Path

from jobs.intake.limited import run_limited
from jobs.retrieval.words import sentence_spans
from jobs.tools.builtin.speaking import NO_ENGINE, can_speak
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.files import write_atomically
from storage.records import Json
from storage.spoken import SOUNDS
from storage.workspace import Workspace

NAME = "read_aloud"
LONGEST = 600
VOICES = {
    "English": "en", "Chinese": "cmn", "Dutch": "nl", "French": "fr", "German": "de", "Greek": "el", "Hindi": "hi",
    "Italian": "it", "Polish": "pl", "Portuguese": "pt", "Russian": "ru", "Spanish": "es", "Swedish": "sv",
    "Turkish": "tr", "Ukrainian": "uk",
}  # fmt: skip
_CPU_S, _WALL_S = 5, 8
_ALOUD = r"\b(?:(?:read|say|recite)\b[^:\"“”]{0,60}\b(?:aloud|out\s+loud)|recite|speak|pronounce)\b"
_QUOTED = re.compile(rf"{_ALOUD}[^\"“”]{{0,40}}[\"“]([^\"“”]+)[\"”]", re.I)
_AFTER = re.compile(rf"{_ALOUD}[^:\"“”]{{0,40}}:\s*(\S.*)", re.I | re.S)
_BETWEEN = re.compile(r"\b(?:read|say)\b[^\"“”]{0,20}[\"“]([^\"“”]+)[\"”][^\"“”]{0,20}\b(?:aloud|out\s+loud)\b", re.I)
_FORMS = (_BETWEEN, _QUOTED, _AFTER)
# "Write a poem about a broom and recite it": what is to be heard is not there yet.
_IT = r"(?:it|them|(?:the|this|that|your)\s+(?:poem|verses?|answer|text|story|letter|reply|result))"
_ANSWER = re.compile(rf"\b(?:recite\s+{_IT}|(?:read|say|speak)\s+{_IT}\s+(?:aloud|out\s+loud|to\s+me))\b", re.I)

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST, "description": "What is read aloud"},
        "language": {"enum": list(VOICES), "description": "In which language; without it English"},
    },
    "required": ["text"],
    "additionalProperties": False,
}


def read_aloud(workspace: Workspace) -> Tool:
    """Return the tool; its sounds are kept in the workspace."""
    return Tool(
        name=NAME,
        title="Read aloud",
        description="Turns a text into sound that can be played.",
        schema=SCHEMA,
        run=_speaker(workspace),
        narrow=_narrow,
        sure=lambda question: _narrow(question) is not None,
        after=_of_the_answer,
        examples=(("Read this aloud: Good morning!", {"text": "Good morning!", "language": "English"}),),
    )


def sound_name(arguments: Arguments) -> str:
    """Return the name of the sound of a call, without its ending: the same text has the same sound."""
    said = [str(arguments["text"]), str(arguments.get("language", "English"))]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def sound_file(workspace: Workspace, name: str) -> Path:
    """Return where a sound lies in the home."""
    return workspace.home / SOUNDS / f"{name}.wav"


def _speaker(workspace: Workspace) -> Callable[[Arguments], str]:
    def run(arguments: Arguments) -> str:
        if not can_speak():
            raise ToolFault(NO_ENGINE)
        language = str(arguments.get("language", "English"))
        file = sound_file(workspace, sound_name(arguments))
        if not file.is_file():
            workspace.folder(SOUNDS)
            write_atomically(file, _spoken(str(arguments["text"]), VOICES[language]))
        with file.open("rb") as opened, wave.open(opened) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        return f"{seconds:.1f} seconds of sound in {language}."

    return run


def _spoken(text: str, voice: str) -> bytes:
    said = run_limited(
        "jobs.tools.builtin.speaking:spoken", text, voice, name="this text aloud", cpu_s=_CPU_S, wall_s=_WALL_S
    )
    made = base64.b64decode(said)
    with wave.open(io.BytesIO(made)) as sound:
        if not sound.getnframes():
            raise ToolFault("There is nothing in this text that could be spoken.")
    return made


def _narrow(question: str) -> Json | None:
    """Return the texts that the question wants to hear, in quotes or after a colon; None where it wants none."""
    found = next((match for form in _FORMS if (match := form.search(question))), None)
    text = found[1].strip() if found else ""
    if not text or len(text) > LONGEST:
        return None
    properties = {"text": {"enum": [text]}, "language": {"enum": [_language(question.replace(text, " "))]}}
    return {**SCHEMA, "properties": properties, "required": list(properties)}


def _of_the_answer(question: str, answer: str) -> Arguments | None:
    """Return the answer's whole sentences that can be spoken at once, where the question wants to hear it."""
    if _ANSWER.search(question) is None or _narrow(question) is not None:
        return None
    said = answer.strip()
    ends = [end for _, end in sentence_spans(said) if end <= LONGEST]
    text = said if len(said) <= LONGEST else said[: ends[-1]] if ends else ""
    return {"text": text, "language": _language(question)} if text else None


def _language(asked: str) -> str:
    return next((name for name in VOICES if re.search(rf"\bin\s+{name}\b", asked, re.I)), "English")

"""One message of a conversation, in whichever of the usual forms: who speaks, what is said, what is called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Speaker = Literal["system", "person", "model", "call", "result"]

_SPEAKERS: dict[str, Speaker] = {
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("user", "human", "person", "customer", "prompter"), "person"),
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "model", "bot", "chatbot", "ai"), "model"),
    **dict.fromkeys(("function_call", "tool_call"), "call"),
    **dict.fromkeys(("tool", "function", "observation", "tool_response", "function_response"), "result"),
}
_WHO = ("role", "from", "speaker")
_WHAT = ("content", "value", "text")
_ASKED_FOR = ("tool_calls", "function_call")
PARTS = frozenset({*_WHO, *_WHAT, *_ASKED_FOR, "name", "tool_call_id", "weight"})


@dataclass(frozen=True, slots=True)
class Message:
    """Who speaks ("" where nobody knows the word), what is said, and the tools that are called in it."""

    speaker: Speaker | Literal[""]
    text: str
    calls: tuple[str, ...] = ()


def is_message(value: Any) -> bool:
    """Tell whether this says who speaks, in a word that is known, and what is said."""
    return isinstance(value, dict) and _speaker(value) != "" and any(key in value for key in (*_WHAT, *_ASKED_FOR))


def messages_of(values: list[Any]) -> list[Message]:
    """Return the messages; the result of a tool names the tool where an earlier message tells it."""
    names: dict[str, str] = {}
    messages: list[Message] = []
    for value in values:
        if not isinstance(value, dict):
            continue
        calls = _calls(value)
        names.update({str(call.get("id")): _function(call)[0] for call in calls})
        speaker, text = _speaker(value), _text(next((value[key] for key in _WHAT if value.get(key)), ""))
        if speaker == "result":
            name = names.get(str(value.get("tool_call_id")), str(value.get("name") or ""))
            text = f"{name} → {text}".strip()
        messages.append(Message(speaker, text, tuple(map(_written, calls))))
    return messages


def _speaker(message: Mapping[str, Any]) -> Speaker | Literal[""]:
    who = next((message[key] for key in _WHO if isinstance(message.get(key), str)), "")
    return _SPEAKERS.get(who.strip().casefold(), "")


def _text(content: Any) -> str:
    """Return what is said; of content in parts only those that are text."""
    if isinstance(content, str):
        return content.strip()
    if isinstance(content, dict):
        content = content.get("parts") or content.get("text") or json.dumps(content, ensure_ascii=False, default=str)
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        return "\n".join(part.strip() for part in parts if isinstance(part, str))
    return str(content).strip()


def _calls(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    calls = message.get("tool_calls")
    found = [*(calls if isinstance(calls, list) else []), message.get("function_call")]
    return [call for call in found if isinstance(call, dict)]


def _function(call: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of the tool that is called and its arguments."""
    function = call.get("function")
    named = function if isinstance(function, dict) else call
    arguments = named.get("arguments") or ""
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False, default=str)
    return str(named.get("name") or ""), arguments


def _written(call: Mapping[str, Any]) -> str:
    name, arguments = _function(call)
    return f"{name}({arguments})"

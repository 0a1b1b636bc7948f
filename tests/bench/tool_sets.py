"""Public questions with the calls that they want: ToolAlpaca's APIs and the service calls of SGD's dialogues.

A case offers five functions. Half of the cases of each function are there to learn from; the others are asked.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs.tools.arguments import checked_arguments
from jobs.tools.service.adding import Service, add_service
from jobs.tools.service.asking import call_service
from jobs.tools.service.openapi.adding import Terms, add_operations
from jobs.tools.service.openapi.operations import described
from jobs.tools.service.openapi.reading import read_document
from jobs.tools.tool import Arguments, Tool
from storage.errors import UserFault
from storage.records import Json, ToolCall
from storage.tools import fold
from storage.workspace import Workspace
from tests.conftest import PROJECT

SHARED = PROJECT.parent / "shared" / "data"
ALPACA, SGD = SHARED / "fc-toolalpaca", SHARED / "cs-sgd-dialogs"
OFFERED, SEED = 5, 7860
_TYPES = ("string", "integer", "number", "boolean")
_NEVER = "https://service.example"


@dataclass(frozen=True)
class Case:
    """A question, the call that it wants (None: no call), and the functions that are offered for it."""

    set: str
    question: str
    wanted: ToolCall | None
    offered: tuple[Tool, ...]

    @property
    def tool(self) -> Tool:
        """The function that is wanted."""
        assert self.wanted is not None
        return next(tool for tool in self.offered if tool.name == self.wanted.tool)


@dataclass(frozen=True)
class Parts:
    """The cases to learn from, and those that are asked: with a call, and without one."""

    learn: list[Case]
    asked: list[Case]
    none: list[Case]


def same(given: Arguments, wanted: Arguments) -> bool:
    """Whether both hold the same values; an empty text is none, and case and spaces do not count."""
    return _told(given) == _told(wanted)


def _told(arguments: Arguments) -> dict[str, str]:
    return {name: fold(str(value)) for name, value in arguments.items() if str(value).strip()}


def alpaca() -> Parts:
    """Return ToolAlpaca's questions that want one call with plain values."""
    found: list[tuple[str, ToolCall]] = []
    functions: dict[str, list[Tool]] = {}
    for line in _lines(ALPACA, "eval_*.jsonl"):
        own = {tool.name: tool for tool in _functions(line)}
        functions[line["Name"]] = list(own.values())
        secrets = set(line.get("Authentication") or ())
        for question, calls in zip(line["Instructions"], line["Golden_Answers"], strict=True):
            call = _golden(calls, own, secrets)
            if call is not None:
                found.append((question.strip().strip('"'), call))
    return _parts("toolalpaca", found, list(functions.values()), [])


def _golden(calls: Sequence[Json], own: dict[str, Tool], secrets: set[str]) -> ToolCall | None:
    """Return the one call that is wanted; None for several, for values of an earlier answer, and for lists."""
    if len(calls) != 1 or calls[0]["Action"] not in own:
        return None
    try:
        told = json.loads(calls[0]["Action_Input"])
        given = {name: value for name, value in told.items() if name not in secrets}
        tool = own[calls[0]["Action"]]
        return ToolCall(tool.name, checked_arguments(tool.schema, given))
    except (ValueError, UserFault):
        return None


def _functions(line: Json) -> Iterator[Tool]:
    """Yield an API's functions with their plain parameters."""
    paths, secrets = json.loads(line["Documentation"])["paths"], set(line.get("Authentication") or ())
    for name, (path, method) in line["Function_Projection"].items():
        operation = paths[path][method]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        told = {one["name"]: {**one.get("schema", {}), **one} for one in operation.get("parameters", ())}
        told |= body.get("properties", {})
        needed = {one["name"] for one in operation.get("parameters", ()) if one.get("required")}
        needed |= set(body.get("required", ()))
        plain = {key: _plain(one) for key, one in told.items() if key not in secrets and one.get("type") in _TYPES}
        said = str(line["Function_Description"][name]).splitlines()[0]
        yield _tool(name, said, plain, [key for key in plain if key in needed])


def _plain(parameter: Json) -> Json:
    kept = {key: parameter[key] for key in ("type", "description") if key in parameter}
    if kept["type"] == "boolean":
        return {"enum": [True, False]}
    if kept["type"] == "string" and parameter.get("enum"):
        return {"enum": [str(one) for one in parameter["enum"]]}
    return {**kept, **({"maxLength": 120} if kept["type"] == "string" else {})}


def _tool(name: str, description: str, properties: Json, needed: list[str]) -> Tool:
    schema: Json = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return Tool(name, name, description, schema, str)


def sgd() -> Parts:
    """Return the first service call of each dialogue, asked by all that the person had said before it.

    Asked are only those whose values stand there: other values come from what the service said, or are dates to count.
    """
    found: list[tuple[str, ToolCall]] = []
    none: list[str] = []
    functions: dict[str, dict[str, Tool]] = defaultdict(dict)
    for line in _lines(SGD, "train.jsonl"):
        service = line["services"][0]
        # Two services have functions of one name with other parameters.
        which = service.rpartition("_")[2]
        for one in (tool["function"] for tool in line["tools"]):
            parameters = {name: _plain(told) for name, told in one["parameters"]["properties"].items()}
            made = _tool(f"{one['name']}_{which}", one["description"], parameters, one["parameters"]["required"])
            functions[service].setdefault(made.name, made)
        said, call = _first_call(line["messages"])
        if call is not None:
            tool = functions[service][f"{call.tool}_{which}"]
            if set(tool.schema["required"]) <= call.arguments.keys():
                found.append((" ".join(said), ToolCall(tool.name, call.arguments)))
        none.append(line["messages"][-2]["content"])  # thanks and good-bye
    parts = _parts("sgd", found, [list(own.values()) for own in functions.values()], list(dict.fromkeys(none)))
    return replace(parts, asked=[case for case in parts.asked if stands(case)])


def stands(case: Case) -> bool:
    """Whether every value of the wanted call stands in the question."""
    said = fold(case.question)
    return case.wanted is not None and all(value in said for value in _told(case.wanted.arguments).values())


def _first_call(messages: Sequence[Json]) -> tuple[list[str], ToolCall | None]:
    said: list[str] = []
    for message in messages:
        if message.get("tool_calls"):
            told = message["tool_calls"][0]["function"]
            return said, ToolCall(told["name"], json.loads(told["arguments"]))
        if message["role"] == "user":
            said.append(message["content"].strip())
    return said, None


def _parts(name: str, found: list[tuple[str, ToolCall]], apis: list[list[Tool]], none: list[str]) -> Parts:
    chance = random.Random(SEED)
    chance.shuffle(found)
    learn: list[tuple[str, ToolCall]] = []
    asked: list[tuple[str, ToolCall]] = []
    for question, call in found:
        known = sum(one.tool == call.tool for _, one in learn)
        (asked if known > sum(one.tool == call.tool for _, one in asked) else learn).append((question, call))
    shown = {call.tool: (question, call.arguments) for question, call in reversed(learn)}
    with_example = [
        [replace(tool, examples=(shown[tool.name],)) if tool.name in shown else tool for tool in api] for api in apis
    ]
    every = [tool for api in with_example for tool in api if tool.examples]

    def case(question: str, call: ToolCall | None) -> Case:
        own = next((api for api in with_example if call and any(one.name == call.tool for one in api)), [])
        right = [tool for tool in own if call and tool.name == call.tool]
        near = [tool for tool in own if tool not in right]
        far = [tool for tool in every if tool not in own]
        chance.shuffle(far)
        some = {tool.name: tool for tool in [*right, *near, *far]}
        chosen = list(some.values())[:OFFERED]
        chance.shuffle(chosen)
        return Case(name, question, call, tuple(chosen))

    chance.shuffle(none)
    half = len(none) // 2
    lessons = [*(case(*one) for one in learn), *(case(text, None) for text in none[:half])]
    return Parts(lessons, [case(*one) for one in asked], [case(text, None) for text in none[half:]])


def _lines(folder: Any, pattern: str) -> Iterator[Json]:
    for file in sorted(folder.glob(pattern)):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def routed(case: Case, workspace: Workspace) -> tuple[Tool, ...]:
    """Return the functions of a case as services that a person adds: offered by what stands in a question."""
    return tuple(made for tool in case.offered if (made := _service(tool, workspace)) is not None)


def _service(tool: Tool, workspace: Workspace) -> Tool | None:
    """Return a function as a service that needs its required values; None where its example does not hold these."""
    known = {name: tool.schema["properties"][name] for name in tool.schema["required"]}
    kinds = {"integer": "whole number", "number": "number"}
    lines = [
        f"{name}: {'one of ' + '|'.join(map(str, one['enum'])) if 'enum' in one else kinds.get(one['type'], 'text')}, "
        f"{' '.join(str(one.get('description', name)).split())[:200]}"
        for name, one in known.items()
    ]  # fmt: skip
    address = f"{_NEVER}/?" + "&".join(f"{name}={{{name}}}" for name in known)
    question = next((question for question, _ in tool.examples), tool.description)[:300]
    try:
        kept = add_service(workspace, Service(tool.name, tool.description, address, question, "\n".join(lines)))
    except UserFault:
        return None
    return replace(call_service(kept, workspace), name=tool.name)


def taken(workspace: Workspace) -> tuple[int, int]:
    """Take ToolAlpaca's documents in; return how many operations became tools, and how many there are."""
    made = whole = 0
    for line in _lines(ALPACA, "eval_*.jsonl"):
        whole += len(line["Function_Projection"])
        document = described(read_document(line["Documentation"].encode()))
        if document.usable:
            ticked = [one.id for one in document.usable]
            outcomes = add_operations(workspace, document, ticked, Terms(document.server or _NEVER))
            made += sum(not isinstance(one.made, UserFault) for one in outcomes)
    return made, whole

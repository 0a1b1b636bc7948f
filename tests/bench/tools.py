"""How well tools are used with the starter model: `python -m tests.bench.tools [PART …]`; the last line is JSON.

A benchmark, not a test: it starts a studio in a home of its own. PART is one of those below, all without it.

* functions: questions of ToolAlpaca and of SGD's dialogues with five functions each. parse_free and parse_rate: the
  share of answers that are valid arguments of the wanted function, without and with the mask; exact_one_function: that
  are right, the function being given; right_tool: of five; exact: both; no_call_when_none: where thanks are said, no
  function is chosen; routed_…: the functions added as services, offered by what stands in a question, and right by the
  values that these need; tuned_…: after a training on such questions, on others.
* chinook: chinook_right of 24 questions that a database can answer, chinook_declined of 4 others.
* calculator: calculator_right of 1,000 word problems; bare_right of some, by the model's own words.
* overhead: mask_overhead, what a mask takes as a share of a step.

`answers_file` holds every answer, one JSON line each. The public sets lie beside the project; without them it says so.
"""

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from transformers import AutoTokenizer

from jobs.models.client import connect
from jobs.models.door import Chat, Door
from jobs.serving.masks import Masks
from jobs.teaching.using_tools import lesson
from jobs.tools.arguments import checked_arguments
from jobs.tools.builtin.calculator import calculator
from jobs.tools.calling import call_tools
from jobs.tools.choosing import TAUGHT, Offer, choose, fill, filling, offers
from jobs.tools.tool import Arguments, Tool
from storage.errors import UserFault
from storage.records import Json
from storage.settings import Settings
from storage.workspace import Workspace
from tests.bench import chinook
from tests.bench.own_environment import bench_cache
from tests.bench.tool_sets import ALPACA, SEED, SGD, Case, Parts, alpaca, routed, same, sgd, taken
from tests.bench.word_problems import problems
from tests.running import Running, studio_running

BASE = "starter"
ASKED, NONE_ASKED, LEARNED, NONE_LEARNED, FREE = 60, 30, 70, 20, 40
PROBLEMS, BARE = 1000, 200
_AT_ONCE = 8
_FREE_TOKENS = 96
_STEPS, _TURNS = 64, 8
_ALOUD = "The keeper of the old lighthouse counted every ship that passed, and wrote down its name in the evening. " * 4
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
Thing = TypeVar("Thing")
Result = TypeVar("Result")


@dataclass
class Bed:
    """A running studio, its workspace and door, and every answer so far."""

    running: Running
    workspace: Workspace
    door: Door
    answers: list[Json] = field(default_factory=list[Json])

    def each(self, things: Iterable[Thing], ask: Callable[[Thing], Result]) -> list[Result]:
        """Ask for all things, some at the same time."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(ask, things))

    def keep(self, how: str, case: Case, given: Any, right: bool) -> bool:
        """Note an answer."""
        wanted = {"tool": case.wanted.tool, "arguments": case.wanted.arguments} if case.wanted else None
        line = {"part": how, "set": case.set, "question": case.question, "wanted": wanted, "given": given}
        self.answers.append({**line, "right": right})
        return right


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def share(right: Sequence[bool]) -> float:
    """Return the share of what is right."""
    return round(sum(right) / max(1, len(right)), 3)


def valid(tool: Tool, arguments: Any) -> bool:
    """Whether they are arguments of the tool."""
    try:
        return isinstance(arguments, dict) and bool(checked_arguments(tool.schema, arguments) or not arguments)
    except UserFault:
        return False


def said(door: Door, chat: Chat) -> str:
    """Return a whole answer."""
    return "".join(chunk.text for chunk in door.chat(chat))


def in_free_words(bed: Bed, case: Case) -> bool:
    """Whether the model writes valid arguments of the wanted function by itself."""
    text = said(bed.door, Chat(filling(case.tool).asked(case.question), BASE, max_tokens=_FREE_TOKENS))
    try:
        given: Any = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError:
        given = None
    return bed.keep("free", case, text, valid(case.tool, given))


def filled(bed: Bed, case: Case) -> tuple[bool, bool]:
    """Return whether the masked arguments of the wanted function are valid, and whether they are right."""
    assert case.wanted is not None
    given = fill(bed.door, BASE, case.question, Offer(case.tool, case.tool.schema))
    return valid(case.tool, given), bed.keep("given", case, given, same(given, case.wanted.arguments))


def chosen(bed: Bed, model: str, case: Case, how: str) -> tuple[bool, bool]:
    """Return whether the right one of five functions is chosen, or none where none is due, and with what is wanted."""
    offer = choose(bed.door, model, case.question, [Offer(tool, tool.schema) for tool in case.offered])
    if offer is None or case.wanted is None:
        right = (offer is None) == (case.wanted is None)
        return right, bed.keep(how, case, offer.tool.name if offer else None, right)
    right = offer.tool.name == case.wanted.tool
    given = fill(bed.door, model, case.question, offer) if right else {}
    exact = right and same(given, case.wanted.arguments)
    return right, bed.keep(how, case, {"tool": offer.tool.name, "arguments": given}, exact)


def by_evidence(bed: Bed, case: Case, services: Sequence[Tool]) -> tuple[bool, bool]:
    """Return the same for the functions as services that are offered by what stands in the question."""
    offered = offers(services, case.question, [])
    offer = choose(bed.door, BASE, case.question, offered) if offered else None
    if offer is None or case.wanted is None:
        right = (offer is None) == (case.wanted is None)
        return right, bed.keep("routed", case, offer.tool.name if offer else None, right)
    right = offer.tool.name == case.wanted.tool
    given: Arguments = fill(bed.door, BASE, case.question, offer) if right else {}
    needed = {name: value for name, value in case.wanted.arguments.items() if name in offer.tool.schema["properties"]}
    exact = right and same(given, needed)
    return right, bed.keep("routed", case, {"tool": offer.tool.name, "arguments": given}, exact)


def functions(bed: Bed) -> Json:
    """Measure the public sets, untuned and tuned."""
    sets = {"toolalpaca": alpaca(), "sgd": sgd()}
    asked = [case for parts in sets.values() for case in parts.asked[:ASKED]]
    none = [case for parts in sets.values() for case in parts.none[:NONE_ASKED]]
    say(f"{len(asked)} questions that want a call, {len(none)} that want none; "
        f"as services {' of '.join(map(str, taken(bed.workspace)))} operations of ToolAlpaca")  # fmt: skip
    some = random.Random(SEED).sample(asked, FREE)
    free = bed.each(some, lambda case: in_free_words(bed, case))
    given = bed.each(asked, lambda case: filled(bed, case))
    five = bed.each(asked, lambda case: chosen(bed, BASE, case, "five"))
    idle = bed.each(none, lambda case: chosen(bed, BASE, case, "five"))
    told = {
        "questions": len(asked), "parse_free": share(free), "parse_rate": share([one for one, _ in given]),
        "exact_one_function": share([one for _, one in given]), "right_tool": share([one for one, _ in five]),
        "exact": share([one for _, one in five]), "no_call_when_none": share([one for one, _ in idle]),
        **{f"exact_one_function_{name}": _of(bed, "given", name) for name in sets},
    }  # fmt: skip
    say(json.dumps(told))
    services = [routed(case, bed.workspace) for case in [*asked, *none]]
    found = bed.each(zip([*asked, *none], services, strict=True), lambda one: by_evidence(bed, *one))
    told |= {
        "routed_right_tool": share([one for one, _ in found[: len(asked)]]),
        "routed_exact": share([one for _, one in found[: len(asked)]]),
        "routed_no_call": share([one for one, _ in found[len(asked) :]]),
    }
    say(json.dumps(told))
    model = learned(bed, list(sets.values()))
    five = bed.each(asked, lambda case: chosen(bed, model, case, "tuned"))
    idle = bed.each(none, lambda case: chosen(bed, model, case, "tuned"))
    return told | {
        "tuned_right_tool": share([one for one, _ in five]), "tuned_exact": share([one for _, one in five]),
        "tuned_no_call_when_none": share([one for one, _ in idle]),
        **{f"tuned_exact_{name}": _of(bed, "tuned", name) for name in sets},
    }  # fmt: skip


def _of(bed: Bed, how: str, name: str) -> float:
    lines = [line for line in bed.answers if (line["part"], line.get("set")) == (how, name) and line["wanted"]]
    return share([line["right"] for line in lines])


def learned(bed: Bed, sets: Sequence[Parts]) -> str:
    """Train on the parts to learn from, as "learn to use my tools" makes rows of them; return the model's name."""
    cases = [
        *(case for parts in sets for case in [one for one in parts.learn if one.wanted][:LEARNED]),
        *(case for parts in sets for case in [one for one in parts.learn if not one.wanted][:NONE_LEARNED]),
    ]
    random.Random(SEED).shuffle(cases)
    rows = [row for case in cases for row in lesson(case.question, case.wanted, case.offered).rows]
    marked = [replace(row, row=nr, part="watch" if nr % 12 == 0 else "learn") for nr, row in enumerate(rows, 1)]
    columns = {"question": "question", "answer": TAUGHT}
    made = bed.workspace.datasets.keep(
        "functions", marked, rows=len(marked), columns=columns, dropped=(), source="public sets"
    )
    job = bed.running.triptych("train", made.id, "--preset", "normal", "--epochs", "2", "--wait")
    say(f"{len(rows)} rows of {len(cases)} questions: {json.dumps(job, default=str)[:400]}")
    return f"adapter:{job['adapter_id']}"


def shop(bed: Bed) -> Json:
    """Measure questions to a database."""
    told = chinook.measure(bed.door, bed.workspace, "")
    right, declined = told["right"] / told["answerable"], told["declined"] / told["unanswerable"]
    return {"chinook_right": round(right, 3), "chinook_declined": round(declined, 3), "chinook_wrong": told["wrong"]}


def sums(bed: Bed) -> Json:
    """Measure word problems with the calculator, and some in the model's own words."""
    asked, tool = problems(PROBLEMS, SEED), calculator()

    def by_tool(problem: tuple[str, Fraction]) -> bool:
        steps = call_tools(bed.door, BASE, problem[0], [tool])
        call = next((step.call for step in steps if step.kind == "called"), None)
        return _noted(bed, "calculator", problem, call.result or "" if call else "")

    def by_words(problem: tuple[str, Fraction]) -> bool:
        chat = Chat([{"role": "user", "content": problem[0]}], BASE, max_tokens=_FREE_TOKENS)
        return _noted(bed, "bare", problem, said(bed.door, chat))

    return {
        "calculator_right": share(bed.each(asked, by_tool)),
        "bare_right": share(bed.each(asked[:BARE], by_words)),
        "calculator_right_of_these": share([one["right"] for one in bed.answers if one["part"] == "calculator"][:BARE]),
    }


def _noted(bed: Bed, how: str, problem: tuple[str, Fraction], text: str) -> bool:
    numbers = _NUMBER.findall(text)
    right = bool(numbers) and abs(float(numbers[-1].replace(",", "")) - float(problem[1])) < 0.005
    line = {"part": how, "question": problem[0], "wanted": float(problem[1]), "given": text, "right": right}
    bed.answers.append(line)
    return right


def overhead(bed: Bed) -> Json:
    """Measure the seconds of a step, and those in which a mask for a tool that takes a text finds the next tokens."""
    asked: list[Any] = [{"role": "user", "content": "Tell me a long story about a lighthouse and its keeper."}]
    steps: list[float] = []
    for turn in range(_TURNS):
        *_, last = bed.door.chat(Chat(asked, BASE, max_tokens=_STEPS, seed=turn))
        steps.append(float(last.provenance["decode_s"]) / last.completion_tokens)
    tokenizer: Any = AutoTokenizer.from_pretrained(bed.workspace.settings.models / BASE)
    masks = Masks(tokenizer, len(tokenizer), [tokenizer.eos_token_id])
    masked = [_masked_s(masks, tokenizer) for _ in range(_TURNS)]
    return {"mask_overhead": round(median(masked) / median(steps), 4), "step_ms": round(1000 * median(steps), 2)}


def _masked_s(masks: Masks, tokenizer: Any) -> float:
    """Return the seconds that a mask takes for each token of a text."""
    text = {"text": {"type": "string", "maxLength": 600}}
    schema = {"type": "object", "properties": text, "required": ["text"], "additionalProperties": False}
    mask = masks.make({"type": "json_schema", "json_schema": {"name": "aloud", "schema": schema}})
    assert mask is not None
    ids: list[int] = tokenizer(json.dumps({"text": _ALOUD}), add_special_tokens=False).input_ids
    began = time.monotonic()
    for token in ids:
        assert mask.allowed()[token]
        mask.take(token)
    return (time.monotonic() - began) / len(ids)


PARTS: dict[str, Callable[[Bed], Json]] = {
    "overhead": overhead, "chinook": shop, "calculator": sums, "functions": functions,
}  # fmt: skip


@contextmanager
def bed_in(folder: Path) -> Iterator[Bed]:
    """Start a studio and open its workspace."""
    with studio_running(folder / "home") as running:
        settings = Settings(home=running.home)
        workspace = Workspace.open(settings)
        try:
            yield Bed(running, workspace, connect(settings))
        finally:
            workspace.close()


def main() -> None:
    """Measure the parts named, and print the figures."""
    wanted = sys.argv[1:] or list(PARTS)
    if not all(folder.is_dir() for folder in (ALPACA, SGD, chinook.CHINOOK)):
        sys.exit("The shared sets are not beside the project.")
    told: Json = {}
    with tempfile.TemporaryDirectory() as folder, bed_in(Path(folder)) as bed:
        for part in wanted:
            told |= PARTS[part](bed)
            say(f"{part}: {json.dumps(told)}")
        kept = bench_cache() / "tools-answers.jsonl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("".join(f"{json.dumps(line, default=str)}\n" for line in bed.answers), encoding="utf-8")
    say(json.dumps({**told, "answers_file": str(kept)}))


if __name__ == "__main__":
    main()

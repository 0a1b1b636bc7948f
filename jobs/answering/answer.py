"""The one path from a question to an answer: every way takes it, its three switches decide what happens on it."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from jobs.answering.coming import being_kept
from jobs.answering.composing import composes, subject
from jobs.answering.events import (
    Asking,
    Called,
    Calling,
    Delta,
    Event,
    Failed,
    Finished,
    MissingPart,
    Retrieved,
    Started,
    Stopped,
)
from jobs.answering.grounding import with_marks
from jobs.answering.history import Turn, standing_alone
from jobs.answering.lacking import lacking
from jobs.answering.prompts import PASSAGES, fitting, prompt_for, worth_reading
from jobs.answering.quoting import Quote, nearest_sentence, pointing_out
from jobs.answering.taught import reads_passages
from jobs.answering.ways import served_as, way_of
from jobs.answering.writing import Draft, write, write_checked
from jobs.models.door import Chat, Door
from jobs.retrieval.search import Found, search
from jobs.tools.approving import Approving
from jobs.tools.calling import Step, call_after, call_tools
from jobs.tools.registry import Registry
from jobs.tools.tool import Tool
from storage.errors import NotFound, TooLarge, TriptychError, UserFault
from storage.records import Column, Json, Passage, Permission, ToolCall
from storage.workspace import Workspace

DOCUMENTS_DONT_SAY = "Your documents don't say."
# The results are the answer; what the model adds is a sentence or two.
_WORDS_BESIDE_RESULTS = 60
_EMPTY = "The model gave an empty answer."
_READING_PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.3


def never() -> bool:
    """Nobody stops this answer."""
    return False


@dataclass(frozen=True, slots=True)
class Bench:
    """What answers are made with. `stopped` is asked between the model's words; `monotonic` measures seconds.

    `approve` leads to the person whose yes some tools need; without one there, these tools are not run.
    """

    workspace: Workspace
    door: Door
    stopped: Callable[[], bool] = never
    approve: Approving | None = None
    monotonic: Callable[[], float] = time.monotonic


def answer(question: str, column: Column, bench: Bench, history: Sequence[Turn] = ()) -> Iterator[Event]:
    """Yield what happens while the column answers; the last event is Finished, Failed, Stopped or MissingPart.

    `history` is what this column was asked and answered before, the oldest first.
    Raises no TriptychError: what a person can be told becomes Failed.
    """
    try:
        missing = yield from _lacking(column, bench)
        if missing is not None:
            yield missing
            return
        yield from _Attempt(question, column, bench, bench.monotonic(), tuple(history)).events()
    except TriptychError as error:
        yield Failed(text=str(error), next_step=error.next_step)


def _lacking(column: Column, bench: Bench) -> Generator[Event, None, MissingPart | None]:
    """Return what the column lacks; documents that are being read take seconds, so these are waited for."""
    until, told = bench.monotonic() + _READING_PATIENCE_S, False
    missing = lacking(column, bench.workspace)
    while _is_read(column, missing, bench) and not bench.stopped() and bench.monotonic() < until:
        if not told:
            yield Started(phase="read")
            told = True
        time.sleep(_LOOK_AGAIN_S)
        missing = lacking(column, bench.workspace)
    return missing


def _is_read(column: Column, missing: MissingPart | None, bench: Bench) -> bool:
    """Whether documents are all that lacks and are being read, or only some of them are kept so far."""
    if missing is not None:
        return missing.coming and missing.where == "/documents"
    return way_of(column.way).passages and being_kept(column, bench.workspace)


@dataclass(slots=True)
class _Attempt:
    """One answer in the making: the evidence found so far."""

    question: str
    column: Column
    bench: Bench
    began: float
    history: tuple[Turn, ...] = ()
    found: Found | None = None
    passages: tuple[Passage, ...] = ()
    calls: list[ToolCall] = field(default_factory=list)
    tools: dict[str, Tool] = field(default_factory=dict)
    quote: Quote | None = None

    def events(self) -> Iterator[Event]:
        """Search if the way reads passages, call if it may use tools, then write."""
        way = way_of(self.column.way)
        if way.passages and not self.bench.stopped():
            yield from self._search()
        if way.tools and not self.bench.stopped():
            yield from self._call()
        if self.bench.stopped():
            yield Stopped()
        elif self.withheld or (self.calls and not self.results and not self.passages):
            yield self._finished(Draft("\n".join(self._line(call) for call in self.calls)), "none")
        elif self.results or self.passages:
            yield from self._write()
        elif way.passages:
            yield self._finished(Draft(DOCUMENTS_DONT_SAY), "none")
        else:
            yield from self._write()

    @property
    def sought(self) -> str:
        """The question as it is searched with and as tools see it."""
        return standing_alone(self.question, self.history)

    @property
    def results(self) -> list[str]:
        """What the tools gave, word for word, each after the tool's title."""
        return [self._line(call) for call in self.calls if call.result is not None]

    @property
    def withheld(self) -> bool:
        """Whether something that needs a person's yes was not done: what a model adds could claim that it was."""
        return any(
            call.result is None and self.tools[call.tool].permission is not Permission.AUTO for call in self.calls
        )

    @property
    def model(self) -> str:
        """The model's name at the door."""
        return served_as(self.column)

    def _search(self) -> Iterator[Event]:
        yield Started(phase="search")
        collections, name = self.bench.workspace.collections, self.column.collection or ""
        found = search(collections, self.bench.door, name, subject(self.sought), PASSAGES)
        self.found, self.passages = found, fitting(worth_reading(found.passages))
        yield Retrieved(
            passages=self.passages,
            nearest=found.nearest,
            threshold=found.threshold,
            index_version=found.index_version,
        )

    def _call(self) -> Iterator[Event]:
        tools = Registry(self.bench.workspace).tools(self.column.tools)
        self.tools = {tool.name: tool for tool in tools}
        asked = self.bench.door, self.model, self.sought, tools
        yield from self._told(call_tools(*asked, seed=self.column.seed, approve=self.bench.approve))

    def _told(self, steps: Iterator[Step]) -> Iterator[Event]:
        for step in steps:
            match step.kind, step.call:
                case ("choose" | "fill") as phase, _:
                    yield Started(phase=phase)
                case "asking", ToolCall() as call:
                    yield Asking(call=call, expires=step.expires)
                case "calling", ToolCall() as call:
                    yield Calling(call=call)
                case "called", ToolCall() as call:
                    self.calls.append(call)
                    yield Called(call=call)
            if self.bench.stopped():
                return

    def _write(self) -> Iterator[Event]:
        yield Started(phase="write")
        results, composed = self.results, composes(self.question)
        prompt = prompt_for(self.question, self.column, self.passages, results, self.history)
        beside = results and not composed
        chat = Chat(
            messages=prompt.messages,
            model=self.model,
            max_tokens=min(self.column.max_tokens, _WORDS_BESIDE_RESULTS) if beside else self.column.max_tokens,
            temperature=self.column.temperature,
            seed=self.column.seed,
            response_format=None if results else self._one_of_the_labels(),
        )
        draft = Draft("\n".join(results) if beside else "")
        if beside:
            yield Delta(text=f"{draft.opening}\n\n")
        if self.column.quote and self.passages and not composed:
            yield from self._quote(chat, draft)
        elif beside:
            # The model's own sentences follow only as far as they rest on what was asked and found.
            sources = [self.sought, *results, *(passage.text for passage in self.passages)]
            yield from write_checked(self.bench.door, chat, draft, self.bench.stopped, sources)
        else:
            yield from write(self.bench.door, chat, draft, self.bench.stopped)
        if draft.whole and not draft.stopped:
            after = call_after(tuple(self.tools.values()), self.question, draft.whole, approve=self.bench.approve)
            yield from self._told(after)
        yield self._ended(draft, prompt.kind)

    def _quote(self, chat: Chat, draft: Draft) -> Iterator[Event]:
        nearest = nearest_sentence(self.sought, self.passages, self.bench.door)
        taught = self._taught_to_read()
        try:
            for _ in write(self.bench.door, pointing_out(nearest, chat, taught), draft, self.bench.stopped):
                pass  # what is not whole yet may point at other words in the end
        except (NotFound, TooLarge):
            raise
        except UserFault:
            # A server of others that takes no grammar: the sentence is quoted all the same, nothing in it pointed out.
            draft.text = ""
        said, draft.text = draft.text, ""
        if not draft.stopped:
            said = said if taught else said.removesuffix('"')
            self.quote = nearest.pointing("" if draft.cut_off else said)
            draft.text = self.quote.told
            yield Delta(text=draft.text)

    def _taught_to_read(self) -> bool:
        adapter_id = self.column.adapter_id
        return adapter_id is not None and reads_passages(adapter_id, self.bench.workspace)

    def _one_of_the_labels(self) -> Json | None:
        labels = self.column.labels
        return {"type": "choice", "choices": list(labels)} if labels else None

    def _ended(self, draft: Draft, prompt: str) -> Event:
        if draft.stopped:
            return Stopped(text=draft.whole)
        if not draft.whole:
            return Failed(text=_EMPTY, next_step="Press Again, or ask in other words.")
        if self.passages and self.quote is None:
            draft.text = with_marks(draft.text, self.passages, draft.cut_off)
        return self._finished(draft, prompt)

    def _line(self, call: ToolCall) -> str:
        return f"{self.tools[call.tool].title}: {call.error if call.result is None else call.result}"

    def _finished(self, draft: Draft, prompt: str) -> Finished:
        return Finished(
            text=draft.whole,
            seconds=self.bench.monotonic() - self.began,
            tokens=draft.closing.completion_tokens,
            provenance={
                **draft.closing.provenance,
                "column": self.column.id,
                "prompt": prompt,
                "history": len(self.history),
                "index_version": self.found.index_version if self.found else None,
                "passages": [passage.id for passage in self.passages],
                "tools": list(self.column.tools),
                "wording": "quote" if self.quote else "free",
                "quote": self.quote.where if self.quote else None,
            },
        )

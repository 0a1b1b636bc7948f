"""From a request to the pieces of its reply: text as it is written, then one End."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from threading import Event as Flag

from jobs.answering.answer import Bench as AnswerBench
from jobs.answering.answer import answer
from jobs.answering.events import Called, Delta, Failed, Finished, MissingPart, Retrieved
from jobs.answering.history import Turn, fitting_turns
from jobs.models.door import Chat
from jobs.models.wire import ChatBody, conversation
from storage.errors import Missing, ModelUnavailable, UserFault
from storage.records import Column, Json, Passage, ToolCall
from studio.bench import Bench


@dataclass(frozen=True, slots=True)
class End:
    """How a reply ended. `triptych` tells what made it, as the model server read it back."""

    reason: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    triptych: Json = field(default_factory=dict[str, object])


Piece = str | End


def of_model(body: ChatBody, bench: Bench, over: Flag) -> Iterator[Piece]:
    """Yield what a base or an adapter says, word for word as the model server gives it; raises what the door raises."""
    chat = Chat(
        messages=conversation(body.messages),
        model=body.model,
        max_tokens=body.longest(),
        temperature=body.temperature,
        seed=body.seed or 0,
        response_format=body.response_format,
        stop=body.stops(),
    )
    for chunk in bench.door.chat(chat):
        if over.is_set():
            return
        if chunk.text:
            yield chunk.text
        if chunk.finish_reason:
            yield End(chunk.finish_reason, chunk.prompt_tokens, chunk.completion_tokens, chunk.provenance)


def of_column(column: Column, body: ChatBody, bench: Bench, over: Flag) -> Iterator[Piece]:
    """Yield what a way answers to the last message, going on from those before.

    Nobody is there to say yes, so a tool that needs it is not run, and the answer says so. Raises Missing where the way
    lacks a part, UserFault where there is no question, and ModelUnavailable where the answer failed.
    """
    question, history = asked_in(body)
    made = AnswerBench(bench.workspace, bench.door, stopped=over.is_set)
    evidence = _Evidence()
    sent = False
    for event in answer(question, column, made, fitting_turns(history)):
        evidence.note(event)
        match event:
            case Delta():
                sent = True
                yield event.text
            case Finished():
                if not sent:
                    yield event.text
                told = {**event.provenance, "text": event.text, **evidence.json()}
                yield End("stop", 0, event.tokens, told)
            case Failed():
                raise ModelUnavailable(event.text, event.next_step)
            case MissingPart():
                raise Missing(event.what, f"Open {event.where} in the studio.")
            case _:
                pass


def instruction_in(body: ChatBody) -> str:
    """Return what the system messages say."""
    return "\n\n".join(said.content for said in body.messages if said.role == "system").strip()


def asked_in(body: ChatBody) -> tuple[str, list[Turn]]:
    """Return the question that stands last, and the questions and answers before it; raise UserFault without one."""
    said = [message for message in body.messages if message.role != "system"]
    if not said or said[-1].role != "user" or not said[-1].content.strip():
        raise UserFault("The last message must be a question.", "End the messages with one of the role user.")
    turns: list[Turn] = []
    asked = ""
    for message in said[:-1]:
        if message.role == "user":
            asked = f"{asked}\n{message.content}".strip()
        elif asked:
            turns.append((asked, message.content))
            asked = ""
    question = f"{asked}\n{said[-1].content}".strip()
    return question, turns


@dataclass(slots=True)
class _Evidence:
    """What an answer rests on, gathered from its events."""

    passages: tuple[Passage, ...] = ()
    calls: list[ToolCall] = field(default_factory=list[ToolCall])

    def note(self, event: object) -> None:
        if isinstance(event, Retrieved):
            self.passages = event.passages
        elif isinstance(event, Called):
            self.calls.append(event.call)

    def json(self) -> Json:
        passages = [
            {key: getattr(one, key) for key in ("document", "start", "end", "score", "text")} for one in self.passages
        ]
        return {"passages": passages, "calls": [asdict(call) for call in self.calls]}

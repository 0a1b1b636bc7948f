"""The two questions a model is asked about tools, each answered under a mask: which one, and with which arguments."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.models.conversation import conversation
from jobs.models.door import Chat, Door, Message
from jobs.tools.narrowing import closed, unused
from jobs.tools.tool import Arguments, Tool
from storage.records import Json, ToolCall

NONE = "none"
# What the column of answers is called in examples that teach these two answers.
TAUGHT = "call"
# A question to a database may fill a dozen fields, a text to read aloud has 600 letters.
_LONGEST_ARGUMENTS = 600


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool that may be chosen for one question, with the schema narrowed to what stands in it.

    `sure`: what stands there leaves no doubt that a first call is to be made.
    """

    tool: Tool
    schema: Json
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What stands before a question: what is to be done, and questions as if they had been answered already."""

    instruction: str
    before: tuple[tuple[str, str], ...] = ()

    def asked(self, question: str) -> list[Message]:
        """Return the messages for a question."""
        return conversation(question, instruction=self.instruction, history=self.before)


def offers(tools: Sequence[Tool], question: str, made: Sequence[ToolCall]) -> list[Offer]:
    """Return the tools for which `question` holds evidence that the calls made have not used up yet.

    A tool that acts is offered only with arguments that stand in the question: nothing else a model reads may decide.
    """
    open_offers: list[Offer] = []
    for tool in tools:
        narrowed = tool.narrow(question)
        if narrowed is None:
            continue
        left = unused(narrowed or tool.schema, [call.arguments for call in made if call.tool == tool.name])
        if left is not None and (tool.effect == "reads" or closed(left)):
            open_offers.append(Offer(tool, left, not made and tool.sure(question)))
    return open_offers


def choices(offered: Sequence[Offer]) -> list[str]:
    """Return what the model chooses among: the offered tools and NONE; of a single one there is nothing to choose.

    Where one is sure, NONE is no choice: how a small model takes "What is the status of order 10443?" hangs on a
    rounding error, and differs from processor to processor.
    """
    sure = any(offer.sure for offer in offered) and all(offer.tool.effect == "reads" for offer in offered)
    return [*(offer.tool.name for offer in offered), *([] if sure else [NONE])]


def choosing(offered: Sequence[Offer]) -> Told:
    """Return what a model is told to choose by."""
    tools = "\n".join(f"- {offer.tool.name}: {offer.tool.description}" for offer in offered)
    told = f"Choose the tool that answers the question.\n{tools}\n- {NONE}: no tool is needed"
    return Told(told, tuple(pair for offer in offered for pair in _chosen_before(offer.tool)))


def filling(tool: Tool) -> Told:
    """Return what a model is told to fill in the arguments of a tool by.

    With an example before it, the starter model copied what stands in a question more often: of 56 public calls of one
    given function it filled in 25 exactly as wanted, without one 16. To list the parameters did not help.
    """
    told = f"Write the arguments for the tool {tool.name} as JSON. {tool.description}"
    return Told(told, tuple((question, as_json(tool.schema, given)) for question, given in tool.examples[:1]))


def as_json(schema: Json, arguments: Arguments) -> str:
    """Return arguments as a mask lets a model write them: in the order of the schema."""
    return json.dumps({name: arguments[name] for name in schema["properties"] if name in arguments}, ensure_ascii=False)


def choose(door: Door, model: str, question: str, offered: Sequence[Offer], *, seed: int = 0) -> Offer | None:
    """Let the model choose one of `offered`, or None, under a mask that admits nothing else."""
    names = choices(offered)
    if len(names) == 1:
        return offered[0]
    messages = choosing(offered).asked(question)
    said = _answer(
        door,
        Chat(
            messages=messages,
            model=model,
            max_tokens=24,
            seed=seed,
            response_format={"type": "choice", "choices": names},
            shared=len(messages) - 1,
        ),
    )
    return next((offer for offer in offered if offer.tool.name == said.strip()), None)


def fill(door: Door, model: str, question: str, offer: Offer, *, seed: int = 0) -> Arguments:
    """Let the model fill in the arguments of the offered tool under its narrowed schema."""
    schema, messages = {"name": offer.tool.name, "schema": offer.schema}, filling(offer.tool).asked(question)
    said = _answer(
        door,
        Chat(
            messages=messages,
            model=model,
            max_tokens=_LONGEST_ARGUMENTS,
            seed=seed,
            response_format={"type": "json_schema", "json_schema": schema},
            shared=len(messages) - 1,
        ),
    )
    return json.loads(said)


def _answer(door: Door, chat: Chat) -> str:
    return "".join(chunk.text for chunk in door.chat(chat))


def _chosen_before(tool: Tool) -> list[tuple[str, str]]:
    """One question for the tool as if it had been answered already.

    Told in words alone, the starter model chose the right tool for 16 of 34 questions that none had seen, with an
    example of each for 31; on 30 questions that need none, it called one twice instead of once.
    """
    return [(question, tool.name) for question, _ in tool.examples[:1]]

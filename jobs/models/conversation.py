"""The one builder of messages: what a model reads is worded here, the same for learning and for asking."""

from collections.abc import Sequence

from jobs.models.door import Message
from storage.records import Example


def conversation(
    question: str,
    *,
    instruction: str = "",
    context: str = "",
    results: Sequence[str] = (),
    history: Sequence[tuple[str, str]] = (),
) -> list[Message]:
    """Return the messages for one question.

    `instruction` becomes the system message; without one the model's own template decides. `context` (passages of
    documents) and `results` (what tools gave) stand before the question, so that a small model reads the question last.
    `history` is what was asked and answered before.
    """
    said = question.strip()
    if results:
        said = "\n".join(["Result:", *results, "", said])
    if context.strip():
        said = f"Text:\n{context.strip()}\n\n{said}"
    messages: list[Message] = []
    if instruction.strip():
        messages.append({"role": "system", "content": instruction.strip()})
    for asked, answered in history:
        messages.append({"role": "user", "content": asked.strip()})
        messages.append({"role": "assistant", "content": answered.strip()})
    return [*messages, {"role": "user", "content": said}]


def learning(example: Example) -> list[Message]:
    """Return the messages that teach one example: what would be asked, ending in the wanted answer."""
    asked = conversation(
        example.question, instruction=example.instruction, context=example.context, history=example.history
    )
    return [*asked, {"role": "assistant", "content": example.answer.strip()}]

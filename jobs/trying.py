"""`python -m jobs.trying FOLDER [--learn]`: tries a model out with the parts that will answer and teach with it."""

import argparse
import gc
import json
import queue
import sys
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import torch
from jinja2 import TemplateError
from peft import LoraConfig, TaskType, get_peft_model
from transformers import AutoModelForCausalLM

from jobs.models.conversation import conversation, learning
from jobs.models.door import Message
from jobs.models.encoding import IGNORED, Encoder
from jobs.models.installed import Installed
from jobs.models.measuring import Measure
from jobs.serving.base import Base
from jobs.serving.device import Device, best_device, use_all_cores
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked, End, Piece, Ticket
from storage.errors import TriptychError, UserFault
from storage.records import Example

_ANSWER_WITHIN_S = 600
_ANSWER_TOKENS, _LONGEST = 8, 1024
_STEPS, _RATE, _RANK = 4, 5e-3, 4
_EXAMPLES = (
    Example(1, "What is the capital of France?", "Paris."),
    Example(2, "Wann? Größe XL…", "Bis 18 Uhr – täglich.", instruction="Be brief.", context="We open at nine."),
    Example(3, "And Sunday?", "Closed.", conversation="c", turn=2, history=(("Open on Saturday?", "Until noon."),)),
)
_TEXTS = ("Plain words, and 1,234.50 €.", "Grüße aus Köln – “naïve”", "one line\n\nanother  line", "東京 😀 Привет")


class Unfit(UserFault):
    """A model that can't be used here, with the reason."""


def tried(folder: Path, *, learn: bool) -> Iterator[str]:
    """Yield the name of each trial as it begins; raise Unfit, or a TriptychError of the part that refuses."""
    yield "load"
    encoder = Encoder.load(folder)
    yield "template"
    check_template(encoder, folder)
    yield "tokens"
    check_tokens(encoder)
    device = best_device()
    yield "answer"
    check_answer(folder, device)
    gc.collect()
    if learn:
        yield "learn"
        check_learning(folder, encoder, device)


def check_template(encoder: Encoder, folder: Path) -> None:
    """Raise Unfit where the template hides a part of a conversation, or the tokens of an example can't be counted."""
    if not encoder.tokenizer.chat_template:
        raise Unfit("It has no template for conversations: it was made to go on with a text, not to answer.")
    asked = [_asked(example) for example in _EXAMPLES]
    try:
        for messages in asked:
            encoder.prompt(messages)
        encoded = [encoder.learning(learning(example), _LONGEST) for example in _EXAMPLES]
    except TemplateError as error:
        raise Unfit(f"Its template refuses a conversation of the usual form ({error}).") from error
    for example, made in zip(_EXAMPLES, encoded, strict=True):
        learned = encoder.decode([label for label in made.labels if label != IGNORED])
        if not learned.strip().startswith(example.answer):
            raise Unfit("Its template changes the answers that it would learn.")
    counted = [measured.tokens for measured in Measure.load(folder, _LONGEST)(_EXAMPLES)]
    if counted != [len(made.input_ids) for made in encoded]:
        raise Unfit("The lengths of examples can't be counted by its files.")


def check_tokens(encoder: Encoder) -> None:
    """Raise Unfit where a text is not the same after it was turned into tokens and back, or could control the model."""
    spellings = [encoder.decode([token]) for token in sorted(encoder.control_ids)]
    for text in (*_TEXTS, *spellings):
        if encoder.decode(encoder.plain(text)).strip() != text.strip():
            raise Unfit(f"Its tokens change a text: {text[:40]!r}.")


def check_answer(folder: Path, device: Device) -> None:
    """Raise Unfit where the engine of the model server gets no answer out of it."""
    base = Base(Installed("tried", folder, ""), device)
    engine = Engine(base)
    try:
        pieces: queue.Queue[Piece] = queue.Queue()
        asked = Asked(base.encoder.prompt(conversation(_EXAMPLES[0].question)), max_tokens=_ANSWER_TOKENS)
        engine.submit(Ticket(asked, pieces.put))
        text = ""
        while not isinstance(piece := pieces.get(timeout=_ANSWER_WITHIN_S), End):
            if isinstance(piece, TriptychError):
                raise Unfit(f"It does not answer: {piece}") from piece
            text += piece
    finally:
        engine.close()
    if not text.strip():
        raise Unfit("Its answer was empty.")


def check_learning(folder: Path, encoder: Encoder, device: Device) -> None:
    """Raise Unfit where a few steps on one example do not bring the model closer to it."""
    use_all_cores()
    base: Any = AutoModelForCausalLM.from_pretrained(
        str(folder), dtype=device.dtype, local_files_only=True, trust_remote_code=False, use_safetensors=True
    )
    settings = LoraConfig(task_type=TaskType.CAUSAL_LM, r=_RANK, target_modules="all-linear")
    model: Any = get_peft_model(base.to(device.name), settings)
    made = encoder.learning(learning(_EXAMPLES[1]), _LONGEST)
    row = {"input_ids": torch.tensor([made.input_ids]), "labels": torch.tensor([made.labels])}
    row = {name: values.to(device.name) for name, values in row.items()}
    taught = [weights for weights in model.parameters() if weights.requires_grad]
    optimizer, losses = torch.optim.AdamW(taught, lr=_RATE), list[float]()
    for _ in range(_STEPS):
        loss = model(**row).loss
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    if not all(isfinite(loss) for loss in losses) or losses[-1] >= losses[0]:
        raise Unfit("It did not learn: a few steps on one example brought it no closer to the answer.")


def _asked(example: Example) -> list[Message]:
    return conversation(
        example.question, instruction=example.instruction, context=example.context, history=example.history
    )


def main() -> int:
    """Print one line of JSON for each trial and one for the end; return 0 where the end was reached."""
    parser = argparse.ArgumentParser(prog="jobs.trying", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--learn", action="store_true", help="also teach it a few steps")
    given = parser.parse_args()
    try:
        for step in tried(given.folder, learn=given.learn):
            _tell({"step": step})
    except TriptychError as error:
        _tell({"ok": False, "reason": str(error)})
    else:
        _tell({"ok": True, "reason": ""})
    return 0


def _tell(line: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

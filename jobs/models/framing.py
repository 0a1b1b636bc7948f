"""Where the texts of a conversation stand in a chat template, so that what people wrote never controls a model."""

import json
import re
from collections.abc import Sequence

from tokenizers import Tokenizer

from jobs.models.door import Message
from storage.errors import OurFault

# Some models think aloud before they answer unless their template is told otherwise. The thinking would use up the
# answer's tokens, and examples do not show any; templates that know no such word ignore it.
TEMPLATE_WORDS = {"enable_thinking": False}
# Private-use characters around a number stand for what people wrote while the template is rendered.
_PLACE = re.compile("\ue000(\\d+)\ue001")


class UnsafeText(OurFault):
    """A text would become a control token, or a template hides where texts stand."""

    next_step = "Use another model; this one's format cannot keep texts and control apart."


def with_places(messages: Sequence[Message]) -> list[Message]:
    """Return the messages for the template to render: each text gives way to a mark of its place."""
    return [{**message, "content": f"\ue000{place}\ue001"} for place, message in enumerate(messages)]


def runs_of(rendered: str, messages: Sequence[Message]) -> list[tuple[str, bool]]:
    """Return the runs of a rendered template in order, each with whether somebody wrote it, the texts at their places.

    Raises UnsafeText where the template left one out.
    """
    runs, shown = list[tuple[str, bool]](), set[int]()
    for odd, part in enumerate(_PLACE.split(rendered)):
        if odd % 2:
            shown.add(int(part))
            runs.append((messages[int(part)]["content"], True))
        elif part:
            runs.append((part, False))
    if len(shown) != len(messages):
        raise UnsafeText("The template of this model leaves out a part of the conversation.")
    return runs


def without_added_tokens(whole: Tokenizer) -> Tokenizer:
    """Return the tokenizer that knows no added token, so that their spellings are ordinary text."""
    described = json.loads(whole.to_str())
    described["added_tokens"] = []
    described["post_processor"] = None
    return Tokenizer.from_str(json.dumps(described))

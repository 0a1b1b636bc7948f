"""Find spellings of the signs that steer a model. They are learned as plain text and steer nothing."""

import re

from jobs.intake.checking.texts import texts_of
from storage.records import Example

_SIGNS = re.compile(
    r"<\|[A-Za-z][\w /-]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?(?:think|tool_call|tool_response)>"
)
_BEGINNINGS = ("<|", "INST]", "SYS>>", "_of_turn>", "think>", "tool_")


def holds_signs(example: Example) -> bool:
    """Tell whether a text of the example spells a sign that steers some model."""
    return any(_SIGNS.search(text) for text in texts_of(example) if any(start in text for start in _BEGINNINGS))

"""The words about rows that teach a model to use the tools there are."""

from collections.abc import Mapping
from typing import Any

from jobs.teaching.tool_questions import QUESTIONS
from studio.wording import rows
from studio.wording.numbers import count

TITLE = "Learn to use these tools"
HELP = (
    "A model can practise to choose the right one of your own tools, and to leave them alone where none is needed. "
    "First questions are drafted, with values of your tables and of your examples, each with the call that "
    "it wants. You read them, change what is wrong and add how you would ask. Then they become rows to train on. Such "
    "a model is asked in Hybrid, and it still calls a tool only with what stands in the question. Try it on questions "
    "that it has not seen before you rely on it: few rows teach little."
)
DRAFT = "Draft questions for my tools"
TEACH = "Make training rows of what I have read"
READ = f"Have you read “{QUESTIONS}”, every row? What is wrong there is learned, too."
YES = "Yes, I have read them"
NO = "Not yet"


def drafted(name: str, version: int, wanting: int, without: int, dataset_id: str) -> str:
    """Return what was drafted, and where it is read."""
    told = f"{name}, version {version}: {count(wanting, 'question')} with a call, {without:,} that want none."
    return f"{told} [Read and change them]({rows.address(dataset_id)}), then make training rows of them."


def rows_taught(name: str, version: int, told: Mapping[str, Any]) -> str:
    """Return what rows teach using tools now, and which questions gave none."""
    lines = [
        f"{name}, version {version}: {count(told['choices'], 'row')} in which a tool is chosen "
        f"({told['none']:,} where none is needed), {told['arguments']:,} in which its arguments are filled in."
    ]
    if told["by_mask"]:
        lines.append(f"{count(told['by_mask'], 'question')} gave none: there is only one possible answer.")
    if told["left_out"]:
        lines.append(
            f"{count(told['left_out'], 'question')} left out: when it is asked, this call would not be offered to the "
            "model."
        )
    return " ".join(lines)


def taught(name: str, version: int, dataset_id: str, told: Mapping[str, Any]) -> str:
    """Return what rows teach using tools now, and where to go on."""
    links = f"[Look at the rows]({rows.address(dataset_id)}) · [Train on them](/train?dataset={dataset_id})"
    return f"{rows_taught(name, version, told)} {links}"

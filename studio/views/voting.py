"""The chosen answer on its way to an example: the sets it can join, what became of it, where a version came from."""

from collections.abc import Sequence

from jobs.intake.growing import Grown, origin_of
from storage.records import Dataset
from studio.views import markdown
from studio.wording import compare
from studio.wording import voting as words
from studio.wording.numbers import count

Choice = tuple[str, str]


def set_choices(datasets: Sequence[Dataset]) -> list[Choice]:
    """Return the sets that an example can join, each in its latest version; `datasets` come with the newest first."""
    latest: dict[str, Dataset] = {}
    for dataset in datasets:
        if dataset.name not in latest or dataset.version > latest[dataset.name].version:
            latest[dataset.name] = dataset
    return [
        (f"{dataset.name}, version {dataset.version} ({count(dataset.used, 'example')})", dataset.name)
        for dataset in latest.values()
    ]


def kept(grown: Grown, read_again: bool) -> str:
    """Return what became of the example, with the next step."""
    made = grown.dataset
    told = (
        words.kept(markdown.plain(made.name), made.version, made.used),
        words.part(grown.part),
        words.replaced(grown.replaced),
        words.LOOKED_UP if read_again else "",
        words.train(made.id),
    )
    return " ".join(filter(None, told))


def source(dataset: Dataset) -> str:
    """Return where a version came from, as Markdown: a file, or an answer of a comparison with its link."""
    origin = origin_of(dataset.source)
    if origin is None:
        return markdown.plain(dataset.source)
    comparison_id, column_id = origin
    return f"[{markdown.plain(words.came_from(column_id))}]({compare.address(comparison_id)})"

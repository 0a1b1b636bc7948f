"""What got worse since an earlier score, in words, with what had changed in between."""

from collections.abc import Sequence

from jobs.evaluation.regressing import Difference, Regression
from storage.records import Dataset
from studio.views import markdown
from studio.views.scores import plain_names, source_name
from studio.wording import regressions as words
from studio.wording.numbers import ago, short_hash
from studio.wording.scores import address
from studio.wording.tools import title


def regressions(told: Sequence[Regression], datasets: Sequence[Dataset], now: float) -> str:
    """Return the notes as a list, each with the link to the later score; nothing where there are none."""
    return "\n".join(f"- {_one(one, datasets, now)}" for one in told)


def _one(one: Regression, datasets: Sequence[Dataset], now: float) -> str:
    name = markdown.plain(plain_names(one.after)[one.told.column_id])
    told = words.worse(f"**{name}**", (one.told.before, one.told.after, one.told.n), clear=one.clear)
    source = f"{markdown.plain(source_name(one.after, datasets))}, {ago(one.after.created_at, now)}"
    changed = words.differences([_difference(difference) for difference in one.differences])
    return f"{source}: {told} {changed} [{words.LOOK}]({address(one.after.id)})"


def _difference(one: Difference) -> str:
    before, after = (_shown(one, value) for value in (one.before, one.after))
    return words.DIFFERENCES[one.what].format(before=before, after=after)


def _shown(one: Difference, value: str) -> str:
    if one.what == "tools":
        return markdown.plain(", ".join(title(name) for name in value.split(", ") if name)) or words.NOTHING
    if one.what == "model":
        return markdown.code(short_hash(value)) if value else words.NOTHING
    return markdown.plain(value) or words.NOTHING

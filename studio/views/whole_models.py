"""An adapter's whole model in one form: there to be downloaded, being written, or why it could not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.exports import Whole, kept_folder
from storage.files import folder_size
from storage.records import Job, JobState
from studio.views import markdown
from studio.wording import adapters as words
from studio.wording.numbers import size
from studio.wording.runs import failure


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one form: `size_bytes` of what is there, and the job that wrote it last or does so now."""

    form: Whole
    size_bytes: int
    job: Job | None

    @property
    def going_on(self) -> bool:
        """Whether it is being written."""
        return self.job is not None and not self.job.state.final


def standing(home: Path, adapter_id: str, form: Whole, exports: Sequence[Job]) -> Standing:
    """Return how it stands with an adapter's model; `exports` are the jobs that write models, the newest first."""
    wanted = {"adapter_id": adapter_id, "form": form, "folder": ""}
    job = next((job for job in exports if wanted.items() <= job.spec.items()), None)
    return Standing(form, folder_size(kept_folder(home, adapter_id, form)), job)


def entry(stands: Standing) -> str:
    """Return one form as Markdown: what it is, how it stands, and what went wrong."""
    title, about = words.FORMS[stands.form]
    if stands.going_on and stands.job is not None:
        told = words.writing(stands.job.step, stands.job.total_steps)
    elif stands.size_bytes:
        told = size(stands.size_bytes)
    elif stands.job is not None and stands.job.state is JobState.FAILED:
        told = f"✕ {markdown.plain(failure(stands.job))}"
    else:
        told = ""
    return f"**{title}**" + (f" · {told}" if told else "") + f"\n\n{about}"

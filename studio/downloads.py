"""Files to take away, looked up by id, never by path: adapters as one zip, scored answers as a table or as kept."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path as FilePath
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse

from jobs.evaluation.marking import marked
from jobs.evaluation.measuring.found import as_document, found_of
from jobs.evaluation.saving import saved as saved_questions
from jobs.evaluation.voting import counted
from jobs.intake.saving import Form, saved
from jobs.queue import Queue
from jobs.tools.builtin.speech import sound_file
from storage.answers import answers_file
from storage.errors import NotFound
from storage.exports import Whole, kept_folder
from storage.files import MANIFEST, read_manifest
from storage.preferences import Preference, all_preferences
from storage.records import Json, Scorecard
from storage.spreadsheets import csv_lines
from storage.votes import all_votes
from storage.workspace import Workspace
from studio import exported
from studio.judged import judged
from studio.report import report
from studio.views import judging
from studio.views.measured import table
from studio.views.scores import source_name
from studio.views.votes import as_json
from studio.wording.judging import REPORT as JUDGED
from studio.wording.measured import TITLE
from studio.zipped import zipped

_IN_MEMORY_BYTES = 8 * 1024 * 1024
_CHUNK = 256 * 1024
_TYPES: dict[Form, str] = {"csv": "text/csv", "jsonl": "application/jsonl"}


def download_routes(workspace: Workspace, queue: Queue) -> APIRouter:
    """Return the routes below /downloads."""
    router = APIRouter(prefix="/downloads", include_in_schema=False)

    @router.get("/adapters/{adapter_id}.zip")
    def adapter(adapter_id: UUID) -> StreamingResponse:
        folder = workspace.home / workspace.adapters.get(str(adapter_id)).path
        return StreamingResponse(
            _chunks(adapter_zip(folder)), media_type="application/zip", headers=_attached(f"adapter-{adapter_id}.zip")
        )

    @router.get("/models/{adapter_id}-{form}.zip")
    def whole_model(adapter_id: UUID, form: Whole) -> StreamingResponse:
        folder = kept_folder(workspace.home, workspace.adapters.get(str(adapter_id)).id, form)
        if not folder.is_dir():
            raise NotFound("This model was not written, or removed since.", "Write it on the Train page.")
        name = f"model-{str(adapter_id)[:8]}-{form}.zip"
        return StreamingResponse(zipped(folder), media_type="application/zip", headers=_attached(name))

    @router.get("/questions/{set_id}.csv")
    def test_questions(set_id: UUID) -> StreamingResponse:
        kept = workspace.question_sets.get(str(set_id))
        name = f"questions-v{kept.version}-{str(set_id)[:8]}.csv"
        return StreamingResponse(saved_questions(workspace, kept), media_type="text/csv", headers=_attached(name))

    @router.get("/examples/{dataset_id}.{form}")
    def examples(dataset_id: UUID, form: Form) -> StreamingResponse:
        chosen = workspace.datasets.get(str(dataset_id))
        lines = saved(workspace.datasets.examples(chosen.id), form)
        name = f"examples-v{chosen.version}-{str(dataset_id)[:8]}.{form}"
        return StreamingResponse(lines, media_type=_TYPES[form], headers=_attached(name))

    @router.get("/audio/{name}.wav")
    def sound(name: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> FileResponse:
        file = sound_file(workspace, name)
        if not file.is_file():
            raise NotFound("This sound is not here any more.", "Press Again on Compare to have it made anew.")
        return FileResponse(file, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})

    _add_comparisons(router, workspace)
    _add_scores(router, workspace, queue)
    return router


def _add_comparisons(router: APIRouter, workspace: Workspace) -> None:
    @router.get("/comparisons.{form}")
    def comparisons(form: exported.Form, q: str = "") -> StreamingResponse:
        kept = workspace.comparisons.list(None, q)
        return _taken(exported.many(workspace, kept, form), form, f"comparisons.{form}")

    @router.get("/comparisons/{comparison_id}.{form}")
    def comparison(comparison_id: UUID, form: exported.Form) -> StreamingResponse:
        kept = workspace.comparisons.get(str(comparison_id))
        return _taken(exported.one(workspace, kept, form), form, f"comparison-{str(comparison_id)[:8]}.{form}")

    @router.get("/preferences.jsonl")
    def preferences() -> StreamingResponse:
        lines = preference_lines(all_preferences(workspace.database))
        return StreamingResponse(lines, media_type="application/jsonl", headers=_attached("preferences.jsonl"))


def _taken(pieces: Iterator[str], form: exported.Form, name: str) -> StreamingResponse:
    types = exported.TYPES[form]
    return StreamingResponse(exported.encoded(pieces, form), media_type=types, headers=_attached(name))


def _add_scores(router: APIRouter, workspace: Workspace, queue: Queue) -> None:
    @router.get("/answers/{card_id}.jsonl")
    def answers_as_kept(card_id: UUID) -> FileResponse:
        file = answers_file(workspace, workspace.scorecards.get(str(card_id)))
        headers = _attached(f"answers-{card_id}.jsonl")
        return FileResponse(file, media_type="application/jsonl", headers=headers)

    @router.get("/answers/{card_id}.csv")
    def answers_as_table(card_id: UUID) -> StreamingResponse:
        text = answers_csv(marked(workspace, workspace.scorecards.get(str(card_id)))[1])
        # The mark at the start lets spreadsheets read the letters rightly.
        return StreamingResponse(
            iter([text.encode("utf-8-sig")]), media_type="text/csv", headers=_attached(f"answers-{card_id}.csv")
        )

    @router.get("/scores/{card_id}.json")
    def whole_score(card_id: UUID) -> JSONResponse:
        card, lines = marked(workspace, workspace.scorecards.get(str(card_id)))
        parts = {
            "votes": as_json(counted(all_votes(workspace.database))),
            "measured": as_document(found_of(card, workspace.measurements.list())),
            "judge": judging.as_document(told) if (told := judged(workspace, queue, card)) else None,
        }
        return JSONResponse(score_document(card, lines) | parts, headers=_attached(f"score-{card_id}.json"))

    @router.get("/scores/{card_id}.html")
    def whole_report(card_id: UUID) -> HTMLResponse:
        card, lines = marked(workspace, workspace.scorecards.get(str(card_id)))
        name, now = source_name(card, workspace.datasets.list()), workspace.clock()
        found = found_of(card, workspace.measurements.list())
        beside = [f"## {TITLE}\n\n{table(card, found, now, links=False)}"]
        if told := judged(workspace, queue, card):
            beside.append(f"## {JUDGED}\n\n{judging.report(card, told)}")
        page = report(card, lines, name, now, "\n\n".join(beside))
        return HTMLResponse(page, headers=_attached(f"score-{card_id}.html"))


def preference_lines(kept: Iterable[Preference]) -> Iterator[str]:
    """Yield each pair of a chosen and a rejected answer as a JSON line."""
    return (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in kept)


def score_document(card: Scorecard, answers: Sequence[Json]) -> Json:
    """Return a scorecard with every answer behind it as one document."""
    facts = {name: value for name, value in asdict(card).items() if name != "answers_file"}
    return {**facts, "answers": list(answers)}


def adapter_zip(folder: FilePath) -> IO[bytes]:
    """Return a zip of the adapter's files and manifest after checking them; raise Damaged where one differs."""
    manifest = read_manifest(folder)
    made = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it at its end
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in (*(entry["name"] for entry in manifest["files"]), MANIFEST):
            archive.write(folder / name, name)
    made.seek(0)
    return made


def answers_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Return a table of the answers in which no cell can be taken for a formula."""
    kept = list(rows)
    names = list(dict.fromkeys(name for row in kept for name in row))
    return "".join(csv_lines(names, ([row.get(name) for name in names] for row in kept)))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk

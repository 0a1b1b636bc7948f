"""A whole model to take away: merged, or as one GGUF file; loaded again and asked before it is handed over."""

import gc
from pathlib import Path

from jobs.context import JobContext
from jobs.exporting.card import card
from jobs.exporting.gguf import check_family, write_gguf
from jobs.exporting.merging import Compared, answers, compare, load_tuned, load_written, precision, write_merged
from jobs.exporting.modelfile import modelfile
from jobs.models.encoding import Encoder
from jobs.models.installed import Installed, require
from jobs.requests import Export
from storage.errors import Damaged, Missing, NotFound
from storage.files import sync_file, sync_folder
from storage.records import Adapter

GGUF, MODELFILE, CARD = "model.gguf", "Modelfile", "README.md"
QUESTIONS = 5
# Weights are rounded to 16 bits when they are written, so a choice between two nearly equal tokens may change.
LEAST_SHARE = 0.95
# Where no held-out questions are left: plain ones, so that every export is asked something.
_PLAIN = ("What is the capital of France?", "How do I write a polite refusal?", "Name three fruits.")


def write_whole(request: Export, context: JobContext, adapter: Adapter, folder: Path) -> list[str]:
    """Write the merged model, or its GGUF file with a Modelfile, into `folder`, with a card; return the files' names.

    Raises Missing where the base is not on this computer, UserFault where no GGUF file can be written of its family,
    and Damaged where what was written answers otherwise than the studio's own model.
    """
    base = _base(adapter, context)
    encoder = Encoder.load(base.folder)
    questions = _questions(adapter, context)
    context.report(phase="load", step=0, of=3)
    parameters = sum(file.stat().st_size for file in base.folder.glob("model*.safetensors")) // 2
    dtype = precision(parameters)
    model = load_tuned(base.folder, context.workspace.home / adapter.path, dtype)
    if request.form == "gguf":
        check_family(model.config, base.folder)
    said = answers(model, encoder, questions)
    context.check()
    context.report(phase="write", step=1)
    merged = model.merge_and_unload()
    if request.form == "gguf":
        write_gguf(merged, base.folder, folder / GGUF, adapter.name or "triptych")
        (folder / MODELFILE).write_text(modelfile(encoder.tokenizer, GGUF), encoding="utf-8")
    else:
        write_merged(merged, base.folder, folder)
    del model, merged
    gc.collect()
    context.check()
    context.report(phase="check", step=2)
    found = compare(load_written(folder, dtype, GGUF if request.form == "gguf" else ""), said)
    _judge(found)
    (folder / CARD).write_text(card(request.form, adapter, found, context.workspace), encoding="utf-8")
    for file in folder.iterdir():
        sync_file(file)
    sync_folder(folder)
    return sorted(file.name for file in folder.iterdir())


def _base(adapter: Adapter, context: JobContext) -> Installed:
    base = require(context.workspace.settings.models, adapter.base_id)
    if base.sha256 != adapter.base_sha256:
        raise Missing(
            f"The base model {adapter.base_id} on this computer is another one than this adapter was trained on.",
            "Fetch the version that it was trained on.",
        )
    return base


def _questions(adapter: Adapter, context: JobContext) -> list[str]:
    """Return questions of the exam, which training never saw."""
    try:
        exam = context.workspace.datasets.examples(adapter.dataset_id, "exam")
    except NotFound:
        exam = []
    return [example.question for example in exam[:QUESTIONS]] or list(_PLAIN)


def _judge(found: Compared) -> None:
    if found.share < LEAST_SHARE:
        raise Damaged(
            f"What was written answers otherwise than your model: {found.same} of {found.tokens} tokens are the same.",
            "Export the adapter instead, and tell us which base model it is.",
        )

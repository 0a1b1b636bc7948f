"""What a training made, as other programs read it: PEFT's two files with a note, or a whole model."""

import os
import shutil
from pathlib import Path

from jobs.context import JobContext, Made
from jobs.exporting.card import learned
from jobs.exporting.whole import write_whole
from jobs.models.own import known_models
from jobs.requests import Export
from storage.errors import Damaged, NotAllowed, UserFault
from storage.exports import kept_folder
from storage.files import read_manifest, remove_tree, sha256_of, sync_file, sync_folder
from storage.records import Adapter

FILES = ("adapter_config.json", "adapter_model.safetensors")
NOTE = "README.txt"


def export(request: Export, context: JobContext) -> Made:
    """Write the adapter, or the whole model with it inside, into the folder: all of it or nothing.

    Raises NotFound, Missing, Damaged, NotAllowed, or UserFault where the folder can't take it.
    """
    context.report(phase="write", step=0, of=1)
    workspace = context.workspace
    adapter = workspace.adapters.get(request.adapter_id)
    target = _target(Path(request.folder), workspace.home) if request.folder else _own(request, workspace.home)
    temporary = target.with_name(f".{target.name}.{context.job.id}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        files = _form(request, context, adapter, temporary)
        context.check()
        temporary.rename(target)
        sync_folder(target.parent)
    except PermissionError as error:
        raise UserFault(f"Triptych may not write to {request.folder!r}.", "Choose a folder of your own.") from error
    finally:
        remove_tree(temporary)
    context.report(step=1, of=1)
    return Made(result={"folder": str(target), "files": files})


def _form(request: Export, context: JobContext, adapter: Adapter, folder: Path) -> list[str]:
    if request.form == "adapter":
        base = known_models(context.workspace.settings.models).get(adapter.base_id)
        note = _note(adapter, base.title if base else adapter.base_id, learned(adapter, context.workspace))
        _write(note, context.workspace.home / adapter.path, folder)
        return [*FILES, NOTE]
    return write_whole(request, context, adapter, folder)


def _own(request: Export, home: Path) -> Path:
    folder = kept_folder(home, request.adapter_id, request.form)
    if request.form == "adapter" or folder.exists():
        raise UserFault("It can be downloaded already.", "Open Train: it stands beside the adapter.")
    for left_behind in folder.parent.glob(f".{folder.name}.*.tmp"):
        remove_tree(left_behind)
    return folder


def _target(folder: Path, home: Path) -> Path:
    if not folder.is_absolute():
        raise UserFault(f"{str(folder)!r} is not an absolute path.", "Give the whole path, from the root on.")
    folder = Path(os.path.normpath(folder))
    if folder.resolve().is_relative_to(home.resolve()):
        raise NotAllowed("Nothing is exported into the workspace itself.", "Choose a folder outside of it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserFault(
            f"{str(folder)!r} is not an empty folder, and nothing in it is overwritten.",
            "Choose a new folder, or an empty one.",
        )
    return folder


def _write(told: str, source: Path, folder: Path) -> None:
    expected = {file["name"]: file["sha256"] for file in read_manifest(source)["files"]}
    for name in FILES:
        copy = folder / name
        shutil.copyfile(source / name, copy)
        if sha256_of(copy) != expected[name]:
            raise Damaged(f"{name} was not copied as it is.", "Check the disk and export again.")
        sync_file(copy)
    note = folder / NOTE
    note.write_text(told, encoding="utf-8")
    sync_file(note)
    sync_folder(folder)


def _note(adapter: Adapter, title: str, learned: str) -> str:
    return f"""{adapter.name}

A LoRA adapter, made with Triptych. It works only with the model it was trained on:

    base model      {title} ({adapter.base_id})
    its weights     sha256 {adapter.base_sha256}
    this adapter    sha256 {adapter.adapter_sha256}

To load it in Python, with the packages transformers and peft:

    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained("FOLDER OF THE BASE MODEL")
    model = PeftModel.from_pretrained(base, "THIS FOLDER")

Ask it through the base model's own chat template.

{learned}
"""

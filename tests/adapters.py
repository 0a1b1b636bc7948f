"""Adapters as finished trainings leave them, for tests of what uses them."""

import uuid
from collections.abc import Mapping

from jobs.queue import Queue
from jobs.requests import Train
from storage.files import publish, sha256_of
from storage.records import Adapter
from storage.workspace import Workspace
from tests.claimed import claimed_context

FILES: Mapping[str, bytes] = {"adapter_config.json": b"{}", "adapter_model.safetensors": b"weights"}


def keep_adapter(
    workspace: Workspace,
    name: str = "Returns tone",
    files: Mapping[str, bytes] = FILES,
    dataset_id: str = "d",
    base_id: str = "starter",
) -> Adapter:
    """Publish files as an adapter, with its row and its finished training."""
    job = claimed_context(workspace, Train(dataset_id=dataset_id, name=name)).job
    temporary = workspace.folder("adapters") / f".tmp-{uuid.uuid4()}"
    temporary.mkdir()
    for file, content in files.items():
        (temporary / file).write_bytes(content)
    target = workspace.folder("adapters") / f"{job.adapter_id}-f{job.fence}"
    adapter_sha256 = sha256_of(temporary / "adapter_model.safetensors")
    manifest = publish(temporary, target, adapter_id=job.adapter_id, base_sha256="0" * 64)
    made = Adapter(
        id=str(job.adapter_id),
        job_id=job.id,
        name=name,
        base_id=base_id,
        base_sha256="0" * 64,
        adapter_sha256=adapter_sha256,
        dataset_id=dataset_id,
        path=f"adapters/{target.name}",
        manifest_sha256=manifest,
        created_at=workspace.clock(),
    )
    assert Queue(workspace.database, workspace.clock).finish(job, result={}, adapter=made)
    return made

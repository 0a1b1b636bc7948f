"""The journey on a graphics card: `make gpu-check` trains, measures and asks there, and writes what it found.

It fails with a sentence where there is no NVIDIA card that torch can use. The figures go to standard output as JSON
and, with a path as the first argument, into that file.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from jobs.queue import Queue
from jobs.training.detecting import detect
from jobs.training.forecast import FORECAST, told
from storage.settings import Settings
from storage.workspace import Workspace
from tests.bench.forecast import write_set
from tests.running import LARKSPUR, Running, studio_running

_QUESTION = "How should I store the battery in winter?"


def card() -> dict[str, Any]:
    """Return what the card is and what is installed to speed it up."""
    found = detect()
    name, capability = torch.cuda.get_device_name(), torch.cuda.get_device_capability()
    return {
        "name": name,
        "compute_capability": f"{capability[0]}.{capability[1]}",
        "free_bytes": found.memory_bytes,
        "dtype": found.dtype,
        "attention": found.attention,
        "liger": found.fused,
        "bitsandbytes": found.packs,
        "torch": torch.__version__,
    }


def trained(running: Running, *knobs: str) -> dict[str, Any]:
    """Train on the sample's examples and return what was said and what came of it."""
    made = running.triptych("train", "larkspur", "--epochs", "3", *knobs, "--wait")
    workspace = Workspace.open(Settings(home=running.home))
    try:
        job = Queue(workspace.database, workspace.clock).get(str(made["id"]))
        foretold = told(workspace.runs.records(job.id, FORECAST)[-1].body)
    finally:
        workspace.close()
    assert job.started_at is not None
    assert job.finished_at is not None
    kept = ("device", "dtype", "method", "attention", "tokens_a_second", "peak_bytes", "eval_loss_start", "eval_loss")
    figures = {name: job.result[name] for name in kept}
    assert figures["device"] == "cuda", figures
    assert figures["eval_loss"] < figures["eval_loss_start"], figures
    took = job.finished_at - job.started_at
    return {**figures, "said_s": foretold.seconds, "took_s": round(took, 1), "said_bytes": foretold.peak_bytes}


def asked(running: Running) -> dict[str, Any]:
    """Ask base, tuned and documents one question, and return the seconds each took."""
    running.triptych("documents", "add", "manuals", str(LARKSPUR / "battery-care.md"))
    ways = [part for way in ("base", "tuned", "documents") for part in ("--way", way)]
    begun = time.monotonic()
    answers = running.triptych("ask", _QUESTION, *ways, "--documents", "manuals")["answers"]
    assert all(answer["state"] == "finished" for answer in answers), answers
    return {"seconds": round(time.monotonic() - begun, 1), **{one["way"]: one["seconds"] for one in answers}}


def check() -> dict[str, Any]:
    """Run the journey and return its figures."""
    found: dict[str, Any] = {"card": card()}
    with tempfile.TemporaryDirectory() as name, studio_running(Path(name) / "home") as running:
        write_set(Path(name) / "larkspur.csv", 200, 1)
        running.triptych("dataset", "add", str(Path(name) / "larkspur.csv"), "--name", "larkspur")
        found["forecast"] = running.triptych("train", "larkspur", "--epochs", "3", "--forecast")[FORECAST]
        found["lora"] = trained(running)
        if found["card"]["bitsandbytes"]:
            found["qlora"] = trained(running, "--method", "qlora")
        found["ask"] = asked(running)
    return found


def main() -> int:
    """Check and write the figures; 1 without a card."""
    if not torch.cuda.is_available():
        sys.stderr.write("There is no NVIDIA card that this build of torch can use, so nothing was checked.\n")
        return 1
    figures = json.dumps(check(), indent=2)
    sys.stdout.write(f"{figures}\n")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(figures, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

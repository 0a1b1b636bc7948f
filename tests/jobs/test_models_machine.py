"""What this computer is: its own facts, a driver played by a script on PATH, and the limits of containers."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from jobs.models.cgroups import processor_limit, room
from jobs.models.machine import Gpu, Machine, look
from tests.conftest import PROJECT

GIB = 1 << 30
TWO_CARDS = "NVIDIA GeForce RTX 4090, 24564\nNVIDIA T4, 15360"


def driver(folder: Path, body: str) -> dict[str, str]:
    """Return an environment in which `nvidia-smi` is a script of that body."""
    folder.mkdir(exist_ok=True)
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def says(folder: Path, lines: str) -> dict[str, str]:
    return driver(folder, f"cat <<END\n{lines}\nEND")


def test_this_computer_has_a_processor_and_memory():
    machine = look()
    assert machine.processor
    assert 1 <= machine.cores <= (psutil.cpu_count() or 1)
    assert 0 < machine.free_bytes < machine.memory_bytes <= psutil.virtual_memory().total
    assert machine.weight_bytes in {2, 4}


def test_without_a_driver_models_are_computed_on_the_processor(tmp_path: Path):
    machine = look({"PATH": str(tmp_path)})
    assert (machine.gpus, machine.gpu, machine.computes_on) == ((), None, "processor")
    assert machine.room_bytes == machine.memory_bytes - 2_000_000_000


def test_cards_are_told_with_their_memory(tmp_path: Path):
    machine = look(says(tmp_path / "bin", TWO_CARDS))
    assert machine.gpus == (Gpu("NVIDIA GeForce RTX 4090", 24564 * 2**20), Gpu("NVIDIA T4", 15360 * 2**20))


def test_the_driver_is_asked_for_names_and_memory_only(tmp_path: Path):
    look(driver(tmp_path / "bin", f'echo "$@" > {tmp_path}/asked; echo "NVIDIA T4, 15360"'))
    asked = (tmp_path / "asked").read_text().split()
    assert asked == ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]


@pytest.mark.parametrize("body", ["exit 9", "echo 'Failed to initialize NVML' >&2; exit 255", "true"])
def test_a_driver_that_does_not_answer_leaves_the_processor(tmp_path: Path, body: str):
    assert look(driver(tmp_path / "bin", body)).computes_on == "processor"


def test_a_card_that_keeps_its_memory_to_itself_has_no_room(tmp_path: Path):
    machine = look(says(tmp_path / "bin", "NVIDIA GB10, [N/A]"))
    assert machine.gpus == (Gpu("NVIDIA GB10", 0),)
    assert Machine("", 1, 1, 1, gpus=machine.gpus).room_bytes == 0


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("", []),
        ("-1", []),
        ("1", ["NVIDIA T4"]),
        ("1,0", ["NVIDIA T4", "NVIDIA GeForce RTX 4090"]),
        ("7", []),
        ("GPU-2fbc", ["NVIDIA GeForce RTX 4090"]),
    ],
)
def test_only_cards_that_may_be_used_count(tmp_path: Path, visible: str, names: list[str]):
    environment = says(tmp_path / "bin", TWO_CARDS) | {"CUDA_VISIBLE_DEVICES": visible}
    assert [gpu.name for gpu in look(environment).gpus] == names


def test_a_card_computes_in_two_bytes_and_keeps_a_part_for_itself():
    machine = Machine("x", 8, 64 * GIB, 60 * GIB, gpus=(Gpu("NVIDIA T4", 16 * GIB),))
    assert (machine.computes_on, machine.weight_bytes) == ("gpu", 2)
    assert machine.room_bytes == int(16 * GIB * 0.9)


def test_a_card_that_the_installed_torch_can_not_use_is_not_counted_on():
    machine = Machine("x", 8, 64 * GIB, 60 * GIB, gpus=(Gpu("NVIDIA T4", 16 * GIB),), cards_work=False)
    assert (machine.gpu, machine.computes_on, machine.weight_bytes) == (None, "processor", 4)


def test_apple_silicon_and_fast_processors_are_told_apart():
    apple = Machine("Apple M4", 10, 24 * GIB, 12 * GIB, apple=True)
    assert (apple.computes_on, apple.weight_bytes) == ("apple", 4)
    assert Machine("x", 8, 64 * GIB, 60 * GIB, fast_bf16=True).weight_bytes == 2


def test_looking_brings_no_torch_in():
    script = "import sys, jobs.models.overview, studio.views.machine; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text)


def own(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own"
    file.write_text(text)
    return file


def test_without_limits_the_computer_is_as_large_as_it_is(tmp_path: Path):
    write(tmp_path / "fs", memory_dot_max="max")
    assert room(8 * GIB, 5 * GIB, tmp_path / "fs", own(tmp_path, "0::/\n")) == (8 * GIB, 5 * GIB)


def test_the_narrowest_group_limits_memory_and_what_can_be_given_back_is_free(tmp_path: Path):
    files = tmp_path / "fs"
    write(files / "app", memory_dot_max=str(4 * GIB), memory_dot_current=str(GIB))
    write(
        files / "app" / "inner",
        memory_dot_max=str(3 * GIB),
        memory_dot_current=str(2 * GIB),
        memory_dot_stat=f"anon 1\ninactive_file {GIB}\n",
    )
    assert room(8 * GIB, 5 * GIB, files, own(tmp_path, "0::/app/inner\n")) == (3 * GIB, 2 * GIB)


def test_a_container_sees_its_own_group_at_the_root(tmp_path: Path):
    write(tmp_path / "fs", memory_dot_max=str(2 * GIB), memory_dot_current=str(GIB), cpu_dot_max="150000 100000")
    host = own(tmp_path, "0::/docker/4f5e\n")
    assert room(8 * GIB, 5 * GIB, tmp_path / "fs", host) == (2 * GIB, GIB)
    assert processor_limit(16, tmp_path / "fs", host) == 2


def test_groups_of_version_1_limit_as_well(tmp_path: Path):
    files = tmp_path / "fs"
    write(files / "memory" / "box", memory_dot_limit_in_bytes=str(2 * GIB), memory_dot_usage_in_bytes=str(GIB))
    write(files / "memory", memory_dot_limit_in_bytes="9223372036854771712")
    write(files / "cpu,cpuacct" / "box", cpu_dot_cfs_quota_us="300000", cpu_dot_cfs_period_us="100000")
    groups = own(tmp_path, "4:memory:/box\n3:cpu,cpuacct:/box\n2:name=systemd:/\n")
    assert room(8 * GIB, 5 * GIB, files, groups) == (2 * GIB, GIB)
    assert processor_limit(16, files, groups) == 3


@pytest.mark.parametrize("limit", ["max 100000", "", "-1"])
def test_processor_time_without_a_limit_keeps_every_core(tmp_path: Path, limit: str):
    write(tmp_path / "fs", cpu_dot_max=limit)
    assert processor_limit(4, tmp_path / "fs", own(tmp_path, "0::/\n")) == 4

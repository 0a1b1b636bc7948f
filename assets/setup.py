"""Set Triptych up: virtual environment, pinned dependencies, models. Needs only Python; silent when all is in place.

python3 assets/setup.py [--dev]
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
CONSTRAINTS = PROJECT / "assets" / "constraints.txt"
TORCH = "2.13.0"
PACKAGES_MB = 1_300
TORCH_MB = {"cpu": 800, "cuda": 7_000}


def stop(sentence: str) -> None:
    """End with one sentence that says what to do."""
    sys.exit(f"Triptych can't be set up yet. {sentence}")


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def has_nvidia() -> bool:
    """Tell whether an NVIDIA driver is there (macOS and plain processors have none)."""
    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists()


def check_python() -> None:
    """Refuse a Python that the pinned packages do not support, and one without venv or pip."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        stop(
            f"It needs Python 3.11, 3.12 or 3.13; {sys.executable} is {platform.python_version()}. "
            "Install one of these and run: make PYTHON=python3.12 run"
        )
    try:
        import ensurepip  # noqa: F401, PLC0415 - its absence is what is asked about
        import venv  # noqa: F401, PLC0415
    except ImportError:
        name = f"python3.{sys.version_info[1]}-venv"
        stop(f"Python's venv module is missing. On Debian or Ubuntu run: sudo apt install {name}")


def stamp(dev: bool) -> Path:
    """Return the file whose presence says that this very set of packages is installed."""
    digest = hashlib.sha256(f"{platform.python_version()} {dev}".encode())
    for path in (PROJECT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return VENV / f".installed-{'dev' if dev else 'run'}-{digest.hexdigest()[:16]}"


def installed(dev: bool) -> bool:
    """Tell whether the packages are in place; what tests need includes what the studio needs."""
    return stamp(dev).exists() or (not dev and stamp(True).exists())


def pip(*arguments: str) -> str | None:
    """Run pip of the virtual environment quietly; return None, or what it printed where it failed."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return None if done.returncode == 0 else "\n".join(done.stdout.splitlines()[-12:])


def check_disk(kind: str) -> None:
    """Refuse to begin what would fill the disk."""
    needed = (PACKAGES_MB + TORCH_MB[kind]) * 2
    free = shutil.disk_usage(PROJECT).free // 2**20
    if free < needed:
        stop(
            f"It needs about {needed / 1024:.1f} GB of free disk, {free / 1024:.1f} GB are free. "
            "Free some space and start again."
        )


def has_torch() -> bool:
    """Tell whether the pinned torch is in the virtual environment already."""
    return any((VENV / "lib").glob(f"python3.*/site-packages/torch-{TORCH}*.dist-info"))


def install_torch() -> None:
    """Install torch: without an NVIDIA driver the build for processors, wherever pip can reach one."""
    if has_torch():
        return
    if platform.system() == "Linux" and not has_nvidia():
        index = os.environ.get("TRIPTYCH_TORCH_INDEX")
        extra = ["--extra-index-url", index] if index else []
        if pip("install", f"torch=={TORCH}+cpu", *extra) is None:
            return
        say(
            "No build of torch for processors was found where pip looks, so the larger one (several GB) is taken. "
            "To avoid it set TRIPTYCH_TORCH_INDEX to PyTorch's CPU index (named on pytorch.org under Get started)."
        )
    if trouble := pip("install", f"torch=={TORCH}"):
        stop(f"torch could not be installed. Check the network and run the same command again. pip said:\n{trouble}")


def install_packages(dev: bool) -> None:
    """Make the virtual environment and install Triptych into it with the tested versions."""
    kind = "cuda" if has_nvidia() and platform.system() == "Linux" else "cpu"
    check_disk(kind)
    say(
        f"Setting up Triptych in {VENV} (once): about {PACKAGES_MB // 3} MB of packages and "
        f"{TORCH_MB[kind] // 3} MB of torch ({'GPU' if kind == 'cuda' else 'processor'} build) will be downloaded."
    )
    if not (VENV / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    say("1 of 3: torch…")
    install_torch()
    say("2 of 3: the other packages (2 to 5 minutes)…")
    target = f"{PROJECT}[dev]" if dev else str(PROJECT)
    if trouble := pip("install", "-c", str(CONSTRAINTS), "-e", target):
        stop(
            "The packages could not be installed. Check the network and run the same command again. "
            f"pip said:\n{trouble}"
        )
    say("3 of 3: the models…")
    for old in VENV.glob(".installed-*"):
        old.unlink()
    stamp(dev).touch()


def fetch_models() -> None:
    """Fetch and check the starter model and the embedder, unless they are in place."""
    command = [str(VENV / "bin" / "python"), "-m", "jobs.models.fetch"]
    for step in ([*command, "--plan"], command):
        if subprocess.run(step, cwd=PROJECT, check=False).returncode != 0:
            stop("The models could not be fetched; the lines above say why. Run the same command again.")


def main() -> None:
    """Do what is missing, in order."""
    dev = "--dev" in sys.argv[1:]
    check_python()
    if not installed(dev):
        install_packages(dev)
    fetch_models()


if __name__ == "__main__":
    main()

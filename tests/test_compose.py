"""docker-compose.yml and the Dockerfile: what they promise, read from the files and judged by their tools."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import PROJECT

COMPOSE = PROJECT / "docker-compose.yml"
DOCKERFILE = PROJECT / "assets" / "Dockerfile"
PARTS = {"web", "worker", "model", "worker-nvidia", "model-nvidia"}
SECRETS = {"TRIPTYCH_PASSWORD": "open sesame", "POSTGRES_PASSWORD": "p@ss:w/rd", "TRIPTYCH_MODEL_TOKEN": "token"}
CHOSEN = {"COMPOSE_PROFILES": "cpu"}


@cache
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text())


def service(name: str) -> dict[str, Any]:
    return compose()["services"][name]


def started(*profiles: str) -> set[str]:
    """Return the services that start with these profiles."""
    services = compose()["services"].items()
    return {name for name, one in services if "profiles" not in one or set(one["profiles"]) & set(profiles)}


def instructions() -> list[str]:
    """Return the Dockerfile's instructions, one a line, without comments."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")]
    return re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines()


def docker_compose(folder: Path, variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Debian's docker-compose, which needs no engine to look at a file, with these variables in .env."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed (Debian: docker-compose)")
    settings = folder / ".env"
    settings.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    command = [program, "-f", str(COMPOSE), "--env-file", str(settings), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_either_profile_starts_one_of_each_part():
    assert started("cpu") == {"database", "web", "worker", "model"}
    assert started("nvidia") == {"database", "web", "worker-nvidia", "model-nvidia"}


@pytest.mark.parametrize("name", sorted(PARTS | {"database"}))
def test_a_service_is_looked_after(name: str):
    assert service(name)["restart"] == "unless-stopped"
    check = service(name)["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_asks_its_own_health_and_may_do_little(name: str):
    part = name.removesuffix("-nvidia")
    assert service(name)["healthcheck"]["test"] == ["CMD", "python", "-m", "studio.health", part]
    assert service(name)["cap_drop"] == ["ALL"]
    assert service(name)["security_opt"] == ["no-new-privileges:true"]
    assert not service(name).get("privileged")
    assert "user" not in service(name), "the image says who it runs as"


def test_all_parts_share_one_volume_and_one_database():
    for name in PARTS:
        assert service(name)["volumes"] == ["data:/data"]
        environment = service(name)["environment"]
        assert (environment["TRIPTYCH_HOME"], environment["TRIPTYCH_MODELS"]) == ("/data/home", "/data/models")
        assert environment["TRIPTYCH_DATABASE_URL"] == "postgresql://triptych@database/triptych"
        assert environment["TRIPTYCH_MODEL_URL"] == "http://model:8000"
    assert service("database")["volumes"] == ["database:/var/lib/postgresql/data"]
    assert set(compose()["volumes"]) == {"data", "database"}


def test_only_the_pages_are_published_and_only_to_this_computer():
    published = {name: one["ports"] for name, one in compose()["services"].items() if "ports" in one}
    assert published == {"web": ["127.0.0.1:${TRIPTYCH_PORT:-7860}:7860"]}
    assert not any("network_mode" in one for one in compose()["services"].values())


def test_each_part_waits_for_what_it_needs():
    healthy = {"condition": "service_healthy"}
    assert service("web")["depends_on"] == {"database": healthy}
    assert service("worker")["depends_on"] == {"database": healthy, "model": healthy}
    assert service("worker-nvidia")["depends_on"] == {"database": healthy, "model-nvidia": healthy}


def test_a_card_is_asked_for_by_the_nvidia_parts_alone():
    for name in ("worker-nvidia", "model-nvidia"):
        (card,) = service(name)["deploy"]["resources"]["reservations"]["devices"]
        assert card == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
        assert service(name)["build"]["args"]["TORCH"] == "cuda"
        assert service(name)["image"] == "triptych:nvidia"
    for name in ("web", "worker", "model"):
        assert "deploy" not in service(name)
        assert service(name)["build"]["args"]["TORCH"] == "cpu"
    assert service("model-nvidia")["networks"]["default"]["aliases"] == ["model"]


def test_no_secret_stands_in_a_file():
    for name, value in _settings():
        if re.search("PASSWORD|TOKEN", name):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), f"{name} has to come from outside"
    template = (PROJECT / "assets" / "compose.env").read_text()
    assert [line for line in template.splitlines() if re.match("[A-Z_]*(PASSWORD|TOKEN)=", line)] == [
        "TRIPTYCH_PASSWORD=", "POSTGRES_PASSWORD=", "TRIPTYCH_MODEL_TOKEN=",
    ]  # fmt: skip
    assert not re.search(r"(PASSWORD|TOKEN|SECRET)", DOCKERFILE.read_text())


def _settings() -> list[tuple[str, str]]:
    return [pair for one in compose()["services"].values() for pair in one["environment"].items()]


def test_the_template_names_every_variable_that_is_asked_for():
    template = (PROJECT / "assets" / "compose.env").read_text()
    for name in set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text())):
        assert re.search(f"^{name}=", template, re.MULTILINE), name


def test_the_base_images_are_pinned():
    images = [one["image"] for one in compose()["services"].values() if "build" not in one]
    images += [line.split()[1] for line in instructions() if line.startswith("FROM ")]
    assert len(images) == 2
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)+(-[a-z]+)+", image), image


def test_the_image_runs_as_nobody_in_particular_and_owns_its_data():
    last = [line for line in instructions() if line.startswith(("USER ", "CMD ", "ENTRYPOINT "))]
    assert last == ["USER 10001:10001", 'CMD ["triptych", "up"]']
    made = next(line for line in instructions() if "useradd" in line)
    assert "--uid 10001" in made
    assert "install -d -o triptych -g triptych -m 0700 /data" in made
    copied = [line for line in instructions() if line.startswith("COPY ")]
    assert not any("--chown" in line for line in copied), "the code stays root's"


def test_the_packages_of_the_image_are_the_tested_ones():
    installs = [line for line in instructions() if "pip install" in line]
    assert "-c assets/constraints.txt ." in installs[0]
    assert "grep '^torch==' assets/constraints.txt" in installs[0]
    assert "--no-deps -e ." in installs[1]


def test_only_what_the_image_needs_goes_to_the_builder():
    rules = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    sent = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {word for line in instructions() if line.startswith("COPY ") for word in line.split()[1:-1]}
    assert sent == {path.split("/")[0] for path in copied}
    assert not any((PROJECT / path).name.startswith(".") for path in sent)


@pytest.mark.parametrize("profile", ["cpu", "nvidia"])
def test_the_tool_itself_accepts_the_file(profile: str, tmp_path: Path):
    done = docker_compose(tmp_path, SECRETS | CHOSEN, "--profile", profile, "config")
    assert done.returncode == 0, done.stderr
    told = yaml.safe_load(done.stdout)["services"]
    (port,) = told["web"]["ports"]  # a text in the first generation of the tool, a mapping in the second
    assert "127.0.0.1" in str(port)
    assert "7860" in str(port)
    assert told["database"]["environment"]["POSTGRES_PASSWORD"] == "p@ss:w/rd"
    assert started(profile) <= set(told)


@pytest.mark.parametrize("missing", [*SECRETS, *CHOSEN])
def test_what_is_missing_is_named_with_the_way_out(missing: str, tmp_path: Path):
    given = {name: value for name, value in (SECRETS | CHOSEN).items() if name != missing}
    done = docker_compose(tmp_path, given, "config")
    assert done.returncode != 0
    assert "Copy assets/compose.env to .env" in done.stderr
    assert missing in done.stderr


def test_the_linter_finds_nothing_in_the_dockerfile():
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("hadolint is installed on Linux only")
    done = subprocess.run([program, "--no-color", DOCKERFILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

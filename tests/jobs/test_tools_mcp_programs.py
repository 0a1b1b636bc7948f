"""Programs that are MCP servers: only what a person allowed is started, within limits, and nothing of it stays."""

import json
import os
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.queue import Queue
from jobs.removing.things import Removing
from jobs.tools.mcp.adding import Terms, add_tools, approve_anew, look
from jobs.tools.mcp.program import parsed_command, parsed_secrets
from jobs.tools.registry import Registry, try_tool
from storage.errors import UserFault
from storage.records import Permission, ToolCall
from storage.workspace import Workspace
from studio.cli import main
from studio.views import tools as view
from tests.conftest import PROJECT

TOOL = "mcp_desk__state"
SECRET = "hunter2-and-more"


class Desk:
    """A program in a mode that can be changed behind the person's back, and what it noted."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes"
        self.script = folder / "desk.py"
        self.become("usual")

    def become(self, mode: str) -> None:
        program = PROJECT / "tests" / "mcp_program.py"
        self.script.write_text(
            f"import sys, runpy\nsys.argv[1:] = [{mode!r}, {str(self.notes)!r}]\n"
            f"runpy.run_path({str(program)!r}, run_name='__main__')\n"
        )

    @property
    def line(self) -> str:
        return shlex.join([sys.executable, str(self.script)])

    def noted(self, word: str) -> list[str]:
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [line for line in lines if line.startswith(word)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def terms(desk: Desk, **changed: object) -> Terms:
    given = {"name": "desk", "address": "", "secret": f"API_KEY={SECRET}", "command": parsed_command(desk.line)}
    return Terms(**{**given, **changed})


def added(workspace: Workspace, desk: Desk) -> Registry:
    add_tools(workspace, terms(desk), look(workspace, terms(desk)), ["state"])
    return Registry(workspace)


def asked(workspace: Workspace) -> ToolCall:
    return try_tool(Registry(workspace), TOOL, {"item": "B-7"})


def living(desk: Desk) -> list[int]:
    """The processes that the program noted and that still run, once they had a moment to end."""
    noted = [int(line.split()[1]) for line in [*desk.noted("started"), *desk.noted("child")]]
    for _ in range(50):
        found = [one for one in noted if _runs(one)]
        if not found:
            break
        time.sleep(0.02)
    return found


def _runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_program_is_started_for_each_call_and_ends_with_it(workspace: Workspace, desk: Desk) -> None:
    registry = added(workspace, desk)
    assert registry.get(TOOL).permission is Permission.ASK
    call = asked(workspace)
    assert (call.result, call.error) == ("in stock", None)
    assert len(desk.noted("started")) == 2
    assert desk.noted("called") == ["called"]
    assert living(desk) == []
    line = view.line(registry.get(TOOL), workspace.tools.get(TOOL), 0.0)
    assert "Starts the program" in line
    assert "with a secret that is never shown" in line


def test_a_program_gets_few_variables_an_empty_folder_and_its_own_secret(
    workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "HF_TOKEN", "TRIPTYCH_PASSWORD", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH":
        monkeypatch.setenv(name, "canary-of-ours")
    added(workspace, desk)
    desk.become("environment")
    said = asked(workspace).result or ""
    told = json.loads(said)
    assert "canary-of-ours" not in said
    assert told["variables"].keys() <= {
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "API_KEY"
    }  # fmt: skip
    assert told["variables"]["API_KEY"] == "•••"
    assert told["files"] == 0
    assert not Path(told["folder"]).exists()
    assert SECRET not in json.dumps([one.config for one in workspace.tools.list()])
    assert SECRET not in repr(terms(desk))


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("crash", "ended by itself"),
        ("hang", "not in time"),
        ("huge", "says more than 2 MB"),
        ("memory", "ended by itself"),
        ("garbage", "does not speak as an MCP server does"),
    ],
)
def test_what_a_program_does_badly_ends_in_a_sentence_and_leaves_nothing_running(
    workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: str, said: str
) -> None:
    added(workspace, desk)
    if mode == "hang":
        monkeypatch.setattr("jobs.tools.mcp.program.LIMIT_S", 2.5)
    desk.become(mode)
    call = asked(workspace)
    assert said in (call.error or "")
    assert "not known whether this was done" in (call.error or "")
    assert call.seconds < 5
    assert living(desk) == []
    assert len(desk.noted("child")) == (mode == "hang")


@pytest.mark.parametrize("mode", ["silent", "no such mode"])
def test_a_program_that_says_nothing_is_no_server(
    workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr("jobs.tools.mcp.program.LOOK_S", 0.5)
    desk.become(mode)
    command = terms(desk).command if mode == "silent" else parsed_command("false")
    with pytest.raises(UserFault):
        look(workspace, terms(desk, command=command))
    assert living(desk) == []


def test_what_changed_is_not_called(workspace: Workspace, desk: Desk) -> None:
    added(workspace, desk)
    desk.become("changed")
    assert (asked(workspace).error or "").startswith("Not called, and switched off")
    assert desk.noted("called") == []
    assert workspace.tools.get(TOOL).permission is Permission.OFF


def test_a_tool_that_came_from_elsewhere_starts_nothing(workspace: Workspace, desk: Desk, tmp_path: Path) -> None:
    added(workspace, desk)
    record = workspace.tools.get(TOOL)
    canary = tmp_path / "canary"
    bent = replace(record, config={**record.config, "command": ["/usr/bin/touch", str(canary)]})
    workspace.tools.keep(bent)
    waiting = replace(bent, config={**bent.config, "changed": "It changed.", "now": "0" * 64})
    with pytest.raises(UserFault, match="nobody allowed it on this computer"):
        approve_anew(workspace, waiting)
    assert "nobody allowed it on this computer" in (asked(workspace).error or "")
    workspace.tools.keep(record)
    (workspace.home / "secrets" / "mcp_desk.program").unlink()
    assert "nobody allowed it on this computer" in (asked(workspace).error or "")
    assert not canary.exists()
    assert len(desk.noted("started")) == 1


def test_what_was_allowed_is_forgotten_with_the_last_tool(workspace: Workspace, desk: Desk) -> None:
    added(workspace, desk)
    file = workspace.home / "secrets" / "mcp_desk.program"
    assert file.stat().st_mode & 0o777 == 0o600
    add_tools(workspace, terms(desk, secret=""), look(workspace, terms(desk, secret="")), ["state"])
    assert SECRET in file.read_text()
    Removing(workspace, Queue(workspace.database, workspace.clock)).tool(TOOL)
    assert not file.exists()


def test_a_program_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.become("silent")
    script = (
        "from jobs.tools.mcp.calling import offers\nfrom jobs.tools.mcp.program import Program, parsed_command\n"
        f"offers(Program(parsed_command({desk.line!r}), looked=True))\n"
    )
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", script], {**os.environ, "PYTHONPATH": str(PROJECT)})
    for _ in range(500):
        if desk.noted("started"):
            break
        time.sleep(0.02)
    assert len(desk.noted("started")) == 1
    os.kill(child, 9)
    os.waitpid(child, 0)
    assert living(desk) == []


def test_how_a_program_and_its_secrets_are_written() -> None:
    assert parsed_command("true --at 'a b'")[1:] == ("--at", "a b")
    assert parsed_command("true ; rm -r /")[1:] == (";", "rm", "-r", "/"), "no shell reads it"
    assert Path(parsed_command("true")[0]).is_absolute()
    for line in "", "no-such-program-here", "true 'a", "true \x1b[2J":
        with pytest.raises(UserFault):
            parsed_command(line)
    assert parsed_secrets("A=1\n\n B_2=x=y ") == {"A": "1", "B_2": "x=y"}
    for text in "A", "1A=2", "A=\x00", "=x", f"A={'x' * 5_000}":
        with pytest.raises(UserFault) as refused:
            parsed_secrets(text)
        assert text not in str(refused.value)


def test_the_command_warns_and_adds_a_program(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    for words in (["--url", "https://a.example", "--program", "true"], []):
        with pytest.raises(SystemExit) as ended:
            main(["mcp", "add", "desk", *words])
        assert ended.value.code == 1
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["mcp", "add", "desk", "--program", desk.line, "--tool", "state", "--json"])
    told = capfd.readouterr()
    assert not ended.value.code
    assert json.loads(told.out)["added"][0]["name"] == TOOL
    assert "is started on this computer, now and for each call, as you yourself" in told.err

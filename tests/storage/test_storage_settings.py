"""Settings come from the environment under one prefix; secrets do not show."""

from pathlib import Path

import pytest

from storage.settings import Settings


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_HOME", "/somewhere")
    monkeypatch.setenv("PORT", "7999")
    monkeypatch.setenv("TRIPTYCH_PASSWORD", "very secret")
    settings = Settings()
    assert (settings.home, settings.port) == (Path("/somewhere"), 7999)
    assert "very secret" not in repr(settings)


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_loopback_is_only_this_computer(host: str, loopback: bool) -> None:
    assert Settings(host=host).loopback is loopback

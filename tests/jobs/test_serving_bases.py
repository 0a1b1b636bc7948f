"""Several bases in one server: loaded on demand within a budget, gone when idle, never while a request is in them."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.models.checks import keep_check
from jobs.models.installed import installed
from jobs.models.wire import ChatBody
from jobs.serving import loading
from jobs.serving.holding import Holder
from jobs.serving.orders import Answering, order
from jobs.serving.tickets import End
from storage.errors import Missing, NotAllowed, NotFound, TooLarge
from storage.files import MANIFEST
from storage.locks import Locks
from storage.settings import Settings
from tests.jobs.test_models_fetch import TRIED
from tests.serving import make_adapter, tiny_models
from tests.tiny import make_tiny_model

OTHER, UNTRIED = "smollm2-360m", "qwen3-0.6b"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny starter, a second base that was tried out, and a third that was not."""
    folder = tmp_path_factory.mktemp("bases") / "models"
    shutil.copytree(tiny_models(), folder)
    make_tiny_model(folder / OTHER, seed=7)
    make_tiny_model(folder / UNTRIED, seed=8)
    found = installed(folder, OTHER)
    assert found is not None
    keep_check(found, TRIED)
    return folder


@pytest.fixture
def hold(models: Path, tmp_path: Path) -> Iterator[Callable[..., Holder]]:
    """Start a holder with these settings beside the home's."""
    started: list[Holder] = []

    def start(**settings: Any) -> Holder:
        (tmp_path / "home" / "adapters").mkdir(parents=True, exist_ok=True)
        made = Settings(home=tmp_path / "home", models=models, **settings)
        started.append(Holder(made, Locks(made.home / "locks")))
        started[-1].start()
        return started[-1]

    yield start
    for holder in started:
        holder.close()


async def answer(holder: Holder, model: str, max_tokens: int = 60) -> tuple[dict[str, Any], str]:
    """Ask as the server's HTTP does; return provenance and text."""
    said = {"model": model, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": max_tokens}
    async with holder.using(model) as loaded:
        wanted = order(loaded, ChatBody.model_validate(said))
        answering = Answering(loaded, wanted.asked)
    text = ""
    async for piece in answering:
        if not isinstance(piece, str):
            assert isinstance(piece, End)
            return wanted.provenance, text
        text += piece
    raise AssertionError("it has no end")


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def held(holder: Holder) -> set[str]:
    return {model for model in ("starter", OTHER) if holder._bases.held(model) is not None}


def test_columns_of_two_bases_are_answered_together_each_by_its_own(
    hold: Callable[..., Holder], models: Path, tmp_path: Path
) -> None:
    trained = f"adapter:{_adapter_of_other(models, tmp_path)}"
    holder = hold(base_model="starter")

    async def together() -> list[tuple[dict[str, Any], str]]:
        return list(await asyncio.gather(*(answer(holder, model) for model in ("starter", OTHER, trained))))

    answers = run(together())
    assert [told["base_id"] for told, _ in answers] == ["starter", OTHER, OTHER]
    assert len({told["base_sha256"] for told, _ in answers}) == 2
    assert answers[2][0]["adapter_id"] == trained.removeprefix("adapter:")
    assert run(holder.names()) == ["starter", OTHER, trained]
    of_that_base = hold(base_model=OTHER)
    assert [run(answer(of_that_base, model)) for model in (OTHER, trained)] == answers[1:]


def _adapter_of_other(models: Path, tmp_path: Path) -> str:
    """Publish an adapter of the second base."""
    made = make_adapter(tmp_path / "home" / "adapters", models / OTHER)
    manifest = tmp_path / "home" / "adapters" / f"{made}-f1" / MANIFEST
    manifest.write_text(manifest.read_text().replace('"base_id": "starter"', f'"base_id": "{OTHER}"'))
    return made


def test_the_base_used_longest_ago_makes_room_but_never_while_a_request_is_in_it(
    hold: Callable[..., Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_WORK_BYTES", 0)
    first = hold()
    size, needs = run(first.loaded()).base.bytes, loading.takes_bytes(first._settings, OTHER)
    holder = hold(model_memory_gb=(size + needs / 2) / 1e9)

    async def crowded() -> None:
        before, long_text = await holder.loaded(), asyncio.create_task(answer(holder, "starter", 400))
        while not before.engine.busy:
            await asyncio.sleep(0.01)
        other = asyncio.create_task(answer(holder, OTHER))
        async with holder.using("starter") as entering:
            _, said = await long_text
            assert (len(said) > 20, entering, held(holder)) == (True, before, {"starter"})
            assert not other.done()
        assert (await other)[0]["base_id"] == OTHER
        assert (held(holder), before.engine.alive) == ({OTHER}, False)
        assert (await answer(holder, "starter", 400))[1] == said
        assert held(holder) == {"starter"}

    run(crowded())
    with pytest.raises(TooLarge, match=r"no room in memory for the model 'smollm2-360m'"):
        run(answer(hold(model_memory_gb=1e-9), OTHER))


def test_what_nobody_asks_for_leaves_memory_and_comes_back(hold: Callable[..., Holder], tmp_path: Path) -> None:
    adapter = f"adapter:{make_adapter(tmp_path / 'home' / 'adapters', tiny_models() / 'starter')}"
    holder = hold(idle_minutes=1e-9)

    async def resting() -> None:
        first = await answer(holder, adapter)
        async with holder.using("starter") as loaded:
            holder.look_after()
            assert held(holder) == {"starter"}, "a request is on its way into it"
            assert not loaded.adapters._loaded, "nobody asks for the adapter any more"
            while loaded.engine.busy:  # its last word is told a moment before its place is free
                await asyncio.sleep(0.01)
        holder.look_after()
        assert (held(holder), holder.phase) == (set(), "ready")
        assert await holder.names() == ["starter", OTHER, adapter]
        assert held(holder) == set(), "what can be asked is listed without bringing it"
        assert (await holder.embedder()).embed(["Hello"])
        assert await answer(holder, adapter) == first

    run(resting())
    kept = hold(idle_minutes=0)
    run(answer(kept, "starter"))
    kept.look_after()
    assert held(kept) == {"starter"}


def test_what_would_come_back_is_lent_to_a_training_too(
    hold: Callable[..., Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = hold(idle_minutes=1e-9)
    size = run(holder.loaded()).base.bytes
    monkeypatch.setattr(loading, "free_now", lambda: 1000 + size // 2)
    assert run(holder.lend(1000, "training")) is False
    holder.look_after()
    assert (held(holder), run(holder.lend(1000, "training"))) == (set(), True)
    assert run(holder.names()) == ["starter", OTHER]
    assert (held(holder), holder.phase) == (set(), "lent")


def test_a_server_of_several_containers_names_its_bases_too(hold: Callable[..., Holder]) -> None:
    assert run(hold(model_url="http://model:8000").names()) == ["starter", OTHER]


@pytest.mark.parametrize(
    ("model", "kind", "words"),
    [
        ("gpt", NotFound, "no model 'gpt' here"),
        (UNTRIED, NotAllowed, "not tried out yet"),
        ("qwen3-4b", Missing, "not on this computer"),
    ],
)
def test_what_cannot_answer_here_is_told(
    hold: Callable[..., Holder], model: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        run(answer(hold(), model))

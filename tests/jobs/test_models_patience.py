"""A server that is away for a moment is waited for; one that stays away is told."""

from collections.abc import Iterator, Sequence

import pytest

from jobs.models.door import Chat, Chunk
from jobs.models.patience import PatientDoor
from storage.errors import ModelBusy, ModelUnavailable
from tests.fakes import ScriptedModel

HELLO = Chat([{"role": "user", "content": "Hello"}])


class Away(ScriptedModel):
    """Fails `times` times before it answers."""

    def __init__(self, times: int, error: type[ModelUnavailable] = ModelUnavailable) -> None:
        super().__init__(lambda _: "Here I am")
        self.times = times
        self.error = error

    def _fail(self) -> None:
        if self.times:
            self.times -= 1
            raise self.error("The model server does not answer.")

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        self._fail()
        yield from super().chat(chat)

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        self._fail()
        return super().embed(texts)


def said(door: PatientDoor) -> str:
    return "".join(chunk.text for chunk in door.chat(HELLO))


def test_a_server_that_comes_back_answers() -> None:
    door = PatientDoor(Away(2), waits_s=(0, 0))
    assert said(door) == "Here I am"
    assert door.embed(["a"])[0] == "fake"
    assert door.gave_up is None


def test_a_server_that_stays_away_is_told() -> None:
    door = PatientDoor(Away(4), waits_s=(0, 0))
    with pytest.raises(ModelUnavailable):
        said(door)
    assert door.gave_up is not None
    assert said(PatientDoor(Away(1), waits_s=(0,))) == "Here I am"


def test_nobody_waits_once_it_is_stopped() -> None:
    door = PatientDoor(Away(1, ModelBusy), waits_s=(60,))
    door.stopping.set()
    with pytest.raises(ModelBusy):
        door.embed(["a"])


def test_a_busy_server_does_not_use_up_the_patience() -> None:
    assert said(PatientDoor(Away(5, ModelBusy), waits_s=(), busy_wait_s=0)) == "Here I am"


def test_an_answer_that_breaks_off_is_not_begun_again() -> None:
    class Breaking(ScriptedModel):
        def chat(self, chat: Chat) -> Iterator[Chunk]:
            yield Chunk("Here")
            raise ModelUnavailable("It broke off.")

    door = PatientDoor(Breaking(), waits_s=(0, 0))
    with pytest.raises(ModelUnavailable, match="broke off"):
        said(door)
    assert door.gave_up is None

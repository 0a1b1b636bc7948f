"""The engine: a batch gives each row what it gets alone; rows join, leave, end and are never empty."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked, Ticket
from storage.errors import ModelFull, ModelUnavailable
from tests.serving import Following, make_adapter, prompt, tiny_base, tiny_models

QUESTIONS = [
    "Hi",
    "What is the longest river of the world, please?",
    "And?",
    "Tell me more about that, as much as you can.",
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine(tiny_base())
    yield made
    made.close()


@pytest.fixture(scope="module")
def adapters(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapters")
    ids = [make_adapter(folder, tiny_models() / "starter", seed=seed) for seed in (1, 2)]
    shelf = engine.base.shelf(folder)
    return [shelf.get(adapter_id) for adapter_id in ids]


def alone(engine: Engine, asked: Asked) -> str:
    return Following(engine, asked).answered().text


def test_rows_of_base_and_adapters_are_in_a_batch_what_they_are_alone(engine, adapters):
    plans = [None, adapters[0], adapters[1], adapters[0]]
    wanted = [
        Asked(prompt(engine.base, question), adapter, max_tokens=24 + 8 * number)
        for number, (question, adapter) in enumerate(zip(QUESTIONS, plans, strict=True))
    ]
    single = [alone(engine, asked) for asked in wanted]
    assert len(set(single)) == len(single)
    together = [Following(engine, asked) for asked in wanted]
    assert [following.answered().text for following in together] == single


def test_a_request_joins_while_another_is_being_written(engine):
    asked = Asked(prompt(engine.base, QUESTIONS[1]), max_tokens=60)
    late = Asked(prompt(engine.base, QUESTIONS[0]), max_tokens=5)
    expected = alone(engine, late)
    first = Following(engine, asked)
    first.pieces.get(timeout=30)
    second = Following(engine, late)
    assert second.answered().text == expected
    assert first.answered().text != ""


def test_a_cancelled_request_ends_within_a_step_and_leaves_the_others_alone(engine):
    asked = Asked(prompt(engine.base, QUESTIONS[1]), max_tokens=60)
    expected = alone(engine, asked)
    leaving = Following(engine, replace(asked, max_tokens=100_000))
    staying = Following(engine, asked)
    leaving.pieces.get(timeout=30)
    leaving.ticket.cancelled = True
    assert staying.answered().text == expected
    count = leaving.pieces.qsize()
    time.sleep(0.05)
    assert leaving.pieces.qsize() == count


def test_the_same_seed_repeats_an_answer_and_another_does_not(engine):
    asked = Asked(prompt(engine.base, "Hi"), max_tokens=30, temperature=1.0, seed=3)
    assert alone(engine, asked) == alone(engine, asked)
    assert alone(engine, asked) != alone(engine, replace(asked, seed=4))


def test_the_end_tells_counts_and_times(engine):
    end = Following(engine, Asked(prompt(engine.base, "Hi"), max_tokens=7)).answered().end
    assert end is not None
    assert (end.reason, end.completion_tokens) == ("length", 7)
    assert min(end.queued_s, end.prefill_s, end.decode_s) >= 0


def test_a_stop_string_ends_the_answer(engine):
    asked = Asked(prompt(engine.base, "Hi"), max_tokens=40)
    whole = alone(engine, asked)
    stop = whole[len(whole) // 2 :][:3]
    answered = Following(engine, replace(asked, stop=(stop,))).answered()
    assert answered.text == whole[: whole.index(stop)]
    assert answered.end is not None
    assert answered.end.reason == "stop"


def test_a_mask_holds_in_a_batch(engine):
    mask = engine.base.masks.make({"type": "choice", "choices": ["red", "green"]})
    free = Following(engine, Asked(prompt(engine.base, "Hi"), max_tokens=30))
    masked = Following(engine, Asked(prompt(engine.base, "Which?"), mask=mask, max_tokens=30))
    assert masked.answered().text in {"red", "green"}
    assert free.answered().end is not None


class EndsAtOnce:
    """Logits that want to end the answer above all, then to write white space, then an `a`."""

    def __init__(self, base) -> None:
        self._base = base

    def over(self, logits):
        letter, logits = self._base.encoder.plain("a")[0], logits.clone()
        logits[..., self._base.end_ids] = 300.0
        logits[..., self._base.blank_ids] = 200.0
        logits[..., letter] = 100.0
        return logits


@pytest.mark.parametrize(("begun", "text"), [(False, "a"), (True, None)])
def test_an_empty_answer_is_impossible(begun: bool, text: str | None):
    base = tiny_base()
    wishes, read, write = EndsAtOnce(base), base.read, base.write
    base.read = lambda *given: (wishes.over((out := read(*given))[0]), out[1])
    base.write = lambda *given: wishes.over(write(*given))
    engine = Engine(base)
    answered = Following(engine, Asked(prompt(base, "Hi"), max_tokens=5, begun=begun)).answered()
    engine.close()
    assert answered.end is not None
    if text is not None:
        assert (answered.text, answered.end.reason) == (text, "stop")
    else:  # after a begun answer white space may come first, but the answer does not end with it
        assert answered.end.completion_tokens == 5


def test_control_tokens_are_never_written(engine):
    special = {0, 1}
    asked = Asked(prompt(engine.base, "Hi"), max_tokens=200, temperature=2.0)
    written = Following(engine, asked).answered().text
    assert not any(engine.base.encoder.decode([token]) in written for token in special)


def test_too_many_waiting_requests_are_refused():
    engine = Engine(tiny_base(), most_waiting=2)
    asked = Asked(prompt(engine.base, "Hi"), max_tokens=2000)
    running: list[Following] = []

    def ask_many() -> None:
        for _ in range(40):
            running.append(Following(engine, asked))

    with pytest.raises(ModelFull, match="Too many"):
        ask_many()
    for following in running:
        following.ticket.cancelled = True
    assert engine.alive
    engine.close()


def test_a_closed_engine_finishes_what_it_writes_and_refuses_the_rest():
    engine = Engine(tiny_base())
    running = Following(engine, Asked(prompt(engine.base, "Hi"), max_tokens=50))
    running.pieces.get(timeout=30)
    engine.close()
    assert running.answered().end is not None
    assert not engine.alive
    with pytest.raises(ModelUnavailable):
        engine.submit(Ticket(Asked([1]), print))


def test_a_fault_of_the_model_is_told_and_the_engine_goes_on():
    base = tiny_base()
    engine = Engine(base)
    write = base.write

    def fail(*given):
        base.write = write
        raise RuntimeError("out of memory")

    base.write = fail
    asked = Asked(prompt(base, "Hi"), max_tokens=5)
    failed = Following(engine, asked).answered()
    assert isinstance(failed.error, ModelUnavailable)
    assert Following(engine, asked).answered().end is not None
    engine.close()

"""What the processes of a training tell each other: that it arrives as it was, is summed, and that little memory is."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from jobs.context import OutOfDeviceMemory
from jobs.training import exchange as room
from jobs.training.exchange import Exchange, Meeting, Work
from jobs.training.orders import Orders
from tests.conftest import PROJECT
from tests.jobs.exchanging import small_model
from tests.jobs.test_training_plan import FAQ, LAPTOP, STARTER, asked, make_plan

Meet = Callable[[str, torch.nn.Module], Exchange]


@pytest.fixture
def meet(tmp_path: Path) -> Iterator[Meet]:
    """Meet a helper that does as it is told; both are gone at the end."""
    ends: list[Exchange] = []
    helpers: list[subprocess.Popen[bytes]] = []

    def begin(how: str, model: torch.nn.Module) -> Exchange:
        file = str(tmp_path / "meeting")
        helpers.append(subprocess.Popen([sys.executable, "-m", "tests.jobs.exchanging", file, how], cwd=PROJECT))
        ends.append(Exchange(model, Meeting(file, 2, 0)))
        return ends[-1]

    yield begin
    for end in ends:
        end.end()
        end.close()
    for helper in helpers:
        assert helper.wait(30) == 0


def test_gradients_and_losses_are_summed_from_the_weights_as_they_are(meet: Meet) -> None:
    model = small_model()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]]))
    exchange = meet("gives", model)
    exchange.hand_out(Work([{"number": 7}, {"number": 10}], scale=4.0))
    model.weight.grad = torch.tensor([[100.0, 100.0]])
    assert exchange.collect().item() == 2.0
    assert model.weight.grad.tolist() == [[111.0, 112.0]]
    with torch.no_grad():
        model.weight.zero_()
    model.weight.grad = None  # nothing of one's own
    exchange.hand_out(Work([{"number": 7}]))
    assert exchange.collect().item() == 0.5
    assert model.weight.grad is not None
    assert model.weight.grad.tolist() == [[0.0, 0.0]]


def test_too_little_memory_elsewhere_is_too_little_memory_here(meet: Meet) -> None:
    exchange = meet("short", small_model())
    exchange.hand_out(Work([{"number": 7}]))
    with pytest.raises(OutOfDeviceMemory, match="another graphics card"):
        exchange.collect()


def test_work_arrives_as_it_was() -> None:
    lengths = torch.tensor([0, 3], dtype=torch.int32)
    line = {
        "input_ids": torch.tensor([[1, 2, 3]]),
        "cu_seq_lens_q": lengths,
        "cu_seq_lens_k": lengths,
        "max_length_q": 3,
    }
    found = room._unpacked(room._packed(Work([line, {"labels": torch.tensor([[-100]])}], torch.tensor(9), 65536.0)))  # pyright: ignore[reportPrivateUsage]
    assert [sorted(batch) for batch in found.batches] == [sorted(line), ["labels"]]
    assert found.batches[0]["input_ids"].tolist() == [[1, 2, 3]]
    assert found.batches[0]["cu_seq_lens_k"].dtype == torch.int32
    assert type(found.batches[0]["max_length_q"]) is int
    assert (found.count, found.scale) == (torch.tensor(9), 65536.0)
    uncounted = room._unpacked(room._packed(Work([line])))  # pyright: ignore[reportPrivateUsage]
    assert uncounted.count is None


def test_orders_arrive_as_they_were(tmp_path: Path) -> None:
    plan = make_plan(asked(), FAQ, STARTER, LAPTOP)
    orders = Orders(plan, tmp_path / "base", 130, tmp_path / "scratch", Meeting("file", 2, 1))
    assert Orders.read(orders.text()) == orders

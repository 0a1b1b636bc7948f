"""A LoRA layer in fewer passes over memory: what it gives and learns is what PEFT's own gives and learns."""

from copy import deepcopy
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora.layer import Linear

from jobs.training import fusing
from jobs.training.fusing import fuse


class Two(torch.nn.Module):
    """Two linear layers, one with a bias."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(12, 20, bias=False)
        self.second = torch.nn.Linear(20, 7)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return batch x tokens x 7."""
        return self.second(torch.relu(self.first(x)))


def adapted(dtype: torch.dtype = torch.float32, **more: Any) -> Any:
    """Return the layers with an adapter that adds something."""
    torch.manual_seed(3)
    model = get_peft_model(Two().to(dtype), LoraConfig(r=4, lora_alpha=8, target_modules=["first", "second"], **more))
    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = torch.randn_like(weight, dtype=torch.float32) * 0.3
    return model


def rows(dtype: torch.dtype = torch.float32) -> torch.Tensor:
    torch.manual_seed(4)
    return torch.randn(2, 5, 12, dtype=dtype, requires_grad=True)


def learned(model: Any, x: torch.Tensor) -> list[torch.Tensor]:
    """Return the result, and the gradients of the input and of all that is learned."""
    result = model(x)
    result.float().pow(2).sum().backward()
    assert x.grad is not None
    return [result, x.grad, *(weight.grad for weight in model.parameters() if weight.requires_grad)]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each time that a layer goes the shorter way."""
    noted = list[int]()
    way = fusing._Low.apply
    monkeypatch.setattr(fusing._Low, "apply", lambda *given: noted.append(1) or way(*given))
    return noted


def test_results_and_gradients_are_those_of_peft(taken: list[int]) -> None:
    plain, shorter = adapted(), adapted()
    assert fuse(shorter) == 2
    told, wanted = learned(shorter, rows()), learned(plain, rows())
    assert len(taken) == 2
    assert len(told) == len(wanted) == 6
    for one, other in zip(told, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_half_precision_is_that_of_peft_under_autocast(taken: list[int]) -> None:
    plain, shorter = adapted(torch.bfloat16), adapted(torch.bfloat16)
    fuse(shorter)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        told, wanted = learned(shorter, rows(torch.bfloat16)), learned(plain, rows(torch.bfloat16))
    assert len(taken) == 2
    for one, other in zip(told, wanted, strict=True):
        assert one.dtype == other.dtype
        assert float((one - other).detach().float().norm() / other.detach().float().norm()) < 0.02


def test_without_a_gradient_and_without_the_adapter_it_goes_peft_s_way(taken: list[int]) -> None:
    shorter, x = adapted(), rows()
    wanted, bare = shorter(x), shorter.get_base_model()
    with shorter.disable_adapter():
        without = bare(x)
    fuse(shorter)
    with torch.no_grad():
        assert torch.equal(shorter(x), wanted)
    with shorter.disable_adapter():
        assert torch.equal(shorter(x), without)
    assert not torch.equal(without, wanted)
    assert taken == []


def test_a_merged_adapter_is_added_once() -> None:
    shorter, x = adapted(), rows()
    fuse(shorter)
    wanted = shorter(x)
    for layer in shorter.modules():
        if isinstance(layer, Linear):
            layer.merge()
    torch.testing.assert_close(shorter(x), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("more", [{"lora_dropout": 0.5}, {"use_dora": True}])
def test_what_is_more_than_a_plain_adapter_goes_peft_s_way(more: dict[str, Any], taken: list[int]) -> None:
    plain = adapted(**more)
    shorter = deepcopy(plain)
    fuse(shorter)
    torch.manual_seed(5)
    wanted = plain(rows())
    torch.manual_seed(5)
    assert torch.equal(shorter(rows()), wanted)
    assert taken == []


def test_two_adapters_at_once_go_peft_s_way(taken: list[int]) -> None:
    plain = adapted()
    plain.add_adapter("other", LoraConfig(r=2, target_modules=["first", "second"]))
    plain.base_model.set_adapter(["default", "other"])
    shorter = deepcopy(plain)
    fuse(shorter)
    assert torch.equal(shorter(rows()), plain(rows()))
    assert taken == []

"""Tokens counted from the tokenizer file alone are exactly those of a training."""

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.models.chat_template import load_render
from jobs.models.conversation import learning
from jobs.models.encoding import IGNORED, Encoder
from jobs.models.installed import installed
from jobs.models.measuring import Measure, measure_of
from storage.errors import Damaged
from storage.records import Example
from storage.settings import Settings
from tests.conftest import PROJECT
from tests.tiny import make_tiny_model

LENGTHS = (1024, 100, 40, 30, 5)
TALK = (("Hello", "Hi <|im_end|>"), ("And then?", "Nothing"))
ROWS = [
    Example(1, "How big?", "Two metres"),
    Example(2, "  How big? ", "\nTwo metres\n", "Be brief."),
    Example(3, "How big?", "Two <|im_end|> metres", "Be brief.", "A text\nof 2 lines"),
    Example(4, "Größe? 大きさ 🚲", "zwei Meter " * 40, history=TALK),
    Example(5, "How big? " * 60, "Two", "Be brief.", history=TALK[:1]),
]


def agree(measure: Measure, encoder: Encoder, examples: Sequence[Example]) -> None:
    for example, measured in zip(examples, measure(examples), strict=True):
        encoded = encoder.learning(learning(example), measure.max_length)
        assert (measured.tokens, measured.cut) == (len(encoded.input_ids), encoded.cut), example
        assert measured.answer == len(encoder.plain(example.answer.strip()))
        trained = any(label != IGNORED for label in encoded.labels)
        assert trained == (measured.cut < measured.answer)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def encoder(tiny: Path) -> Encoder:
    return Encoder.load(tiny)


@pytest.mark.parametrize("max_length", LENGTHS)
def test_tokens_are_those_of_a_training(tiny: Path, encoder: Encoder, max_length: int) -> None:
    agree(Measure.load(tiny, max_length), encoder, ROWS)


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1), st.text(), st.integers(1, 80))
def test_tokens_of_any_text_are_those_of_a_training(
    tiny: Path, encoder: Encoder, question: str, answer: str, instruction: str, max_length: int
) -> None:
    if answer.strip():
        agree(Measure.load(tiny, max_length), encoder, [Example(1, question, answer, instruction)])


@pytest.fixture(scope="module")
def starter() -> Path:
    found = installed(Settings().models, "starter")
    if found is None:
        pytest.skip("the starter model is not on this computer; `make setup` fetches it")
    return found.folder


def test_tokens_of_the_sample_are_those_of_the_starter(starter: Path) -> None:
    with (PROJECT / "tests" / "data" / "larkspur" / "faq.csv").open(newline="", encoding="utf-8") as stream:
        texts = [list(record.values())[:2] for record in csv.DictReader(stream)]
    examples = [Example(number, *text) for number, text in enumerate(texts, 1)]
    encoder = Encoder.load(starter)
    for max_length in LENGTHS:
        agree(Measure.load(starter, max_length), encoder, [*examples, *ROWS])


@pytest.mark.shared_data
def test_tokens_of_long_answers_are_those_of_the_starter(starter: Path, shared_data: Path) -> None:
    with (shared_data / "med-medquad" / "train.csv").open(newline="", encoding="utf-8") as stream:
        examples = [Example(1, record["question"], record["answer"]) for record in csv.DictReader(stream)][:200]
    encoder = Encoder.load(starter)
    for max_length in (1024, 200):
        agree(Measure.load(starter, max_length), encoder, examples)


def test_a_model_is_measured_at_the_length_that_a_training_would_take(starter: Path) -> None:
    for asked, expected in ((None, 1024), (300, 300), (9000, 8192)):
        measure = measure_of(starter.parent, "starter", asked)
        assert measure is not None
        assert measure.max_length == expected


def test_a_model_that_is_not_here_is_not_measured(tmp_path: Path) -> None:
    assert measure_of(tmp_path, "starter") is None


def write(folder: Path, **config: object) -> Path:
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder


def test_a_template_is_rendered_as_its_library_would(tmp_path: Path) -> None:
    template = (
        "{{ bos_token }}{%- for message in messages %}\n    {% if loop.index > 9 %}{% break %}{% endif %}\n"
        "[{{ message.role }}] {{ message.content | tojson }}{% endfor %}{% if add_generation_prompt %}>{% endif %}"
    )
    written = [{"name": "tool_use", "template": "other"}, {"name": "default", "template": template}]
    render = load_render(write(tmp_path, bos_token={"content": "<s>"}, chat_template=written))
    assert render([{"role": "user", "content": "Größe <b>"}]) == '<s>[user] "Größe <b>">'


@pytest.mark.parametrize("template", ["{% broken", None])
def test_a_template_that_cannot_be_read_is_said_to_be_damaged(tmp_path: Path, template: str | None) -> None:
    with pytest.raises(Damaged):
        load_render(write(tmp_path, **({"chat_template": template} if template else {})))


def test_counting_needs_neither_torch_nor_transformers() -> None:
    script = (
        "import sys, jobs.models.measuring, jobs.intake.checks\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"

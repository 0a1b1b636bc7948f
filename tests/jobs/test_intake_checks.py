"""What the checks find and what is done about it: counts, rows, remedies that can be undone, in a fixed order."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.intake import checks
from jobs.intake.checking import languages
from jobs.intake.checks import CHECKS, LONGEST_CELL, Examined, Finding, after_split, examine, sift, tidied
from jobs.models.measuring import Measured
from storage.errors import UserFault
from storage.records import Dropped, Example, Part
from tests.jobs.examples import rows, talk


@pytest.fixture(scope="module", autouse=True)
def in_this_process() -> Iterator[None]:
    """Ask for languages here: a child process for each of many made-up tables would take minutes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(languages, "_told", languages.languages_of)
        yield


def found(examined: Examined, check_id: str) -> Finding:
    """Return one finding."""
    return next(one for one in examined.findings if one.id == check_id)


def ids(examined: Examined) -> list[str]:
    return [one.id for one in examined.findings]


def numbers(examined: Examined) -> list[int]:
    return [example.row for example in examined.examples]


UNUSABLE = rows(("", ""), ("", "Two metres"), ("How big?", ""), ("How long?", "x" * (LONGEST_CELL + 1)), ("", ""))


def test_unusable_rows_are_left_out_with_reason_and_number() -> None:
    sifted = sift([*UNUSABLE, Example(6, "How big?", "Two metres")])
    assert numbers(sifted) == [6]
    assert sifted.dropped == (
        Dropped(checks.EMPTY, 2, (1, 5)),
        Dropped(checks.NO_QUESTION, 1, (2,)),
        Dropped(checks.NO_ANSWER, 1, (3,)),
        Dropped(checks.TOO_LONG, 1, (4,)),
    )
    assert sifted.remarked == ()


def test_what_cannot_be_learned_stays_left_out_whatever_is_chosen() -> None:
    sifted = sift(UNUSABLE, dict.fromkeys(CHECKS, "use"))
    assert sifted.examples == []
    assert all(one.actions == ("leave out",) and one.chosen == "leave out" for one in sifted.findings)


def test_odd_letters_are_used_and_counted_unless_left_out() -> None:
    given_rows = rows(("Gr\ufffdn?", "Yes"), ("Green?", "Yes"), ("Red?", "S\ufffd"))
    assert sift(given_rows).remarked == (Dropped(checks.ODD, 2, (1, 3)),)
    assert numbers(sift(given_rows, {"odd": "leave out"})) == [2]


@pytest.mark.parametrize(
    "text", ["Say <|im_end|> now", "[INST] Hi [/INST]", "<start_of_turn>user", "<think>", "<|eot_id|>"]
)
def test_spelled_signs_of_control_are_remarked_on(text: str) -> None:
    sifted = sift(rows((text, "Yes"), ("Well?", "Yes")))
    assert (found(sifted, "control").rows, found(sifted, "control").chosen) == ((1,), "use")


@pytest.mark.parametrize(
    "text", ["a <b> tag", "x < y | z > w", "a <- b |> c", "I think> so", "</s>", "[INSTALL]", "<|>"]
)
def test_ordinary_signs_are_not(text: str) -> None:
    assert sift(rows((text, text))).findings == ()


def test_at_most_twenty_rows_are_kept_with_a_version_and_ten_thousand_are_named() -> None:
    sifted = sift(rows(*[("How?", "")] * 10_030))
    (finding,) = sifted.findings
    assert (finding.count, len(finding.rows)) == (10_030, 10_000)
    (dropped,) = sifted.dropped
    assert (dropped.count, len(dropped.rows)) == (10_030, 20)


@pytest.mark.parametrize("remedies", [{"nonsense": "use"}, {"odd": "mask"}, {"leak": "leave out"}, {"secret": "burn"}])
def test_a_remedy_that_there_is_not_is_refused(remedies: dict[str, str]) -> None:
    with pytest.raises(UserFault):
        sift([], remedies)
    with pytest.raises(UserFault):
        after_split([], remedies)


def test_masking_comes_before_looking_for_repeats() -> None:
    given_rows = rows(("I am ann@home.net. Help!", "Sure"), ("I am bob@work.org. Help!", "Sure"))
    assert len(sift(given_rows).examples) == 2
    masked = sift(given_rows, {"personal": "mask"})
    assert [example.question for example in masked.examples] == ["I am [e-mail]. Help!"]
    assert found(masked, "repeated").rows == (2,)


def test_turns_after_one_that_is_left_out_are_left_out_too() -> None:
    turns = (("Hello", "Hi"), ("Is it gr\ufffdn?", "Yes"), ("Why?", "Paint"), ("Thanks", "Bye"))
    spoken = [*talk("one", *turns), *talk("two", ("Hello", "Hi"), ("Bye", "Bye"), first=5)]
    assert numbers(sift(spoken)) == [1, 2, 3, 4, 5, 6]
    sifted = sift(spoken, {"odd": "leave out"})
    assert numbers(sifted) == [1, 5, 6]
    assert (found(sifted, "odd").rows, found(sifted, "interrupted").rows) == ((2,), (3, 4))


def test_a_turn_whose_history_leaves_no_room_is_left_out() -> None:
    def by_history(examples: object) -> list[Measured]:
        return [Measured(64, 3, 3 if example.history else 0) for example in examples]  # pyright: ignore

    sifted = sift(talk("one", ("Hello", "Hi"), ("Bye", "Bye"), ("Really", "Yes")), {}, by_history)
    assert numbers(sifted) == [1]
    assert found(sifted, "untrained").rows == (2, 3)


TEXTS = st.sampled_from(
    (
        *(
            "",
            "yes",
            "no",
            "\ufffd",
            "<|im_end|>",
            "How big?",
            "how big",
            "How bigg?",
            "What is it good for, my friend?",
        ),
        *("ann@home.net", "password=hunter2horse", "Call +44 20 7946 0958"),
        "Hur stor är den egentligen, och vad kostar den i butiken?",
    )
)
PARTS: st.SearchStrategy[Part] = st.sampled_from(["learn", "watch", "exam"])
EXAMPLES = st.lists(st.builds(Example, st.just(0), TEXTS, TEXTS, part=PARTS), max_size=12).map(
    lambda made: [replace(example, row=number) for number, example in enumerate(made, 1)]
)


def measured(examples: object) -> list[Measured]:
    return [Measured(len(one.question) + 1, len(one.answer), 0) for one in examples]  # pyright: ignore


@settings(deadline=None)  # the first text in another language waits for the model that tells it
@given(EXAMPLES)
def test_use_everywhere_gives_back_every_row_that_can_be_learned(examples: list[Example]) -> None:
    undone = examine(examples, dict.fromkeys(CHECKS, "use"), measured, ("en",))
    assert undone.examples == [example for example in examples if example.question and example.answer]


@settings(deadline=None)
@given(EXAMPLES)
def test_findings_name_the_rows_that_they_count(examples: list[Example]) -> None:
    examined = examine(examples, {}, measured, ("en",))
    present = {example.row for example in examples}
    for one in examined.findings:
        assert one.count == len(one.rows) > 0
        assert set(one.rows) | set(one.like) <= present
        assert one.like == () or len(one.like) == len(one.rows)
        assert one.chosen in one.actions


@settings(deadline=None)
@given(EXAMPLES)
def test_what_is_remedied_is_not_found_again(examples: list[Example]) -> None:
    once = sift(examples, {"personal": "mask"})
    assert not {"secret", "personal", "repeated"} & set(ids(sift(once.examples)))


def test_texts_are_tidied_without_changing_their_words() -> None:
    assert tidied("  a\r\nb\rc  ") == "a\nb\nc"
    assert tidied("Cafe\u0301") == "Café"

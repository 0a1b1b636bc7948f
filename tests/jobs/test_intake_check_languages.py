"""Rows in a language that the base model does not know; short English is never taken for another one."""

import pytest

from jobs.intake.checks import Finding, sift
from tests.jobs.examples import rows

SWEDISH = ("Hur lång tid tar leveransen?", "Leveransen tar vanligtvis två till tre arbetsdagar efter beställningen.")
SPANISH = ("¿Cuánto tarda el envío?", "El envío suele tardar dos o tres días laborables desde que hace el pedido.")
FRENCH = ("Combien de temps prend la livraison ?", "La livraison prend en général deux ou trois jours ouvrables.")
ENGLISH = ("How long does delivery take?", "Delivery usually takes two or three working days after you order.")
CHINESE = ("送货需要多长时间？", "下单后通常需要两到三个工作日送达，偏远地区可能更久。")
SHORT_ENGLISH = (
    *("Refund?", "Where is my order", "pls cancel", "Wrong item received", "no invoice", "card_arrival", "ETA?"),
    *("Reset password", "login error 403", "Size M or L?", "Aarhus to Bilbao", "In stock", "Tent poles broken"),
    *("Is ventilation included", "Does radon count", "Can I return socks", "Charger Type-C", "ok thanks", "Gift card"),
)


def found(*texts: tuple[str, str], known: tuple[str, ...] = ("en",)) -> Finding | None:
    return next((one for one in sift(rows(*texts), {}, None, known).findings if one.id == "language"), None)


@pytest.mark.parametrize(
    ("text", "name"), [(SWEDISH, "Swedish"), (SPANISH, "Spanish"), (FRENCH, "French"), (CHINESE, "Chinese")]
)
def test_a_language_that_the_model_does_not_know_is_named(text: tuple[str, str], name: str) -> None:
    finding = found(ENGLISH, text)
    assert finding is not None
    assert (finding.rows, finding.chosen) == ((2,), "use")
    assert finding.detail.startswith(f"{name} (1).")
    assert found(ENGLISH, text, known=("en", "sv", "es", "fr", "zh")) is None


def test_left_out_where_that_is_chosen() -> None:
    sifted = sift(rows(ENGLISH, SWEDISH), {"language": "leave out"}, None, ("en",))
    assert [example.row for example in sifted.examples] == [1]


def test_without_a_model_no_language_is_looked_for() -> None:
    assert sift(rows(SWEDISH)).findings == ()


@pytest.mark.parametrize("text", SHORT_ENGLISH)
def test_short_english_is_no_other_language(text: str) -> None:
    assert found((text, "card_arrival")) is None


def test_english_is_found_by_a_model_that_does_not_know_it() -> None:
    finding = found(ENGLISH, SWEDISH, known=("sv",))
    assert finding is not None
    assert finding.rows == (1,)


def test_short_rows_follow_the_others() -> None:
    short = [("Var är den?", "Här"), ("Hur då?", "Så"), ("Ja?", "Nej")]
    finding = found(
        *[SWEDISH] * 1, ("Vad kostar frakten?", "Frakten är gratis över 500 kronor, annars 49 kronor."), *short
    )
    assert finding is not None
    assert finding.count == 5
    assert found(ENGLISH, SWEDISH, *short) is None or found(ENGLISH, SWEDISH, *short).rows == (2,)  # pyright: ignore


def test_near_kin_of_a_known_language_is_known() -> None:
    text = ("Kor lang tid tek leveringa?", "Leveringa tek vanlegvis to til tre arbeidsdagar etter at du har tinga.")
    assert found(text, known=("no",)) is None

"""The picture of a scorecard is sound SVG, within its frame, and says its result in words."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import Json
from studio.views.bars import bars, in_words

SVG = "{http://www.w3.org/2000/svg}"


def way(column_id: str, right: float, low: float, high: float, kind: str = "tuned") -> Json:
    return {"way": kind, "column_id": column_id, "n": 40, "right": right, "right_low": low, "right_high": high}


WAYS = [way("base", 0.2, 0.1, 0.35, "base"), way("hybrid", 0.85, 0.71, 0.93, "hybrid")]
NAMES = {"base": "○ Base", "hybrid": "✚ Hybrid"}


def test_each_column_has_its_bar_its_range_and_its_number() -> None:
    root = ET.fromstring(bars(WAYS, NAMES))
    base, hybrid = root.iter(f"{SVG}rect")
    assert (base.get("class"), hybrid.get("class")) == ("bar base", "bar hybrid")
    assert float(hybrid.get("width", 0)) / float(base.get("width", 0)) == pytest.approx(0.85 / 0.2, rel=0.01)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"○ Base", "✚ Hybrid", "8 of 40", "34 of 40", "0", "100"} <= set(texts)
    assert len(list(root.iter(f"{SVG}path"))) == 2


def test_the_result_can_be_read_without_seeing_the_picture() -> None:
    assert in_words(WAYS, {"base": "Base", "hybrid": "Hybrid"}) == (
        "Right answers of 100, with the range that chance allows (more is better): "
        "Base 8 of 40, likely between 10 and 35 of 100; Hybrid 34 of 40, likely between 71 and 93 of 100."
    )


def test_a_name_is_never_markup() -> None:
    root = ET.fromstring(bars([way("tuned", 0.5, 0.4, 0.6)], {"tuned": "<script>&"}))
    assert any(text.text == "<script>&" for text in root.iter(f"{SVG}text"))


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.text(max_size=80)), max_size=9),
)
def test_any_scores_stay_within_the_frame(rows: list[tuple[float, float, float, str]]) -> None:
    ways = [way(str(nr), right, low, high) for nr, (right, low, high, _) in enumerate(rows)]
    names = {str(nr): "".join(c for c in name if c.isprintable()) for nr, (*_, name) in enumerate(rows)}
    root = ET.fromstring(bars(ways, names))
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    for bar in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(bar.get(key, "-1")) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from storage.run_records import RunRecord
from studio.views.charts import course, in_words, run_chart

SVG = "{http://www.w3.org/2000/svg}"


def record(step: int, kind: str = "loss", **body: object) -> RunRecord:
    return RunRecord("j", 1, step, kind, step, dict(body), 0.0)


RUN = [
    record(1, loss=2.9),
    record(2, loss=2.5),
    record(2, eval_loss=2.7),
    record(3, loss=1.1),
    record(4, kind="sample", question="?"),
    record(4, eval_loss=1.19),
]


def test_the_lines_are_the_losses_by_step() -> None:
    drawn = course(RUN)
    assert drawn.learn == ((1, 2.9), (2, 2.5), (3, 1.1))
    assert drawn.unseen == ((2, 2.7), (4, 1.19))


def test_the_picture_has_both_lines_and_says_their_ends_in_words() -> None:
    root = ET.fromstring(run_chart(RUN))
    lines = {line.get("class") for line in root.iter(f"{SVG}polyline")}
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert lines == {"line learn", "line unseen"}
    assert "its examples 1.10" in texts
    assert "unseen questions 1.19" in texts
    assert "How far its answers are from yours (lower is better)" in texts


def test_the_result_can_be_read_without_seeing_the_picture() -> None:
    assert in_words(course(RUN)) == (
        "How far its answers are from yours (lower is better): on its examples 2.90 at step 1 and 1.10 at step 3; "
        "on unseen questions 2.70 at step 2 and 1.19 at step 4."
    )
    assert in_words(course([])) == "No measurements yet."


def test_before_the_first_measurement_a_sentence_stands_in_its_place() -> None:
    assert "No measurements yet." in run_chart([])
    ET.fromstring(run_chart([]))


def test_labels_at_the_ends_do_not_cover_each_other() -> None:
    root = ET.fromstring(run_chart([record(1, loss=1.0), record(9, loss=1.0), record(9, eval_loss=1.01)]))
    places = [float(text.get("y", "0")) for text in root.iter(f"{SVG}text") if "-text" in text.get("class", "")]
    assert abs(places[0] - places[1]) >= 17


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 10**6)), max_size=400))
def test_any_run_gives_a_picture_within_its_frame(points: list[tuple[int, float]]) -> None:
    root = ET.fromstring(run_chart([record(step, loss=value) for step, value in points]))
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    for line in root.iter(f"{SVG}polyline"):
        for point in (line.get("points") or "").split():
            x, y = (float(part) for part in point.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height

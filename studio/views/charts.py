"""Pictures as SVG text, drawn by us: the course of a training run."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from storage.run_records import RunRecord

TITLE = "How far its answers are from yours (lower is better)"
_WIDTH, _HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 176, 40, 44
_MOST_POINTS = 240
_STYLE = """
text{font:13px ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;fill:#4A5565}
.title{font-weight:700;fill:#1B2430}.grid{stroke:#E1E6ED}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.learn{stroke:#B04A00}.unseen{stroke:#1F5FBF;stroke-dasharray:7 4}.learn-text{fill:#B04A00}.unseen-text{fill:#1F5FBF}
.learn-dot{fill:#B04A00}.unseen-dot{fill:#1F5FBF}
@media (prefers-color-scheme:dark){text{fill:#B4BECB}.title{fill:#EEF2F7}.grid{stroke:#313C49}.learn{stroke:#F2A25C}
.unseen{stroke:#7FB2FF}.learn-text,.learn-dot{fill:#F2A25C}.unseen-text,.unseen-dot{fill:#7FB2FF}}
"""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Course:
    """The two lines of a run: distance from the examples it learns, and from those it never saw."""

    learn: tuple[Point, ...]
    unseen: tuple[Point, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """All points of both lines."""
        return self.learn + self.unseen


def course(records: Sequence[RunRecord]) -> Course:
    """Return the lines that the records of a run make, in order of their steps."""
    losses = [record for record in records if record.kind == "loss"]
    return Course(_line(losses, "loss"), _line(losses, "eval_loss"))


def _line(records: Sequence[RunRecord], key: str) -> tuple[Point, ...]:
    values = {record.step: record.body.get(key) for record in records if record.body.get(key) is not None}
    return tuple((step, float(str(value))) for step, value in sorted(values.items()))


@dataclass(frozen=True, slots=True)
class Said:
    """How a picture names what it shows: its two lines at their ends and in the sentence, and what lies across."""

    ends: tuple[str, str]
    lines: tuple[str, str]
    across: str
    unit: str


ONE_RUN = Said(
    ("its examples", "unseen questions"), ("on its examples", "on unseen questions"), "training step", "step"
)
TWO_RUNS = Said(("this run", "the other"), ("this run on unseen questions", "the other"), "passes", "pass")


def compared(this: Sequence[RunRecord], other: Sequence[RunRecord]) -> Course:
    """Return the unseen questions of two runs, over their passes: their steps may hold other numbers of examples."""
    return Course(_over_passes(this), _over_passes(other))


def _over_passes(records: Sequence[RunRecord]) -> tuple[Point, ...]:
    looks = [record.body for record in records if record.kind == "loss" and record.body.get("eval_loss") is not None]
    return tuple((round(float(body.get("epoch", 0)), 2), float(body["eval_loss"])) for body in looks)


def in_words(drawn: Course, said: Said = ONE_RUN) -> str:
    """Return the result of the picture as a sentence, for those who don't see it."""
    if not drawn.points:
        return "No measurements yet."
    parts = [
        f"{name} {line[0][1]:.2f} at {said.unit} {line[0][0]:g} and {line[-1][1]:.2f} at {said.unit} {line[-1][0]:g}"
        for name, line in zip(said.lines, (drawn.learn, drawn.unseen), strict=True)
        if line
    ]
    return f"{TITLE}: {'; '.join(parts)}."


def run_chart(records: Sequence[RunRecord]) -> str:
    """Return the picture of a run as SVG; a sentence in its place where nothing was measured yet."""
    return picture(course(records), ONE_RUN)


def picture(drawn: Course, said: Said) -> str:
    """Return the picture of two lines as SVG; a sentence in its place where nothing was measured yet."""
    nothing = _text(_LEFT, _HEIGHT / 2, "No measurements yet. The first come soon.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(in_words(drawn, said))}</title><style>{_STYLE}</style>"
        f"{_text(_LEFT - 36, 20, TITLE, 'title')}{_lines(drawn, said) if drawn.points else nothing}</svg>"
    )


def _lines(drawn: Course, said: Said) -> str:
    last = max(step for step, _ in drawn.points) or 1
    highest, step = _scale(max(value for _, value in drawn.points))

    def place(point: Point) -> tuple[float, float]:
        across, down = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return _LEFT + across * point[0] / last, _TOP + down * (1 - min(point[1], highest) / highest)

    grid = "".join(_rule(place((0, value))[1], value, last_x=place((last, 0))[0]) for value in _ticks(highest, step))
    ends = _apart(*(place(line[-1])[1] if line else None for line in (drawn.learn, drawn.unseen)))
    learn = _curve([place(point) for point in _thinned(drawn.learn)], "learn")
    unseen = _curve([place(point) for point in _thinned(drawn.unseen)], "unseen")
    labels = _end(drawn.learn, ends[0], said.ends[0], "learn") + _end(drawn.unseen, ends[1], said.ends[1], "unseen")
    return grid + learn + unseen + labels + _steps(last, said.across)


def _scale(highest: float) -> tuple[float, float]:
    step = next(size for size in (0.1, 0.25, 0.5, 1, 2, 5, 10, 50, 1e6) if highest <= 4 * size)
    ticks = 1
    while ticks * step < highest:
        ticks += 1
    return ticks * step, step


def _ticks(highest: float, step: float) -> list[float]:
    return [index * step for index in range(round(highest / step) + 1)]


def _thinned(line: Sequence[Point]) -> list[Point]:
    every = max(1, len(line) // _MOST_POINTS)
    return [*line[::every], *line[-1:]]


def _curve(places: Sequence[tuple[float, float]], name: str) -> str:
    if not places:
        return ""
    x, y = places[-1]
    points = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
    dot = f'<circle class="{name}-dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    return f'<polyline class="line {name}" points="{points}"/>{dot}'


def _apart(learn: float | None, unseen: float | None) -> tuple[float, float]:
    """Keep the two labels at the lines' ends from covering each other."""
    if learn is None or unseen is None or abs(learn - unseen) >= 17:
        return learn or 0.0, unseen or 0.0
    middle, upper = (learn + unseen) / 2, -9 if learn <= unseen else 9
    return middle + upper, middle - upper


def _end(line: Sequence[Point], y: float, name: str, kind: str) -> str:
    if not line:
        return ""
    return _text(_WIDTH - _RIGHT + 10, y + 4, f"{name} {line[-1][1]:.2f}", f"{kind}-text")


def _rule(y: float, value: float, *, last_x: float) -> str:
    line = f'<line class="grid" x1="{_LEFT}" x2="{last_x:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'


def _steps(last: float, across: str) -> str:
    left, right = _LEFT, _WIDTH - _RIGHT
    named = ((left, "0"), (right, f"{last:g}"), ((left + right) / 2, across))
    return "".join(f'<text x="{x}" y="{_HEIGHT - 20}" text-anchor="middle">{words}</text>' for x, words in named)


def _text(x: float, y: float, words: str, name: str = "") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'

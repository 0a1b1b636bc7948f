"""The picture of a scorecard: a bar for each column with the range that chance allows, as SVG text drawn by us."""

from collections.abc import Mapping, Sequence
from html import escape

from storage.records import Json
from studio.views.markdown import plain, shortened
from studio.wording import scores as words
from studio.wording.ways import WAYS

_WIDTH, _RIGHT, _TOP, _BOTTOM, _STEP, _BAR = 640, 84, 44, 34, 36, 18
_LONGEST_NAME = 36
_LETTER = 7.2  # about as wide as a letter of the picture's type is on average
_LIGHT = {"base": "#2F3A48", "tuned": "#B04A00", "documents": "#1F5FBF", "tools": "#00776B", "hybrid": "#9B2C86"}
_DARK = {"base": "#E3E8EF", "tuned": "#F2A25C", "documents": "#7FB2FF", "tools": "#4CC9B4", "hybrid": "#E08BD0"}


def in_words(ways: Sequence[Json], names: Mapping[str, str]) -> str:
    """Return the result of the picture as a sentence, for those who don't see it."""
    told = "; ".join(
        f"{plain(names[way['column_id']])} {_right(way)}, likely between {_hundredths(way['right_low'])} and "
        f"{_hundredths(way['right_high'])} of 100"
        for way in ways
    )
    return f"{words.PICTURE}: {told}."


def bars(ways: Sequence[Json], names: Mapping[str, str]) -> str:
    """Return the picture; `names` are those of the columns, each with its mark."""
    height = _TOP + _STEP * len(ways) + _BOTTOM
    shown = {column_id: shortened(name, _LONGEST_NAME) for column_id, name in names.items()}
    left = 28 + _LETTER * max((len(name) for name in shown.values()), default=0)
    body = "".join(_bar(way, shown[way["column_id"]], left, _TOP + _STEP * place) for place, way in enumerate(ways))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">'
        f"<title>{escape(in_words(ways, names))}</title><style>{_style()}</style>"
        f"{_text(8, 20, words.PICTURE, 'title')}{_scale(left, height)}{body}</svg>"
    )


def _style() -> str:
    light = "".join(f".{way}{{fill:{_LIGHT[way]}}}" for way in WAYS)
    dark = "".join(f".{way}{{fill:{_DARK[way]}}}" for way in WAYS)
    return (
        "text{font:13px ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;fill:#4A5565}"
        f".title{{font-weight:700;fill:#1B2430}}.grid{{stroke:#E1E6ED}}.bar{{opacity:.5}}{light}"
        ".range{stroke:#1B2430;stroke-width:1.6;fill:none}"
        "@media (prefers-color-scheme:dark){text{fill:#B4BECB}.title{fill:#EEF2F7}.grid{stroke:#313C49}"
        f".range{{stroke:#FFFFFF}}{dark}}}"
    )


def _scale(left: float, height: int) -> str:
    places = [(round(100 * share), _place(left, share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return "".join(
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{height - 26}"/>'
        f'<text x="{x:.1f}" y="{height - 10}" text-anchor="middle">{share}</text>'
        for share, x in places
    )


def _bar(way: Json, name: str, left: float, top: float) -> str:
    middle, kind = top + _BAR / 2, way["way"] if way["way"] in WAYS else "base"
    right, low, high = (_place(left, way[key]) for key in ("right", "right_low", "right_high"))
    ends = "".join(f"M{x:.1f} {middle - 5:.1f}V{middle + 5:.1f}" for x in (low, high))
    return (
        f'<rect class="bar {kind}" x="{left:.1f}" y="{top}" width="{right - left:.1f}" height="{_BAR}"/>'
        f'<path class="range" d="M{low:.1f} {middle:.1f}H{high:.1f}{ends}"/>'
        f'<text class="{kind}" x="{left - 10:.1f}" y="{middle + 4:.1f}" text-anchor="end">{escape(name)}</text>'
        f"{_text(_WIDTH - _RIGHT + 12, middle + 4, _right(way))}"
    )


def _place(left: float, share: float) -> float:
    return left + (_WIDTH - left - _RIGHT) * min(1.0, max(0.0, share))


def _right(way: Json) -> str:
    return f"{round(way['right'] * way['n'])} of {way['n']}"


def _hundredths(share: float) -> int:
    return round(100 * share)


def _text(x: float, y: float, text: str, name: str = "") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'

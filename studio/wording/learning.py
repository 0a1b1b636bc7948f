"""What is said of a run's forecast, of its course, and of the state that is kept."""

from jobs.training.forecast import Forecast
from jobs.training.trend import Reading, Trend
from studio.wording.numbers import about, count, duration, size

WHICH = {"best": "Best", "worst": "Worst", "random": "At random", "": ""}
SAMPLES = ("Question it never saw", "Before training", "The answer you wanted")
SHARED_HELP = (
    "The number behind an answer: how many of its words it shares with yours, from 0 to 100 (token F1). An answer in "
    "other words can be just as right."
)
LENT = (
    "There was not enough memory for both, so the part that answers has made room for this training. Questions wait "
    "until it is done."
)
LENT_PAST = "The part that answers had made room for this training; it is back since."
_IMPROVING = {
    False: "**Still improving:** its answers to questions it never saw come closer to yours.",
    True: "**It was still improving at its end:** more passes may bring more.",
}
_EARLY = {
    False: "Too early to say whether it is learning.",
    True: "It ended too early to say whether it was learning.",
}


def trend(reading: Reading, *, over: bool) -> str:
    """Return what the course says, while it runs or once it is over."""
    best = f"after pass {reading.best.passes:.3g}" if reading.best else ""
    match reading.trend:
        case Trend.EARLY:
            return _EARLY[over]
        case Trend.IMPROVING:
            return _IMPROVING[over]
        case Trend.STOPPED:
            return f"**It has stopped improving {best}:** more of the same brings nothing."
        case Trend.MEMORISING:
            return (
                f"**It is memorising since {best.removeprefix('after ')}:** what it learns comes closer, but its "
                "answers to questions it never saw get worse. More examples help, more passes do not."
            )
        case Trend.NO_HELP:
            return (
                "**What it learns does not help with questions it never saw.** Look whether your examples have "
                "something in common; facts that stand in no other example are better looked up in documents."
            )


def foretold(forecast: Forecast) -> str:
    """Return what was said before the first step."""
    most = " at most" if forecast.at_most else ""
    return f"Forecast before it began: {about(forecast.seconds)}{most} · {memory(forecast)}."


def memory(forecast: Forecast) -> str:
    """Return the memory that was measured, and how."""
    rows = count(forecast.batch_size, "longest example", "longest examples")
    how = f"measured on your {rows}"
    if forecast.rows < forecast.batch_size:
        how = f"measured on {forecast.rows} of your {rows}, reckoned for all"
    less = f"; to fit, it was made smaller {count(forecast.halvings, 'time')}" if forecast.halvings else ""
    return f"{size(forecast.peak_bytes)} of memory, {size(forecast.room_bytes)} were free ({how}{less})"


def compared(forecast: Forecast, seconds: float, *, early: bool) -> str:
    """Return the forecast beside the truth."""
    most = " at most" if forecast.at_most else ""
    why = "; it stopped by itself before the end" if early else ""
    return f"Said {duration(forecast.seconds)}{most}, took {duration(seconds)}{why}."


def held(said: int, truth: int) -> str:
    """Return the memory that was foretold beside what was really held at the height."""
    return f"Memory: said {size(said)}, held {size(truth)} at the height."


def kept(step: int, passes: float, looks: int, *, early: bool) -> str:
    """Return which state is kept and whether the run stopped by itself."""
    stopped = " It stopped by itself, since it got no better." if early else ""
    return f"Kept: the best of {count(looks, 'test')}, after pass {passes:g} (step {step:,}).{stopped}"


def shared(score: float | None) -> str:
    """Return a score behind an answer; nothing where there is none."""
    return "" if score is None else f" (**{score * 100:.0f}**)"

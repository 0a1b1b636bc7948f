"""What is said of a training before it starts: its forecast, and what Auto chose and why."""

from jobs.requests import Learning
from jobs.training.forecast import Forecast
from jobs.training.foreseeing import Foreseen
from jobs.training.presets import PRESETS, Settings
from studio.wording.numbers import about, count, size

TRY = "Try it first"
TRY_HELP = "Takes about half a minute: some real steps on your longest examples. Nothing is kept of it."
COMMAND = "As a command line"
COMMAND_HELP = "The same training from a terminal. What Auto chooses is left out; it is chosen there in the same way."
CHOSEN = "What Auto chose, and why"
COLUMNS = ("Setting", "Chosen", "Why")
NOT_HERE = (
    "The model is not on this computer yet, so your examples can't be counted in its tokens. It is fetched first."
)
YOURS = "You chose it."
FORMAT = "Number format"
CARDS = "Graphics cards"
_FORMATS = {"bfloat16": "16 bits (bf16)", "float16": "16 bits (fp16)", "float32": "32 bits (fp32)"}
_DEVICES = {"cuda": "the graphics card", "mps": "Apple's graphics", "cpu": "the processor"}


def forecast(seen: Foreseen, held_out: int) -> str:
    """Return time, memory and rows in one line, and how they are known."""
    rows = f"{count(seen.facts.rows, 'example')} to learn, {held_out:,} held back"
    if seen.measured is not None:
        return f"**Forecast, measured on your longest examples:** {measured(seen.measured)} · {rows}"
    time = "time not measured yet" if seen.seconds is None else f"{about(seen.seconds)}{_most(seen)}"
    how = "by the speed of the last training" if seen.seconds is not None else "by its sizes"
    memory = f"about {size(seen.needed_bytes)} of {size(seen.hardware.memory_bytes)} free memory"
    return f"**Forecast, estimated {how}:** {time} · {memory} · {rows}{_room(seen)}"


def measured(found: Forecast) -> str:
    """Return the time and the memory that a trial found."""
    most = " at most" if found.at_most else ""
    less = f" · made smaller {count(found.halvings, 'time')} to fit" if found.halvings else ""
    return f"{about(found.seconds)}{most} · {size(found.peak_bytes)} of memory, {size(found.room_bytes)} free{less}"


def _most(seen: Foreseen) -> str:
    return " at most" if seen.plan.patience is not None else ""


def _room(seen: Foreseen) -> str:
    if seen.fits:
        return ""
    return (
        ". **That is more than is free.** The part that answers will make room while it trains. If that is not enough, "
        "fewer examples go through at once; close other programs, or set *Save memory* under Expert settings."
    )


def chosen(request: Learning, seen: Foreseen) -> list[tuple[str, str, str]]:
    """Return for each knob its field's name, or its title where it has no field, what is chosen and why."""
    plan, facts, preset = seen.plan, seen.facts, PRESETS[request.preset]
    return [
        ("epochs", _passes(plan.least, plan.most), _said(request.epochs, _why_passes(preset, facts.rows))),
        ("patience", _patience(plan.patience), _said(request.patience, _why_patience(request))),
        (
            "learning_rate",
            f"{plan.learning_rate:g}",
            _said(request.learning_rate, _why_rate(plan.learning_rate, preset)),
        ),
        (
            "rank",
            f"{plan.rank}",
            _said(request.rank, "That of the preset: more room learns more detail, and more by heart."),
        ),
        ("batch_size", _batch(seen), _said(request.batch_size, "Small sets learn more from many small corrections.")),
        ("max_length", f"{count(plan.max_length, 'token')}", _said(request.max_length, _why_length(seen))),
        ("less_memory", _saving(seen), _why_memory(seen)),
        ("method", plan.method, _said(request.method, _why_method(seen))),
        ("judged_by", plan.judged_by, "It tells early and on every row you watch; answers are asked of some only."),
        ("keep", plan.keep, _why_keep(request)),
        ("all_rows", "yes" if request.all_rows else "no", "What is learned can't tell when to stop."),
        ("seed", f"{plan.seed}", "Any number does; the same one repeats the same run."),
        (
            FORMAT,
            _FORMATS[plan.dtype],
            f"The number format that {_DEVICES[plan.device]} is fast in; measured again at the start.",
        ),
        *([(CARDS, f"{plan.cards} of {seen.cards}", _why_cards(plan.cards))] if seen.cards > 1 else []),
    ]


def _said(value: object, why: str) -> str:
    return why if value is None else YOURS


def _passes(least: float, most: float) -> str:
    return f"{most:g}" if least == most else f"{least:.2g} to {most:g}"


def _why_passes(preset: Settings, rows: int) -> str:
    most = f"{count(rows, 'example')}: few need many passes, many need few ({preset.fewest} to {preset.most})."
    return f"{most} As many as fit into {about(preset.seconds)}." if preset.seconds else most


def _patience(patience: int | None) -> str:
    return "never stops early" if patience is None else count(patience, "test")


def _why_patience(request: Learning) -> str:
    if request.all_rows:
        return "Nothing is watched that could tell when to stop."
    return "You chose the passes." if request.epochs else "One worse test can be chance; so many in a row are not."


def _why_rate(rate: float, preset: Settings) -> str:
    tried = f"{preset.learning_rate:g} was tried out with the starter"
    return f"{tried}." if rate == preset.learning_rate else f"{tried}; wider models want smaller corrections."


def _batch(seen: Foreseen) -> str:
    plan = seen.plan
    return f"{plan.batch_size * plan.accumulation}, of these {plan.batch_size} at once"


def _why_length(seen: Foreseen) -> str:
    longest = f"Your longest example has {count(seen.facts.longest, 'token')}"
    return f"{longest}; {count(seen.tokens.cut, 'example')} will be cut." if seen.tokens.cut else f"{longest}."


def _saving(seen: Foreseen) -> str:
    return "remembers less, computes twice" if seen.plan.save_memory else "nothing given up"


def _why_memory(seen: Foreseen) -> str:
    return f"About {size(seen.needed_bytes)} are needed, {size(seen.hardware.memory_bytes)} are free."


def _why_method(seen: Foreseen) -> str:
    return (
        "Whole weights would not fit." if seen.plan.method == "qlora" else "Whole weights fit, or can't be packed here."
    )


def _why_cards(cards: int) -> str:
    if cards > 1:
        return "`TRIPTYCH_GPUS_PER_TRAINING` says so; each takes its share of every correction, to the same result."
    return "One training runs on each card; `TRIPTYCH_GPUS_PER_TRAINING` lets one have several."


def _why_keep(request: Learning) -> str:
    return (
        "Nothing is watched that could tell which was best." if request.all_rows else "The last is often not the best."
    )

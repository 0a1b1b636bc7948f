"""Scorecards as tables: how often each column was right, with the range that chance allows, and what was scored."""

from collections import Counter
from collections.abc import Callable, Sequence

from storage.question_sets import QuestionSet
from storage.records import Dataset, Job, JobState, Json, Scorecard
from studio.views import markdown
from studio.views.bars import in_words
from studio.views.information import information
from studio.wording import runs
from studio.wording import scores as words
from studio.wording.answers import NOT_REPORTED, link_words
from studio.wording.failures import join
from studio.wording.numbers import about, ago, count, duration, percent, short_hash
from studio.wording.tools import title as tool_title
from studio.wording.ways import WAYS, way_words

Choice = tuple[str, str]


def source_choices(datasets: Sequence[Dataset], question_sets: Sequence[QuestionSet]) -> list[Choice]:
    """Return what can be asked, the newest first: sets of examples that hold something back, and test questions."""
    held_back = [
        (one.created_at, f"{one.name}, version {one.version} ({one.held_out:,} held back)", one.id)
        for one in datasets
        if one.held_out
    ]
    brought = [(one.created_at, _set_choice(one), one.id) for one in question_sets]
    return [(label, value) for _, label, value in sorted(held_back + brought, key=lambda one: one[0], reverse=True)]


def _set_choice(kept: QuestionSet) -> str:
    sealed = f", {words.SEALED}" if kept.sealed else ""
    return f"{kept.name}, version {kept.version} ({count(kept.questions, 'question')}{sealed})"


def source_name(card: Scorecard, datasets: Sequence[Dataset]) -> str:
    """Return what was scored: the name and the version of the examples, or of the test questions."""
    if card.questions:
        return f"{card.questions['name']}, version {card.questions['version']}"
    known = {dataset.id: f"{dataset.name}, version {dataset.version}" for dataset in datasets}
    return known.get(card.source, card.source)


def ordered(card: Scorecard) -> list[Json]:
    """Return the rows of a scorecard in the order of the ways; several columns of one way stay as they were asked."""
    order = list(WAYS)
    return sorted(card.ways, key=lambda way: order.index(way["way"]) if way["way"] in order else len(order))


def plain_names(card: Scorecard) -> dict[str, str]:
    """Return how each column is called in a sentence, without its mark."""
    return {column_id: name.split(" ", 1)[1] for column_id, name in column_names(card).items()}


def column_names(card: Scorecard) -> dict[str, str]:
    """Return how each column is called, by its id: as its way, and where a way has several, with the trained model."""
    times = Counter(way["way"] for way in card.ways)
    return {way["column_id"]: _column_name(way, alone=times[way["way"]] == 1) for way in ordered(card)}


def _column_name(way: Json, *, alone: bool) -> str:
    heading = way_words(way["way"]).heading
    return heading if alone else f"{heading} ({way.get('adapter') or way['column_id']})"


def scorecard(card: Scorecard, name: str, verdict: str, missing: Sequence[Json], now: float) -> str:
    """Return a scorecard: questions, verdict, picture and tables, what was not asked, and the answers to take away."""
    asked, names = max((int(way["n"]) for way in card.ways), default=0), column_names(card)
    called = plain_names(card)
    parts = [
        f"## {markdown.plain(name)}: {count(asked, 'question')}, scored {ago(card.created_at, now)}",
        verdict,
        markdown.plain(information(ordered(card), called)),
        f"![{in_words(ordered(card), called)}](/charts/scores/{card.id}.svg{_revision(card)})",
        _table(card, names),
        _not_asked(missing),
        _kinds(card, names),
        _evidence(card, names),
        words.FEW_OF_A_KIND if asked >= words.LEAST and _has_few_of_a_kind(card) else "",
        words.RIGHT_MEANS,
        " · ".join(f"[{label}]({address})" for label, address in _take_away(card)),
    ]
    return "\n\n".join(filter(None, parts))


def _revision(card: Scorecard) -> str:
    """What lets the browser ask for the picture anew once marks have changed it."""
    return f"?rev={'-'.join(str(round(way['right'] * way['n'])) for way in card.ways)}"


def _take_away(card: Scorecard) -> list[Choice]:
    return [
        (words.AS_TABLE, f"/downloads/answers/{card.id}.csv"),
        (words.AS_LINES, f"/downloads/answers/{card.id}.jsonl"),
        (words.AS_JSON, f"/downloads/scores/{card.id}.json"),
        (words.AS_REPORT, f"/downloads/scores/{card.id}.html"),
        (words.LINK, words.address(card.id)),
    ]


def _table(card: Scorecard, names: dict[str, str]) -> str:
    failed = any(way.get("failed") for way in card.ways)
    rows = [[*_scores(card, way, names), *([str(way["failed"])] if failed else [])] for way in ordered(card)]
    return markdown.table((*words.TABLE_HEAD, *([words.FAILED] if failed else [])), rows)


def _scores(card: Scorecard, way: Json, names: dict[str, str]) -> list[str]:
    texts = int(way.get("texts", way["n"]))
    right = f"{_right_ones(way)} of {way['n']}"
    return [
        f"**{markdown.plain(names[way['column_id']])}**",
        f"[{right}]({words.address(card.id, column=way['column_id'])})",
        f"{round(100 * way['right_low'])} and {round(100 * way['right_high'])} of 100",
        f"{round(way['exact_match'] * texts)} of {texts}" if texts else "–",
        f"{way['token_f1']:.2f}" if texts else "–",
        f"{way['rouge_l']:.2f}" if texts else "–",
        duration(float(way["seconds"])),
        f"{way['tokens']:.0f}",
    ]


def _right_ones(way: Json) -> str:
    """Return how many questions were right; asked several times, each counts with the share of its right answers."""
    number = way["right"] * way["n"]
    return f"{number:.1f}" if way.get("times", 1) > 1 else str(round(number))


def _not_asked(missing: Sequence[Json]) -> str:
    return "\n".join(
        f"- {words.NOT_ASKED}: **{way_words(part['way']).heading}**. {markdown.plain(part['what'])} "
        f"[{link_words(part['where'])}]({part['where']})"
        for part in missing
    )


def _kinds(card: Scorecard, names: dict[str, str]) -> str:
    kinds = kinds_of(card)
    if len(kinds) < 2:
        return ""
    ways = ordered(card)
    rows = [
        [
            f"[{markdown.plain(kind_name(kind))}]({words.address(card.id, kind=kind)})",
            *(_right(card, kind, way) for way in ways),
        ]
        for kind in kinds
    ]
    headers = [words.BY_KIND, *(markdown.plain(names[way["column_id"]]) for way in ways)]
    return markdown.table(headers, rows)


def _evidence(card: Scorecard, names: dict[str, str]) -> str:
    """Return what the answers of ways that look things up rested on, where the questions say what it should be."""
    able = [way for way in ordered(card) if way.get("collection") or way.get("tools")]
    asked = [way for way in able if way.get("passages_expected") or way.get("calls_expected")]
    if not asked:
        return ""
    rows = [
        [
            f"**{markdown.plain(names[way['column_id']])}**",
            _share(way, "recall", "passages_expected", "collection"),
            _share(way, "precision", "passages_expected", "collection"),
            _share(way, "tool_match", "calls_expected", "tools"),
            _share(way, "argument_match", "arguments_expected", "tools"),
        ]
        for way in asked
    ]
    return f"{markdown.table(words.EVIDENCE_HEAD, rows)}\n\n{words.EVIDENCE_HELP}"


def _share(way: Json, key: str, of: str, needs: str) -> str:
    return f"{way[key]:.2f} ({way[of]:,})" if way[of] and way.get(needs) else "–"


def _right(card: Scorecard, kind: str, way: Json) -> str:
    cell = way.get("kinds", {}).get(kind)
    if not cell:
        return "–"
    address = words.address(card.id, kind=kind, column=way["column_id"])
    return f"[{round(cell['right'] * cell['n'])} of {cell['n']}]({address})"


def kinds_of(card: Scorecard) -> list[str]:
    """Return the kinds of questions that were asked: the known ones in their usual order, then the others by name."""
    found = {kind for way in card.ways for kind in way.get("kinds", {})}
    return [kind for kind in words.KINDS if kind and kind in found] + sorted(found - set(words.KINDS) | found & {""})


def _has_few_of_a_kind(card: Scorecard) -> bool:
    kinds = [way.get("kinds", {}) for way in card.ways]
    return any(len(one) > 1 and min(kind["n"] for kind in one.values()) < words.LEAST for one in kinds)


def kind_name(kind: str) -> str:
    """Return what a kind of questions is called."""
    return words.KINDS.get(kind, kind)


def facts(card: Scorecard) -> str:
    """Return what was scored: of each column the model, what it was trained on, what it read, which tools it had."""
    names = column_names(card)
    parts: tuple[tuple[str, Callable[[Json], str]], ...] = (
        ("Model", _model),
        ("Trained on your examples", _trained),
        ("Documents", _documents),
        ("Tools", lambda way: ", ".join(tool_title(tool) for tool in way.get("tools", ())) or "–"),
    )
    rows = [
        [f"**{markdown.plain(names[way['column_id']])}**", *(tell(way) for _, tell in parts)] for way in ordered(card)
    ]
    return f"{words.FACTS_HELP}\n\n{markdown.table(('Way', *(title for title, _ in parts)), rows)}"


def _model(way: Json) -> str:
    return f"{markdown.plain(str(way.get('model', '')))} {_told(way, 'base_sha256')}"


def _trained(way: Json) -> str:
    if not way.get("adapter_id"):
        return "–"
    examples: Json = way.get("examples") or {}
    on = f" ({examples['name']}, version {examples['version']})" if examples.get("name") else ""
    return f"{markdown.plain(str(way.get('adapter') or '') + on)} {_told(way, 'adapter_sha256')}"


def _documents(way: Json) -> str:
    if not way.get("collection"):
        return "–"
    versions = ", then ".join(str(version) for version in way.get("reported", {}).get("index_version", ()))
    index = f", version {versions} of the index" if versions else ""
    return f"{markdown.plain(way['collection'])}, {count(way.get('documents', 0), 'document')}{index}"


def _told(way: Json, key: str) -> str:
    told = way.get("reported", {}).get(key, ())
    return markdown.code(", then ".join(short_hash(str(value)) for value in told) or NOT_REPORTED)


def standing(job: Job | None, working: bool = True) -> str:
    """Return how the scoring in hand stands, or why the newest failed; nothing where it ended well."""
    if job is None or job.state in {JobState.SUCCEEDED, JobState.CANCELLED}:
        return ""
    if job.state is JobState.FAILED:
        return f"**✕** {markdown.plain(join(join(job.failure_text, 'Nothing is lost.'), job.failure_next_step))}"
    if job.state is JobState.QUEUED and not working:
        return f"◌ {runs.NO_WORKER}"
    if not job.total_steps:
        return runs.standing(job)
    left = f", {about(job.seconds_left)} left" if job.seconds_left is not None else ""
    return markdown.progress(percent(job.step, job.total_steps), f"{words.asked(job.step, job.total_steps)}{left}")


def earlier(cards: Sequence[Scorecard], datasets: Sequence[Dataset], now: float) -> str:
    """Return the list of what was scored before, each with its link."""
    return "\n".join(
        f"- [{markdown.plain(source_name(card, datasets))}]({words.address(card.id)}), {ago(card.created_at, now)}"
        for card in cards
    )

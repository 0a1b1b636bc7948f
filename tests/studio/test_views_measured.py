"""The measured table says what was found, what was not, and never a number that nobody measured."""

from jobs.evaluation.measuring.found import as_document, found_of
from storage.measurements import Measurement
from storage.records import Job, JobState, Json, Scorecard
from studio.views.measured import standing, table

KINDS = {"facts": {"n": 30, "right": 0.8}, "unknown": {"n": 6, "right": 0.5}}
PARTS: dict[str, Json] = {
    "base": {},
    "tuned": {"adapter_id": "a"},
    "documents": {"collection": "Manuals"},
    "tools": {"tools": ["look_up_orders", "calculator"]},
}
CHANGE = {"asked": 3, "knew": 3, "change_s": 0.4, "answer_s": 1.0, "training_s": None}

SCORING = "2.8 s in the scoring, where several are asked at once<br>30 tokens"


def way(name: str, **more: object) -> Json:
    row = {"way": name, "column_id": name, "n": 36, "right": 0.75, "seconds": 2.8, "tokens": 30.4, "model": "starter"}
    reported = {"base_sha256": ["b" * 64], "adapter_sha256": ["a" * 64] if name == "tuned" else []}
    return {**row, "kinds": KINDS, "reported": reported, **PARTS[name], **more}


CARD = Scorecard("c", "j", "d", tuple(way(name) for name in PARTS), "scores/j.jsonl", 0.0)


def of(name: str) -> list[object]:
    row = way(name)
    return [name, "starter", row.get("adapter_id"), row.get("collection"), row.get("tools", [])]


def measured(row: str, at: float = 100.0, beside: tuple[str, ...] = (), **columns: Json) -> Measurement:
    cells = {name: {"of": of(name), **cell} for name, cell in columns.items()}
    return Measurement(row, "c", cells, beside, at)


def line(row: str, *measurements: Measurement) -> list[str]:
    text = table(CARD, found_of(CARD, measurements), 160.0)
    found = next(one for one in text.splitlines() if row in one)
    return [cell.strip() for cell in found.strip("|").split("|")][1:]


def new(number: int) -> Json:
    return {**CHANGE, "says": {"new": number, "old": 0, "neither": 3 - number}}


def test_what_nobody_measured_says_so_with_a_way_to_measure_it() -> None:
    assert line("Live data") == ["not measured yet"] * 4 + ["[Measure](#measure-live)"]
    assert line("Setting it up")[:4] == ["not measured yet"] * 4


def test_what_the_score_knows_stands_without_measuring() -> None:
    told = line("Is the model changed")
    assert told[0] == "no, as published `bbbb…bbbb`"
    assert told[1] == "yes, trained `aaaa…aaaa`"
    assert told[4] == "with the score<br>[Measure](#measure-model)"
    assert (
        line("Right, by kind")[0] == "24 of 30 Facts in your documents<br>3 of 6 Cannot be answered: right is to say so"
    )
    assert line("nobody can answer")[0] == "3 of 6"
    assert line("Seconds, tokens")[0] == f"{SCORING}<br>memory: not measured yet"


def test_a_model_that_is_gone_says_so() -> None:
    told = line("Is the model changed", measured("model", tuned={"failed": "It is gone."}))
    assert told[1] == "no answer: It is gone."


def test_live_data_and_a_changed_fact_are_told_for_each_way_as_it_is() -> None:
    live = measured("live", tools=new(3), base=new(0), documents=new(2))
    assert line("Live data", live) == [
        "no: 0 of 3 answers gave the new value",
        "not measured yet",
        "not always: 2 of 3 answers, 1.4 s after the change",
        "yes: 3 of 3 answers, 1.4 s after the change",
        "1 minute ago<br>[Measure again](#measure-live)",
    ]
    fact = measured("fact", base=new(0), tuned={**new(0), "training_s": 182.0}, documents=new(3), tools=new(0))
    assert line("changed fact", fact)[:4] == [
        "not possible: 0 of 3 answers gave it",
        "only by training: 0 of 3 answers gave it without; its last training took 3 min 2 s",
        "0.4 s of reading: 3 of 3 answers gave it",
        "no, it reads no documents: 0 of 3 answers gave it. A row of a table is live data",
    ]
    assert "not known" in line("changed fact", measured("fact", tuned=new(0)))[1]
    assert line("changed fact", measured("fact", documents=new(0)))[2].startswith("no: read anew in 0.4 s")


def test_memory_set_up_and_unknown_questions_say_what_is_not_known() -> None:
    cost = measured("cost", base={"memory_bytes": None}, tuned={"memory_bytes": 1_310_000_000, "seconds": 1.2})
    assert line("Seconds, tokens", cost)[:2] == [
        f"{SCORING}<br>memory: not reported",
        f"1.2 s asked alone<br>{SCORING}<br>1.3 GB memory",
    ]
    none = {"training_s": None, "reading_s": None, "tools": 0}
    setup = measured("setup", base=none, tuned=none, documents={**none, "reading_s": 41.0}, tools={**none, "tools": 2})
    assert line("Setting it up", setup)[:4] == [
        "nothing to set up",
        "training: not known",
        "reading 41 s",
        "2 tools: not known",
    ]
    asked = measured("unknown", base={"asked": 3, "said": 1}, tuned={"asked": 3, "said": 0, "failed": "It *broke*."})
    assert line("nobody can answer", asked)[:2] == ["3 of 6<br>1 of 3 made up", "3 of 6<br>no answer: It \\*broke\\*."]


def test_the_newest_finding_counts_and_only_for_the_same_parts() -> None:
    older, newer = measured("live", 50.0, tools=new(0)), measured("live", 90.0, tools=new(3))
    assert line("Live data", newer, older)[3].startswith("yes")
    other = Measurement("live", "x", {"tools": {"of": ["tools", "starter", None, None, []], **new(3)}}, (), 90.0)
    assert line("Live data", other)[3] == "not measured yet"
    elsewhere = Measurement("live", "x", {"tools-2": {"of": of("tools"), **new(3)}}, (), 90.0)
    assert line("Live data", elsewhere)[3].startswith("yes")


def test_what_ran_beside_it_is_said() -> None:
    told = line("Live data", measured("live", beside=("train",), tools=new(3)))[4]
    assert "Training ran beside it: alone it takes fewer seconds" in told


def test_taken_away_it_has_no_links_and_says_when() -> None:
    found = found_of(CARD, [measured("live", tools=new(3))])
    assert "#measure" not in table(CARD, found, 160.0, links=False)
    document = as_document(found)["live"]["tools"]
    assert (document["says"]["new"], document["measured_at"], document["beside"]) == (3, 100.0, [])


def test_measuring_is_told_in_words() -> None:
    job = Job("j", "measure_ways", JobState.RUNNING, {}, step=1, total_steps=6, phase="live")
    assert "Measuring live data, 2 of 6 rows" in standing(job)
    assert "not running just now" in standing(Job("j", "measure_ways", JobState.QUEUED, {}), working=False)
    assert standing(Job("j", "measure_ways", JobState.SUCCEEDED, {})) == standing(None) == ""
    failed = Job("j", "measure_ways", JobState.FAILED, {}, failure_text="It broke.", failure_next_step="Again.")
    assert standing(failed) == "**✕** It broke. Again."

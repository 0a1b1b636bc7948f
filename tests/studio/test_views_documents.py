"""What is told once documents were read: what was left out of them, and which could not be read."""

from dataclasses import replace

from jobs.retrieval.previewing import Piece, Preview
from jobs.retrieval.search import Found, Reason
from storage.fetched import FetchedPage
from storage.records import Document, JobState, Passage
from studio.views import cutting, documents
from tests.studio.test_views_rest import READING


def test_what_was_left_out_and_what_was_not_read_is_told_in_few_lines() -> None:
    read = [{"name": f"n{nr}.html", "passages": 1, "notes": [f"Left out: {nr} comments."]} for nr in range(14)]
    failed = [{"name": "x.png", "text": "x.png is a picture.", "next_step": "Save it."}]
    job = replace(
        READING, state=JobState.SUCCEEDED, started_at=0.0, finished_at=2.0, result={"documents": read, "failed": failed}
    )
    lines = documents.reading(job).split("\n\n")
    assert lines[0].startswith("**✓** n0.html, n1.html")
    assert "and 2 more: read in" in lines[0]
    assert lines[1] == "**!** n0.html: Left out: 0 comments."
    assert lines[10:] == [
        "**!** n9.html: Left out: 9 comments.",
        "And 4 more like these.",
        "**✕** x.png is a picture. Save it.",
    ]


def test_a_web_page_says_where_it_was_fetched_and_when() -> None:
    document = Document("d", "c", "Returns.html", "", 4, 0, 1, 0.0)
    assert documents.line(document, 60.0) == "**Returns.html**\n\n1 passage · read 1 minute ago"
    line = documents.line(document, 7200.0, FetchedPage("https://shop.example/[a](b)", 3600.0))
    assert line.endswith(
        "1 passage · read 2 hours ago · fetched 1 hour ago from https&#58;//shop.example/\\[a\\]\\(b\\)"
    )


def test_a_search_says_why_each_passage_was_found() -> None:
    passage = Passage("p", "d", "a.md", 0, 4, "Text", score=0.5)
    reason = Reason(0.62, ("tent", "price"), ("blue*",), ("b.md",))
    shown = documents.found(Found((passage,), (), 0.3, 1, {"p": reason}))
    assert "meaning 0.62 · has the words: tent, price · lacks: blue\\* · the same stands in b.md" in shown
    nothing = documents.found(Found((), (passage,), 0.6, 1, {"p": Reason(0.1, (), ("tent",))}))
    assert "meaning 0.10 · has none of the question’s words · lacks: tent: Text" in nothing


def test_a_look_at_a_cutting_shows_what_is_repeated_and_what_becomes_of_questions() -> None:
    pieces = (Piece("Guide", 12, "", "One. Two."), Piece("", 9, "Two.", "*Three*"))
    shown = cutting.preview(Preview("a_b.md", 4, pieces, whole=False, by_rows=False), (3, 5)).split("\n\n")
    assert shown[0] == "**The beginning of a\\_b.md: 4 passages**"
    assert shown[1].endswith("Of 5 drafted questions 3 would find their answer within one passage.")
    assert shown[2:4] == ["**1** · Guide · at most 12 tokens", "> One. Two."]
    assert shown[4:7] == ["**2** · at most 9 tokens", "Begins with the end of the one before: *Two.*", "> \\*Three\\*"]
    assert shown[7] == "And 2 passages more."
    table = cutting.preview(Preview("t.csv", 1, (), whole=True, by_rows=True), (0, 0))
    assert "t.csv is a table: 1 passage, one for each row" in table
    assert "drafted" not in table
    assert "too long to count" in cutting.preview(Preview("t.md", 0, (), whole=True, by_rows=False), None)


def test_documents_that_were_cut_anew_are_told() -> None:
    made = {"cutting": "short", "documents": 2, "passages": 40, "usual_threshold": True}
    job = replace(
        READING,
        spec={"collection": "Manuals", "cutting": "short"},
        state=JobState.SUCCEEDED,
        started_at=0.0,
        finished_at=2.0,
        result={"documents": [], "failed": [], "cut": made},
    )
    said = documents.reading(job)
    assert said.startswith("**✓** Manuals: 2 documents cut into 40 short passages in 2.0 s.")
    assert "is the usual one again" in said
    assert "usual" not in documents.reading(replace(job, result={"cut": {**made, "usual_threshold": False}}))

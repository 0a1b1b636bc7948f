"""A conversation, tokens and examples as the Use page shows them."""

from storage.records import Column
from storage.tokens import Token
from storage.uses import Use
from studio.views import use as view


def test_a_thread_shows_who_said_what_and_nothing_as_markup() -> None:
    shown = view.thread([("Is *this* a test?", "Yes, <b>it</b> is.")], "Returns desk")
    assert shown == "**You:** Is \\*this\\* a test?\n\n**Returns desk:** Yes, &lt;b&gt;it&lt;/b&gt; is."
    assert view.thread([], "Returns desk") == view.asked("") == view.earlier_questions([]) == ""


def test_what_was_put_to_use_stands_before_the_five_ways() -> None:
    kept = [Use("returns-desk", "Returns desk", Column("documents", "documents"), 0.0)]
    assert view.choices(kept)[:2] == [("■ Returns desk", "returns-desk"), ("○ Base", "base")]
    assert len(view.choices(kept)) == 6
    assert view.uses(kept, 300.0) == [("Returns desk, 5 minutes ago", "returns-desk")]


def test_tokens_are_listed_with_when_they_were_used() -> None:
    kept = [Token("1", "help desk", 0.0, None), Token("2", "old | script", 0.0, 240.0)]
    shown = view.tokens(kept, 300.0)
    assert "| help desk | 5 minutes ago | never |" in shown
    assert "old \\| script | 5 minutes ago | 1 minute ago |" in shown
    assert "no tokens" in view.tokens([], 0.0)


def test_the_examples_name_the_way_and_hold_no_token() -> None:
    shown = view.examples("http://127.0.0.1:7860", "returns-desk")
    assert shown.count("way:returns-desk") == 2
    assert shown.count("http://127.0.0.1:7860/v1") == 2
    assert "trp_" not in shown

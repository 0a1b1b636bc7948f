import pytest

from studio.views import markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b*c*", "a\\_b\\*c\\*"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("![x](http://evil.example/x.png)", "\\!\\[x\\]\\(http&#58;//evil.example/x.png\\)"),
        ("www.evil.example a@b.example", "www&#46;evil.example a&#64;b.example"),
        ("two\nlines | of a table", "two lines \\| of a table"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("A & B", "A &amp; B"),
        ("it costs $5", "it costs \\$5"),
    ],
)
def test_a_persons_text_is_shown_as_it_was_written(text: str, shown: str) -> None:
    assert markdown.plain(text) == shown


def test_lines_of_a_text_stay_lines() -> None:
    assert markdown.paragraphs("one\n# two\n- three\n> four") == "one  \n\\# two  \n\\- three  \n&gt; four"
    assert markdown.paragraphs("    four spaces") == "four spaces"
    assert markdown.quoted("one\ntwo\n") == "> one  \n> two"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is **bold**.\n\n- one\n- two", "It is **bold**.\n\n- one\n- two"),
        ("# Not a heading", "\\# Not a heading"),
        ("Not one\n---", "Not one\n\\---"),
        ("[click](http://evil.example)", "[click]\\(http&#58;//evil.example)"),
        ("![pixel](x.png)", "!\\[pixel]\\(x.png)"),
        ("[a]: http://evil.example", "[a]\\: http&#58;//evil.example"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("```\n<b> # as it is\n```", "```\n<b> # as it is\n```"),
        ("```\n<b> still being written", "```\n<b> still being written"),
    ],
)
def test_a_models_text_keeps_its_form_and_loses_links_pictures_and_tags(text: str, shown: str) -> None:
    assert markdown.answer(text) == shown


def test_a_fence_is_longer_than_any_run_of_backticks_inside() -> None:
    assert markdown.fence("plain") == "```\nplain\n```"
    assert markdown.fence("a ```` b") == "`````\na ```` b\n`````"
    assert markdown.code("a`b") == "`` a`b ``"
    assert markdown.code("b179…db53") == "`b179…db53`"


def test_a_table_keeps_each_row_on_its_line() -> None:
    assert markdown.table(("A", "B"), [("1", "two\nlines")]) == "| A | B |\n| --- | --- |\n| 1 | two lines |"


def test_a_bar_has_its_number_beside_it() -> None:
    bar = markdown.progress(57, "about 2 minutes left")
    assert '<progress value="57" max="100">' in bar
    assert bar.endswith("57 % · about 2 minutes left")


def test_a_long_text_is_cut_at_a_word() -> None:
    assert markdown.shortened("one two three", 9) == "one two …"
    assert markdown.shortened(" one\n two ") == "one two"

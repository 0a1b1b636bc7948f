"""Text from tokens: whole characters, stop strings that never show, nothing lost."""

import pytest

from jobs.serving.writing import Writer


def decode(tokens) -> str:
    return bytes(tokens).decode("utf-8", errors="replace")


def written(text: str, *stop: str) -> tuple[list[str], Writer]:
    writer = Writer(decode, stop)
    pieces = []
    for token in text.encode():
        pieces.append(writer.write(token))
        if writer.stopped:
            break
    return [*pieces, writer.finish()], writer


@pytest.mark.parametrize("text", ["plain", "naïve café", "日本語", "😀 ok 😀", ""])
def test_all_text_arrives_in_whole_characters(text: str):
    pieces, writer = written(text)
    assert "".join(pieces) == text == writer.text
    assert not any("\ufffd" in piece for piece in pieces)


def test_a_character_that_never_ends_is_shown_at_the_end():
    writer = Writer(decode)
    assert writer.write(0xF0) == ""
    assert writer.finish() == "\ufffd"


def test_bytes_that_are_no_text_do_not_hold_back_the_rest():
    writer = Writer(decode)
    assert "".join(writer.write(0x80) for _ in range(8)) == "\ufffd" * 5
    assert writer.write(ord("a")) == "\ufffd" * 3 + "a"


def test_a_stop_string_and_what_follows_never_show():
    pieces, writer = written("Yes.\n\nQuestion: and?", "\n\nQ", "zzz")
    assert "".join(pieces) == "Yes."
    assert writer.stopped


def test_what_may_begin_a_stop_string_waits_and_then_shows():
    pieces, writer = written("a END b EN", "END!")
    assert "".join(pieces) == "a END b EN"
    assert not writer.stopped
    assert pieces[2:5] == ["", "", ""]  # E, N, D wait for what follows


def test_the_earliest_of_several_stop_strings_counts():
    assert "".join(written("one, two; three", ";", ",")[0]) == "one"

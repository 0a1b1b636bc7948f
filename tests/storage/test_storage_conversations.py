"""Rows of one conversation know what was said before them."""

from storage.datasets import with_history
from storage.records import Example


def test_each_turn_knows_the_ones_before_it() -> None:
    rows = [
        Example(1, "And Sunday?", "Closed.", conversation="a", turn=2),
        Example(2, "Open on Saturday?", "Until noon.", conversation="a", turn=1),
        Example(3, "Do you ship?", "We do.", conversation="b"),
        Example(4, "Alone?", "Yes."),
    ]
    assert [row.history for row in with_history(rows)] == [(("Open on Saturday?", "Until noon."),), (), (), ()]
    assert with_history(rows)[1:] == rows[1:]

"""What differs between two versions, whether rows were edited by hand or the file was uploaded anew."""

import random
import time
from dataclasses import replace

from jobs.intake.comparing import Compared, compare
from jobs.intake.editing import EDITED
from storage.records import Example

ROWS = [Example(nr, f"What is the code of box {nr}?", f"It is B{nr}.") for nr in range(1, 31)]
NOTHING = Compared((), (), (), 30, ())


def test_equal_versions_differ_in_nothing() -> None:
    assert compare(ROWS, ROWS) == NOTHING
    assert compare([], []) == Compared((), (), (), 0, ())
    assert compare([], ROWS).added == tuple(ROWS)
    assert compare(ROWS, []).removed == tuple(ROWS)


def test_rows_that_are_numbered_anew_are_the_same() -> None:
    anew = [replace(row, row=row.row + 100) for row in random.Random(1).sample(ROWS, 30)]
    assert compare(ROWS, anew) == NOTHING


def test_edited_added_and_deleted_rows_are_told_apart() -> None:
    answer = replace(ROWS[2], answer="It is C3.", origin=EDITED)
    question = replace(ROWS[4], question="Which number opens the chest?", origin=EDITED)
    context = replace(ROWS[6], context="Box 7 has a new lock.", origin=EDITED)
    new = Example(31, "Why?", "So.", origin="passage:a/b#0-9")
    after = [answer if row is ROWS[2] else question if row is ROWS[4] else row for row in ROWS if row is not ROWS[9]]
    after[6] = context
    told = compare(ROWS, [*after, new])
    assert told.changed == ((ROWS[2], answer), (ROWS[4], question), (ROWS[6], context))
    assert (told.added, told.removed, told.same) == ((new,), (ROWS[9],), 26)
    assert told.parts_changed == ()


def test_rows_that_moved_within_the_file_are_found_by_their_question() -> None:
    above = Example(1, "Are you open on Sunday?", "No.")
    after = [above, *(replace(row, row=row.row + 1) for row in ROWS)]
    after[5] = replace(after[5], answer="It is gone.")
    told = compare(ROWS, after)
    assert (told.added, told.removed, told.same) == ((above,), (), 29)
    assert told.changed == ((ROWS[4], after[5]),)


def test_another_row_at_the_same_number_is_no_change_of_it() -> None:
    after = [*ROWS[:-1], Example(30, "Do you ship abroad?", "Yes, for 12 euros.")]
    told = compare(ROWS, after)
    assert (told.added, told.removed, told.changed) == ((after[-1],), (ROWS[-1],), ())
    reworded = [*ROWS[:-1], Example(30, "What is the code of the last box?", "It is B30, as ever.")]
    assert compare(ROWS, reworded).changed == ((ROWS[-1], reworded[-1]),)


def test_a_row_in_another_part_is_told_whether_or_not_it_changed() -> None:
    after = [replace(ROWS[0], part="exam"), replace(ROWS[1], answer="It is gone.", part="watch"), *ROWS[2:]]
    told = compare(ROWS, after)
    assert told.parts_changed == ((ROWS[0], after[0]), (ROWS[1], after[1]))
    assert (told.same, len(told.changed)) == (29, 1)


def test_the_same_words_in_two_conversations_are_two_rows() -> None:
    yes = [Example(nr, "Yes.", f"Then {name}.", conversation=name) for nr, name in enumerate("abc", 1)]
    after = [replace(yes[2], row=1, answer="Then d."), replace(yes[0], row=2)]
    told = compare(yes, after)
    assert (told.changed, told.removed, told.same) == (((yes[2], after[0]),), (yes[1],), 1)


def test_questions_that_are_asked_twice_are_paired_one_by_one() -> None:
    twice = [Example(1, "Why?", "So."), Example(2, "Why?", "Because."), Example(3, "Why?", "For fun.")]
    told = compare(twice, [replace(twice[1], row=1), Example(2, "why", "Who knows.")])
    assert (told.same, len(told.changed), len(told.removed), told.added) == (1, 1, 1, ())


def test_twenty_thousand_rows_take_a_moment() -> None:
    rows = [Example(nr, f"What is the code of box {nr}?", f"It is B{nr}." * 10) for nr in range(20_000)]
    after = [replace(row, answer="Gone.") if row.row % 7 == 0 else row for row in rows if row.row % 11]
    began = time.process_time()
    told = compare(rows, [replace(row, row=row.row + 5) for row in after])
    assert time.process_time() - began < 5
    assert len(told.removed) == sum(nr % 11 == 0 for nr in range(20_000))
    assert len(told.changed) == sum(nr % 7 == 0 and nr % 11 != 0 for nr in range(20_000))

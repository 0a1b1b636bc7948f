"""Bend files: seeds of every format, and changes to their bytes, their packed parts and their sheets."""

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zipfile import ZipFile

import pyarrow as pa
from pyarrow import parquet

from tests.fuzz.papers import document_seeds
from tests.workbooks import excel, letters, open_document, packed

Bytes = bytes
Mutation = Callable[[random.Random, bytes], bytes]

ROWS = [["question", "answer", "kind"]] + [
    [f"How big is number {number}, then?", f'It is "{number}" metres;\nno more. Größe {number}', "size"]
    for number in range(12)
]
_CHAT = {
    "id": "a",
    "messages": [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "How big?"},
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "size", "arguments": '{"of": "it"}'}}]},
        {"role": "tool", "tool_call_id": "1", "content": "2 m"},
        {"role": "assistant", "content": "Two metres."},
        {"role": "user", "content": [{"type": "text", "text": "And now?"}]},
        {"role": "assistant", "content": "Three."},
    ],
}
_INSERTED = (
    *(b'"', b",", b";", b"\t", b"|", b"\n", b"\r", b"\x00", b"\xff", b"\xc3", b"\xe2\x82", b"\xef\xbb\xbf", b"\\"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"null",
        b"1e999",
        b"9" * 5000,
        b"\\ud800",
        b'{"a":' * 50,
        b"[" * 2000,
        b"\xf0\x9f\x9a\xb2",
    ),
    *(b"PK\x03\x04", b"PAR1", b"<", b">", b"&", b"<c r='XFD1048576'><v>1</v></c>", b"<!DOCTYPE x>", b"word"),
)


@dataclass(frozen=True)
class Mutant:
    """A bent file and what it was called."""

    name: str
    data: bytes


def tables(chance: random.Random) -> Iterator[Mutant]:
    """Yield bent tables of text for ever."""
    seeds = _table_seeds()
    while True:
        name, data = chance.choice(seeds)
        if chance.random() < 0.15:
            codec = chance.choice(("utf-16", "utf-16-le", "cp1252", "utf-8-sig", "cp932", "utf-32"))
            data = data.decode(errors="replace").encode(codec, errors="replace")
        yield Mutant(name, bent(chance, data))


def archives(chance: random.Random) -> Iterator[Mutant]:
    """Yield bent spreadsheets, ZIP and Parquet files for ever: the container, or what is packed in it."""
    seeds = _archive_seeds()
    while True:
        name, data = chance.choice(seeds)
        change = chance.choice(_ANY if name.endswith(".parquet") else _PACKED)
        yield Mutant(name, change(chance, data))


def documents(chance: random.Random) -> Iterator[Mutant]:
    """Yield bent PDF, Word, HTML, Markdown, Excel and ZIP files for ever: their bytes, or what is packed in them."""
    seeds = document_seeds()
    while True:
        name, data = chance.choice(seeds)
        changes = _PACKED if data.startswith(b"PK") else _ANY
        yield Mutant(name, chance.choice(changes)(chance, data))


def bent(chance: random.Random, data: bytes) -> bytes:
    """Insert, take away, repeat and flip a few bytes, or cut the file off."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 | 1:
                changed[place:place] = chance.choice(_INSERTED) * chance.randint(1, 3)
            case 2:
                del changed[place : place + chance.choice((1, 4, 40))]
            case 3:
                changed[place:place] = changed[place : place + 60] * chance.randint(1, 4)
            case 4 if place < len(changed):
                changed[place] ^= 1 << chance.randrange(8)
            case _:
                changed[place : place + 4] = chance.randbytes(4)
    return bytes(changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed)


def _bent_inside(chance: random.Random, data: bytes) -> bytes:
    """Bend one packed part and pack it again, so that the container is sound and its reader gets to see it."""
    members = _members(data)
    name = chance.choice(list(members))
    return packed({**members, name: bent(chance, members[name])})


def _numbers_inside(chance: random.Random, data: bytes) -> bytes:
    """Put other numbers and places in the sheets: far away, huge, negative."""
    members = _members(data)
    name = chance.choice([one for one in members if one.endswith(".xml")] or list(members))
    far = (b"0", b"-1", b"1048576", b"16384", b"4294967296", b"9" * 30, letters(16384).encode() + b"1048576", b"ZZZZZ1")

    def other(found: re.Match[bytes]) -> bytes:
        return found[1] + (chance.choice(far) if chance.random() < 0.2 else found[2]) + found[3]

    return packed({**members, name: re.sub(rb"""(=["'])([A-Z]*\d+)(["'])""", other, members[name])})


def _repeated_inside(chance: random.Random, data: bytes) -> bytes:
    """Repeat a part until it packs tighter than any honest file."""
    members = _members(data)
    name = chance.choice(list(members))
    return packed({**members, name: members[name] * chance.choice((2, 50, 2000))})


def _other_members(chance: random.Random, data: bytes) -> bytes:
    """Take a member away, add one, or give one another's name."""
    members = _members(data)
    name = chance.choice(list(members))
    match chance.randrange(3):
        case 0:
            del members[name]
        case 1:
            members[chance.choice(("content.xml", "xl/workbook.xml", "more.csv", "../up.csv", "x.zip"))] = data[:400]
        case _:
            members = {other: members[name] if chance.random() < 0.5 else data for other, data in members.items()}
    return packed(members)


def _members(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _table_seeds() -> list[tuple[str, bytes]]:
    records = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    nested = [{**record, "about": {"id": 1.5, "tags": ["a", None, True]}} for record in records]
    chats = [{**_CHAT, "id": str(number)} for number in range(4)]
    shared = [{"conversations": [{"from": "human", "value": "How?"}, {"from": "gpt", "value": "So."}]}] * 3
    seeds: list[tuple[str, str]] = [
        *((f"faq{number}.csv", _delimited(mark)) for number, mark in enumerate(",;|")),
        ("faq.tsv", _delimited("\t")),
        ("faq.json", json.dumps(nested)),
        ("columns.json", json.dumps({name: [record[name] for record in records] for name in ROWS[0]})),
        ("inside.json", json.dumps({"about": {"version": 1}, "data": {"rows": records}})),
        ("lists.json", json.dumps(ROWS)),
        *((f"{name}.jsonl", _lines(values)) for name, values in (("faq", nested), ("chat", chats), ("shared", shared))),
    ]
    return [(name, text.encode()) for name, text in seeds]


def _delimited(mark: str) -> str:
    return "\n".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in ROWS)


def _lines(values: list[dict[str, object]]) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values)


def _archive_seeds() -> list[tuple[str, bytes]]:
    sheets = {"Notes": [["All about it"]], "FAQ": [["Our questions, 2026"], *ROWS, [None, 1.5, True]]}
    columns = {name: [row[place] for row in ROWS[1:]] for place, name in enumerate(ROWS[0])}
    whole, lists = io.BytesIO(), io.BytesIO()
    parquet.write_table(pa.table(columns), whole, compression="none")
    parquet.write_table(pa.table({"messages": [_CHAT["messages"][1:2]] * 9, "n": list(range(9))}), lists)
    merged = '<mergeCells count="1"><mergeCell ref="C3:C6"/></mergeCells>'
    return [
        ("faq.xlsx", excel(sheets, after=merged)),
        ("faq.ods", open_document(sheets)),
        ("faq.zip", packed({"faq.csv": _delimited(",")})),
        ("lines.zip", packed({"faq/": "", "faq/faq.jsonl": _lines([{"q": "a", "a": "b"}] * 5), ".DS_Store": "x"})),
        ("faq.parquet", whole.getvalue()),
        ("chat.parquet", lists.getvalue()),
    ]


_ANY: tuple[Mutation, ...] = (bent,)
_PACKED: tuple[Mutation, ...] = (
    bent,
    _bent_inside,
    _bent_inside,
    _numbers_inside,
    _numbers_inside,
    _repeated_inside,
    _other_members,
)

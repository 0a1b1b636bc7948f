"""Bent descriptions of services end in operations or in a sentence, and what they offer can be added or is refused."""

import copy
import json
import random
import time
from collections import Counter
from typing import Any

from jobs.tools.service.openapi.adding import Terms, add_operations
from jobs.tools.service.openapi.operations import described
from jobs.tools.service.openapi.reading import read_document
from storage.errors import UserFault
from storage.workspace import Workspace
from tests.fuzz.mutating import bent
from tests.openapis import SEEDS, SHOP, WARD

SEED = 7860
_ODD: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "\ud800", "\u202ex", "{", "}", "a:b,c\nd", "#/paths", "#/", "x" * 5_000, [], {}, [[]],
    [None], {"": None}, {"$ref": "#/components"}, {"$ref": 5}, {"$ref": "#/paths/~1orders"}, {"type": []},
    {"anyOf": [{"anyOf": []}]}, {"enum": [{}, "a|b", "\n"]}, ["get"], "https://[", "https://a.example:99999/",
)  # fmt: skip


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(pairs):
        found.append((value, key))
        _places(part, found)
    return found


def _bent_tree(chance: random.Random) -> bytes:
    document = copy.deepcopy(chance.choice((SHOP, WARD)))
    for _ in range(chance.choice((1, 2, 4))):
        holder, key = chance.choice(_places(document, []))
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[chance.choice(("get", "/{a}", "\ud800", "name", "required", "$ref", ""))] = holder.pop(key)
            case 2:
                holder[key] = copy.deepcopy(chance.choice(_places(document, [])))[0]
            case _:
                holder[key] = copy.deepcopy(chance.choice(_ODD))
    return json.dumps(document).encode()


def test_no_bent_description_ends_in_a_fault(workspace: Workspace) -> None:
    chance, ended, slowest = random.Random(SEED), Counter[str](), 0.0
    for number in range(600):
        data = _bent_tree(chance) if number % 2 else bent(chance, chance.choice(SEEDS))
        began = time.perf_counter()
        try:
            document = described(read_document(data))
            ended["read"] += 1
            if document.usable and number % 10 == 1:
                terms = Terms(document.server or "https://shop.example")
                several = add_operations(workspace, document, [one.id for one in document.usable], terms)
                ended.update("refused" if isinstance(one.made, UserFault) else "added" for one in several)
        except UserFault:
            ended["sentence"] += 1
        slowest = max(slowest, time.perf_counter() - began)
    assert ended["read"] + ended["sentence"] >= 600
    assert ended["read"] > 200, "the documents are bent so badly that none is read"
    assert ended["sentence"] > 50, "the documents are hardly bent"
    assert ended["added"] > 50
    assert slowest < 5

"""The columns of a score, read back from its rows."""

from storage.records import Column, Scorecard


def columns_of(card: Scorecard) -> list[Column]:
    """Return the columns of a score as they were asked."""
    return [
        Column(
            id=way["column_id"],
            way=way["way"],
            model=way.get("model", "starter"),
            adapter_id=way.get("adapter_id"),
            collection=way.get("collection"),
            tools=tuple(way.get("tools", ())),
        )
        for way in card.ways
    ]


def fingerprint(column: Column) -> list[object]:
    """Return what makes a measurement of one column true of another: its way and all that this uses."""
    return [column.way, column.model, column.adapter_id, column.collection, list(column.tools)]

"""What rests on a thing that a person may delete, counted before the yes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from storage.answer_tables import comparisons, scorecards
from storage.database import Database
from storage.records import Json
from storage.tables import adapters, datasets, jobs, run_records


@dataclass(frozen=True, slots=True)
class Dependants:
    """How many adapters, runs that show samples, comparisons and scorecards were made with a thing."""

    adapters: int = 0
    runs: int = 0
    comparisons: int = 0
    scorecards: int = 0


def of_dataset(database: Database, name: str) -> Dependants:
    """Return what was made with any version of the examples `name`."""
    versions = select(datasets.c.id).where(datasets.c.name == name)
    trained = select(jobs.c.id).where(jobs.c.spec_json["dataset_id"].as_string().in_(versions))
    counted: dict[str, Any] = {
        "adapters": select(func.count()).where(adapters.c.dataset_id.in_(versions), adapters.c.deleted_at.is_(None)),
        "runs": select(func.count(run_records.c.job_id.distinct())).where(
            run_records.c.kind == "sample", run_records.c.job_id.in_(trained)
        ),
        "scorecards": select(func.count()).where(scorecards.c.source.in_(versions)),
    }
    with database.reading() as connection:
        return Dependants(**{what: connection.scalar(statement) or 0 for what, statement in counted.items()})


def of_collection(database: Database, name: str) -> Dependants:
    """Return what was asked of the documents `name`."""
    return Dependants(comparisons=_asked(database, lambda column: column.get("collection") == name))


def of_tool(database: Database, name: str) -> Dependants:
    """Return what was asked with the tool `name` at hand."""
    return Dependants(comparisons=_asked(database, lambda column: name in column.get("tools", ())))


def of_adapter(database: Database, adapter_id: str) -> Dependants:
    """Return what was asked of the adapter."""
    return Dependants(comparisons=_asked(database, lambda column: column.get("adapter_id") == adapter_id))


def _asked(database: Database, with_it: Callable[[Json], bool]) -> int:
    with database.reading() as connection:
        asked = connection.execute(select(comparisons.c.columns)).scalars()
        return sum(any(with_it(column) for column in columns) for columns in asked)

"""One workspace: the database and the folders of a home, opened together."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import time

from storage.adapters import Adapters
from storage.approvals import Approvals
from storage.cells import Cells
from storage.clock import Clock, clock_of
from storage.collections import Collections
from storage.comparisons import Comparisons
from storage.database import Database
from storage.datasets import Datasets
from storage.drafts import Drafts
from storage.fetched import FetchedPages
from storage.judges import Judges
from storage.kept_tables import adopt_kept_tables
from storage.marks import Marks
from storage.measurements import Measurements
from storage.migrating import migrate
from storage.question_sets import QuestionSets
from storage.runs import Runs
from storage.scorecards import Scorecards
from storage.settings import Settings
from storage.tokens import Tokens
from storage.tools import Tools
from storage.uses import Uses

# Below home: what a job makes for itself and nobody needs after it.
SCRATCH = "scratch"


@dataclass(frozen=True)
class Workspace:
    """Everything that one home keeps. Stores give and take records; no connection leaves them."""

    settings: Settings
    database: Database
    clock: Clock = time

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> "Workspace":
        """Make the home's folders where they lack, bring the database up to date and return the workspace.

        Raises OurFault where the home lies on a network drive.
        """
        home = settings.home.expanduser()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(settings.database_url or f"sqlite:///{home / 'triptych.db'}")
        migrate(database)
        workspace = cls(settings, database, clock or clock_of(database))
        for folder in ("uploads", "adapters", "checkpoints", "run", "locks", "logs", "scores"):
            workspace.folder(folder)
        adopt_kept_tables(home, workspace.question_sets)
        return workspace

    @property
    def home(self) -> Path:
        """The folder of this workspace."""
        return self.settings.home.expanduser()

    def folder(self, name: str) -> Path:
        """Return the folder `name` inside home, made where it lacks, readable by its owner only."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def close(self) -> None:
        """Close the database connections of this process."""
        self.database.close()

    @cached_property
    def datasets(self) -> Datasets:
        """Versions of examples."""
        return Datasets(self.database, self.clock)

    @cached_property
    def collections(self) -> Collections:
        """Documents and passages."""
        return Collections(self.database, self.clock)

    @cached_property
    def fetched(self) -> FetchedPages:
        """Which documents are web pages."""
        return FetchedPages(self.database)

    @cached_property
    def drafts(self) -> Drafts:
        """Questions and answers drafted from documents."""
        return Drafts(self.database)

    @cached_property
    def tools(self) -> Tools:
        """Tools, their permissions, and the rows of look-up tables."""
        return Tools(self.database, self.clock)

    @cached_property
    def comparisons(self) -> Comparisons:
        """Questions with the events of their answers."""
        return Comparisons(self.database, self.clock)

    @cached_property
    def approvals(self) -> Approvals:
        """Calls that wait for a person's yes."""
        return Approvals(self.database, self.clock)

    @cached_property
    def adapters(self) -> Adapters:
        """Published adapters."""
        return Adapters(self.database, self.clock)

    @cached_property
    def runs(self) -> Runs:
        """What running jobs reported."""
        return Runs(self.database, self.clock)

    @cached_property
    def cells(self) -> Cells:
        """Scored answers of evaluations that may still be going on."""
        return Cells(self.database)

    @cached_property
    def question_sets(self) -> QuestionSets:
        """Versions of test questions."""
        return QuestionSets(self.database, self.clock)

    @cached_property
    def scorecards(self) -> Scorecards:
        """Scores of evaluations."""
        return Scorecards(self.database)

    @cached_property
    def measurements(self) -> Measurements:
        """What was measured of each way beside its scores."""
        return Measurements(self.database)

    @cached_property
    def marks(self) -> Marks:
        """What people say of scored answers."""
        return Marks(self.database, self.clock)

    @cached_property
    def uses(self) -> Uses:
        """Columns that are put to use."""
        return Uses(self.database, self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens for a person's own programs."""
        return Tokens(self.database, self.clock)

    @cached_property
    def judges(self) -> Judges:
        """Which judges count in scores."""
        return Judges(self.database, self.clock)

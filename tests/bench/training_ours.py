"""A training by Triptych as its worker runs it, on the terms of a benchmark: `python -m tests.bench.training_ours`."""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from jobs.requests import Train
from jobs.training.checkpoints import Checkpoints
from jobs.training.keeping import RHYTHM, Keeping
from jobs.training.preparing import prepare
from jobs.training.sft import learn
from jobs.training.state import Parts
from jobs.training.terms import terms as terms_of
from storage.records import Example
from storage.settings import Settings
from storage.workspace import Workspace
from tests.bench.clock import Clock, Terms
from tests.claimed import claimed_context


def keep_rows(workspace: Workspace, terms: Terms) -> str:
    """Keep the rows as a dataset and return its id; one is to be watched, but with `all_rows` it is learned, too."""
    pairs = terms.pairs()
    rows = [
        Example(number, pair["question"], pair["answer"], part="watch" if not number else "learn")
        for number, pair in enumerate(pairs)
    ]
    return workspace.datasets.keep("rows", rows, rows=len(rows), columns={}, dropped=(), source="rows.csv").id


def train(workspace: Workspace, terms: Terms, clock: Clock) -> Path:
    """Rehearse, learn and keep checkpoints as every training does; return the folder of the adapter."""
    request = Train(
        dataset_id=keep_rows(workspace, terms),
        epochs=1,
        rank=terms.rank,
        learning_rate=terms.rate,
        batch_size=terms.batch,
        max_length=terms.length,
        seed=terms.seed,
        all_rows=True,
    )
    context = claimed_context(workspace, request)
    task = prepare(request, context)
    checkpoints = Checkpoints(context, terms_of(task))

    def keeping(parts: Parts) -> Keeping:
        parts.trainer.add_callback(clock)
        return Keeping(context, parts, checkpoints, RHYTHM)

    learn(task, context, None, keeping)
    return task.temporary


def main() -> None:
    """Train in a home of its own and tell what was measured."""
    terms, clock = Terms.given(), Clock()
    with tempfile.TemporaryDirectory() as home, closing(Workspace.open(Settings(home=Path(home)))) as workspace:
        shutil.copytree(train(workspace, terms, clock), terms.out)
    clock.tell()


if __name__ == "__main__":
    main()

"""The parts of a run, made for a task and standing at its beginning."""

import time
from functools import partial
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import Any

from datasets import Dataset as HFDataset
from peft import LoraConfig, TaskType
from transformers import PrinterCallback
from transformers.integrations.liger import apply_liger_kernel
from trl.trainer.sft_config import SFTConfig

from jobs.context import JobContext
from jobs.models.encoding import Encoded, Encoder
from jobs.training.batches import Order, padded
from jobs.training.best import trained
from jobs.training.dealing import DealingTrainer
from jobs.training.fusing import fuse
from jobs.training.helpers import Helpers
from jobs.training.loading import load_base
from jobs.training.looking import Looks
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from jobs.training.preparing import Task
from jobs.training.samples import MOST, Samples
from jobs.training.sharing import share_beginnings
from jobs.training.state import Parts
from jobs.training.trainer import AnswerTrainer, Learner
from jobs.training.watching import Watching

# More would tell little and cost minutes on a processor.
_MOST_WATCHED_TOKENS = 4096


def set_up(task: Task, context: JobContext, others: Helpers | None = None) -> Parts:
    """Load the base model and return the parts of a run; `others` take a share of every step."""
    plan, rows = task.plan, task.rows
    steps_a_pass = ceil(ceil(len(rows.learn) / plan.batch_size) / plan.accumulation)
    pace = Pace(
        steps_a_pass=steps_a_pass,
        tokens_a_pass=rows.tokens,
        least=max(1, ceil(plan.least * steps_a_pass)),
        last=max(1, ceil(plan.most * steps_a_pass)),
    )
    # What is learned can't show how it does on what it never saw.
    samples = Samples(context, task.encoder, rows.asked[:MOST] if rows.watch else ())
    watching = Watching(context, plan, pace, Looks(plan, samples.show) if rows.watch else None)
    began = time.monotonic()
    model = load_base(task.base.folder, plan)
    load_s = time.monotonic() - began
    shares = plan.device == "cpu" and share_beginnings(model, rows.longest)
    order = _order(plan, rows.learn, shares=shares)
    kind = AnswerTrainer if others is None else partial(DealingTrainer, others, cards=plan.cards)
    trainer = kind(
        pace,
        order,
        watching,
        shares=shares,
        args=_settings(plan, pace.last, task.scratch),
        train_dataset=_table(rows.learn),
        eval_dataset=_table(looked_at(rows.watch)) if rows.watch else None,
        **_taught(model, plan, task.encoder),
    )
    _make_ready(trainer, plan)
    if others is not None:
        others.meet(trainer.model)
    return Parts(plan, trainer, watching, pace, samples, order, load_s, others)


def set_up_learner(plan: Plan, base: Path, longest: int, scratch: Path) -> Learner:
    """Load the base model in the folder `base` and return what takes a share of the steps of a training.

    `longest` are the tokens of the training's longest row. It has no rows of its own but one that is never learned.
    """
    model = load_base(base, plan)
    learner = Learner(
        shares=plan.device == "cpu" and share_beginnings(model, longest),
        args=_settings(plan, 1, scratch),
        train_dataset=HFDataset.from_list([{"input_ids": [0, 0], "labels": [0, 0]}]),
        **_taught(model, plan, Encoder.load(base)),
    )
    _make_ready(learner, plan)
    # What else transformers does at the beginning of a training, which this one has none of.
    taught: Any = learner.model
    if plan.fused:
        apply_liger_kernel(taught, None)
    learner.accelerator.prepare_model(taught, evaluation_mode=True)  # the number format of its products
    taught.train()
    return learner


def _taught(model: Any, plan: Plan, encoder: Encoder) -> dict[str, Any]:
    """Return what learns, and in which way."""
    everywhere = LoraConfig(
        task_type=TaskType.CAUSAL_LM, r=plan.rank, lora_alpha=2 * plan.rank, target_modules="all-linear"
    )
    return {"model": model, "processing_class": encoder.tokenizer, "peft_config": everywhere}


def _make_ready(trainer: Learner, plan: Plan) -> None:
    model: Any = trainer.model
    _learn_in_full(model)
    if plan.device != "mps":  # not tried out there
        fuse(model)
    if plan.save_memory:  # a training does it, too, but only after it was rehearsed
        how = trainer.args.activation_checkpointing_kwargs
        model.activation_checkpointing_enable(activation_checkpointing_kwargs=how)
    trainer.remove_callback(PrinterCallback)  # it prints what is recorded already


def _order(plan: Plan, rows: tuple[Encoded, ...], *, shares: bool) -> Order:
    """Return in which order rows are learned: of like length where padding goes through the model, or is too much."""
    lengths, size = [len(row.input_ids) for row in rows], plan.batch_size * plan.accumulation
    return Order(lengths, size, plan.seed, alike=not shares or padded(lengths, size, plan.seed))


def _learn_in_full(model: Any) -> None:
    """Hold the adapter in fp32, over packed weights, too, where TRL takes bf16.

    In bf16 small corrections are lost, a card without it can't scale its gradients, and the adapter, which is fp32 once
    it was saved, would answer otherwise when it is loaded again.
    """
    for weight in trained(model).values():
        weight.data = weight.data.float()


def _settings(plan: Plan, steps: int, scratch: Path) -> SFTConfig:
    return SFTConfig(
        output_dir=str(scratch),
        max_steps=steps,
        per_device_train_batch_size=plan.batch_size,
        per_device_eval_batch_size=plan.batch_size,
        gradient_accumulation_steps=plan.accumulation,
        learning_rate=plan.learning_rate,
        bf16=plan.dtype == "bfloat16",
        fp16=plan.dtype == "float16",
        use_cpu=plan.device == "cpu",
        activation_checkpointing=plan.save_memory,
        use_liger_kernel=plan.fused,
        # Rows in one line without padding: right only where the attention kernel keeps them apart.
        padding_free=plan.attention == "flash_attention_2",
        seed=plan.seed,
        # Our own encoding is final: nothing is cut, built or mapped again.
        max_length=None,
        dataset_kwargs={"skip_prepare_dataset": True},
        prediction_loss_only=True,
        logging_steps=1,
        include_num_input_tokens_seen="non_padding",
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=plan.device == "cuda",
    )


def _table(rows: tuple[Encoded, ...]) -> HFDataset:
    return HFDataset.from_list([{"input_ids": row.input_ids, "labels": row.labels} for row in rows])


def looked_at(watched: tuple[Encoded, ...]) -> tuple[Encoded, ...]:
    """Return the watched rows that a look goes through: the first ones, as many as are quickly done, one at least."""
    held = accumulate(len(row.input_ids) for row in watched)
    return watched[: max(1, sum(count <= _MOST_WATCHED_TOKENS for count in held))]

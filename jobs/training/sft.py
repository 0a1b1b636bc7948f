"""One training from request to published adapter, with TRL's SFTTrainer and a LoRA adapter on every linear layer."""

import gc
import logging
import time
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any

import torch
from datasets import Dataset as HFDataset
from peft import LoraConfig, TaskType
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR
from transformers import PrinterCallback
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from jobs.context import JobContext, Made
from jobs.models.conversation import conversation
from jobs.models.encoding import IGNORED, Encoded
from jobs.requests import Train
from jobs.training.answers import answer
from jobs.training.batches import LikeLengths
from jobs.training.loading import load_base
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from jobs.training.preparing import Task, prepare
from jobs.training.publish import PROOF_TOKENS, publish_proven, write
from jobs.training.samples import Samples
from jobs.training.watching import TAIL_S, Watching
from storage.files import remove_tree
from storage.records import Adapter, Json

log = logging.getLogger(__name__)

_MOST_SAMPLES = 3
# More would tell little and cost minutes on a processor.
_MOST_WATCHED_TOKENS = 4096


class AnswerTrainer(SFTTrainer):
    """SFTTrainer that follows a Pace, batches rows of like length, and saves the processor what is not learned."""

    def __init__(self, pace: Pace, order: LikeLengths, **settings: Any) -> None:
        self._pace = pace
        self._order = order
        super().__init__(**settings)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        """Let the pace decide the size of each correction: its end may come nearer while the run goes on."""
        chosen: Any = optimizer or self.optimizer
        self.lr_scheduler = LambdaLR(chosen, self._pace.factor)
        self._created_lr_scheduler = True
        return self.lr_scheduler

    def _send_telemetry(self) -> None:
        """Tell nobody; TRL would report each training to its makers."""

    def _get_train_sampler(self, train_dataset: Any = None) -> LikeLengths:
        return self._order

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the loss; on a processor from logits of the answers only, where TRL would compute them for all."""
        if inputs["input_ids"].device.type != "cpu":
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        return answer_loss(model, inputs, num_items_in_batch)


def answer_loss(model: Any, inputs: dict[str, Any], count: Any = None) -> torch.Tensor:
    """Return the mean loss a learned token, over `count` tokens if this batch is a part of a larger one."""
    targets = inputs["labels"][:, 1:]
    places = (targets != IGNORED).any(dim=0).nonzero().flatten()
    logits = model(
        input_ids=inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        logits_to_keep=places,
        use_cache=False,
    ).logits
    wanted = targets[:, places].flatten()
    total = cross_entropy(logits.flatten(0, 1).float(), wanted, ignore_index=IGNORED, reduction="sum")
    return total / (count if count is not None else (wanted != IGNORED).sum())


def train(request: Train, context: JobContext) -> Made:
    """Teach `request.model` the examples of `request.dataset_id` and publish the adapter.

    Raises UnusableRows, NotFound, Missing, Damaged, NoSpace or WentAstray, and what stops a job.
    """
    began = time.monotonic()
    context.report(phase="check")
    task = prepare(request, context)
    log.info("%s", task.plan)
    try:
        learned = learn(task, context)
        gc.collect()  # the learned model's memory is needed to load it again
        hashes = publish_proven(task, context.job.id, learned.asked, learned.answered)
        context.check()
    except BaseException:
        remove_tree(task.folder)
        raise
    finally:
        remove_tree(task.temporary)
        remove_tree(task.scratch)
    report = {**learned.report, "seconds": round(time.monotonic() - began, 1)}
    return Made(result=report, adapter=_adapter(task, context, report, hashes), stop_reason=learned.stop_reason)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training gave, with one question and the learned model's answer to it as tokens."""

    report: Json
    stop_reason: str
    asked: list[int]
    answered: list[int]


def learn(task: Task, context: JobContext) -> Learned:
    """Run the training and write its adapter to `task.temporary`."""
    context.report(phase="load")
    trainer, watching, pace = set_up(task, context)
    context.report(phase="measure")
    trainer.train()
    context.check()
    context.report(phase="test", seconds_left=TAIL_S)
    stop_reason = "kept" if pace.steps < pace.last and context.finish_requested() else ""
    if watching.watched[-1][0] != pace.steps:
        trainer.evaluate()
    context.report(phase="save")
    model = trainer.model
    write(model, task.temporary, task.base.id)
    asked = task.encoder.prompt(conversation(task.rows.asked[0].question))
    return Learned(
        report=describe(task, watching, pace),
        stop_reason=stop_reason,
        asked=asked,
        answered=answer(model, task.encoder, [asked], PROOF_TOKENS)[0],
    )


def set_up(task: Task, context: JobContext) -> tuple[AnswerTrainer, Watching, Pace]:
    """Load the base model and return the trainer with what watches and paces it."""
    plan, rows = task.plan, task.rows
    steps_a_pass = ceil(ceil(len(rows.learn) / plan.batch_size) / plan.accumulation)
    pace = Pace(
        steps_a_pass=steps_a_pass,
        tokens_a_pass=rows.tokens,
        least=max(1, ceil(plan.least * steps_a_pass)),
        last=max(1, ceil(plan.most * steps_a_pass)),
    )
    samples = Samples(context, task.encoder, rows.asked[:_MOST_SAMPLES])
    watching = Watching(context, plan, pace, samples.show)
    trainer = AnswerTrainer(
        pace,
        LikeLengths([len(row.input_ids) for row in rows.learn], plan.batch_size, plan.seed),
        model=load_base(task.base.folder, plan.dtype, plan.device),
        args=_settings(plan, pace, str(task.scratch)),
        train_dataset=_table(rows.learn),
        eval_dataset=_table(_first(rows.watch, _MOST_WATCHED_TOKENS)),
        processing_class=task.encoder.tokenizer,
        peft_config=LoraConfig(
            task_type=TaskType.CAUSAL_LM, r=plan.rank, lora_alpha=2 * plan.rank, target_modules="all-linear"
        ),
        callbacks=[watching],
    )
    trainer.remove_callback(PrinterCallback)  # it prints what is recorded already
    return trainer, watching, pace


def _settings(plan: Plan, pace: Pace, scratch: str) -> SFTConfig:
    return SFTConfig(
        output_dir=scratch,
        max_steps=pace.last,
        per_device_train_batch_size=plan.batch_size,
        per_device_eval_batch_size=plan.batch_size,
        gradient_accumulation_steps=plan.accumulation,
        learning_rate=plan.learning_rate,
        bf16=plan.dtype == "bfloat16",
        fp16=plan.dtype == "float16",
        use_cpu=plan.device == "cpu",
        activation_checkpointing=plan.save_memory,
        seed=plan.seed,
        # Our own encoding is final: nothing is cut, built or mapped again.
        max_length=None,
        dataset_kwargs={"skip_prepare_dataset": True},
        eval_on_start=True,
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


def _first(rows: tuple[Encoded, ...], tokens: int) -> tuple[Encoded, ...]:
    """Return as many of the first rows as hold at most `tokens` tokens, and one at least."""
    held = list(accumulate(len(row.input_ids) for row in rows))
    return rows[: max(1, sum(count <= tokens for count in held))]


def describe(task: Task, watching: Watching, pace: Pace) -> Json:
    """Return what the run was and came to, for the adapter's row and the page."""
    plan, rows = task.plan, task.rows
    return {
        "preset": task.request.preset,
        "rows": len(rows.learn),
        "watched_rows": len(rows.watch),
        "cut_rows": rows.cut,
        "left_out_rows": rows.left_out,
        "passes": round(pace.steps / pace.steps_a_pass, 2),
        "steps": pace.steps,
        "loss_start": watching.losses[0],
        "loss_end": watching.losses[-1],
        "eval_loss_start": watching.watched[0][1],
        "eval_loss": watching.watched[-1][1],
        "tokens_a_second": round(pace.tokens_a_second, 1),
        "learning_rate": plan.learning_rate,
        "rank": plan.rank,
        "rows_a_step": plan.batch_size * plan.accumulation,
        "device": plan.device,
        "dtype": plan.dtype,
        "seed": plan.seed,
    }


def _adapter(task: Task, context: JobContext, report: Json, hashes: tuple[str, str]) -> Adapter:
    workspace = context.workspace
    return Adapter(
        id=task.adapter_id,
        job_id=context.job.id,
        name=task.request.name or f"{task.dataset.name}, version {task.dataset.version}",
        base_id=task.base.id,
        base_sha256=task.base.sha256,
        adapter_sha256=hashes[0],
        dataset_id=task.dataset.id,
        path=str(task.folder.relative_to(workspace.home)),
        manifest_sha256=hashes[1],
        created_at=workspace.clock(),
        report=report,
    )

"""A training by plain TRL on the terms of a benchmark: its defaults on a processor, or its best known flags."""

from typing import Any

from datasets import Dataset as HFDataset
from peft import LoraConfig, TaskType
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from tests.bench.clock import Clock, Terms


def best(*, bf16: bool) -> dict[str, Any]:
    """Return its best known flags: weights and products in the faster format, no product twice, like lengths."""
    return {
        "model_init_kwargs": {"dtype": "bfloat16" if bf16 else "float32"},
        "bf16": bf16,
        "activation_checkpointing": False,
        "train_sampling_strategy": "group_by_length",
    }


def settings(terms: Terms) -> SFTConfig:
    """Return what is not left to TRL's defaults."""
    return SFTConfig(
        output_dir=f"{terms.out}-scratch",
        use_cpu=True,
        num_train_epochs=1,
        per_device_train_batch_size=terms.batch,
        learning_rate=terms.rate,
        max_length=terms.length,
        seed=terms.seed,
        save_strategy="no",
        report_to="none",
        include_num_input_tokens_seen="non_padding",
        **(best(bf16=terms.bf16) if terms.best else {}),
    )


def table(terms: Terms) -> HFDataset:
    """Return the rows as TRL wants them: what is read, and what is learned."""
    return HFDataset.from_list(
        [
            {
                "prompt": [{"role": "user", "content": pair["question"]}],
                "completion": [{"role": "assistant", "content": pair["answer"]}],
            }
            for pair in terms.pairs()
        ]
    )


def main() -> None:
    """Train and tell what was measured."""
    terms, clock = Terms.given(), Clock()
    trainer = SFTTrainer(
        model=terms.base,
        args=settings(terms),
        train_dataset=table(terms),
        peft_config=LoraConfig(
            task_type=TaskType.CAUSAL_LM, r=terms.rank, lora_alpha=terms.alpha, target_modules="all-linear"
        ),
        callbacks=[clock],
    )
    trainer.train()
    trainer.save_model(terms.out)
    clock.tell()


if __name__ == "__main__":
    main()

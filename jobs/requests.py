"""What can be asked of the queue. A knob is one field: its type, bounds, label and help live here and nowhere else."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from storage.records import Column

Preset = Literal["quick", "normal", "thorough"]
Lane = Literal["device", "light"]
Method = Literal["lora", "qlora"]
Yardstick = Literal["loss", "answers"]
Kept = Literal["best", "last"]
CuttingName = Literal["short", "usual", "long"]
MOST_SAVING = 6
# The rows of the measured table that are found out by a job of their own.
MeasuredRow = Literal["model", "live", "fact", "setup", "unknown", "cost"]


class Request(BaseModel):
    """A frozen request; its JSON is the job's spec."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lane: ClassVar[Lane] = "light"  # a `device` job has the graphics card, or the processor, to itself
    makes_adapter: ClassVar[bool] = False


class Prepare(Request):
    """Fetch a model of the catalogue, or bring one's own, into the shared folder of models, and try it out.

    `source` is the absolute path of a folder or a GGUF file on this computer; then `name` is what it is called, and
    `model` means nothing. `again` tries a model out that was tried before.
    """

    kind: Literal["prepare"] = "prepare"
    model: str = Field(default="starter", title="Model to fetch")
    source: str = Field(default="", title="Folder or GGUF file", description="A model that lies on this computer.")
    name: str = Field(default="", max_length=80, title="Name", description="Empty: the name of the folder or file.")
    again: bool = False


class Learning(Request):
    """What a base model is taught, and how. What is None is chosen from the preset, the examples and this computer."""

    lane: ClassVar[Lane] = "device"

    dataset_id: str = Field(title="Examples", description="What the model learns from.")
    model: str = Field(default="starter", title="Model to teach")
    name: str = Field(default="", max_length=120, title="Name", description="How you will find the result again.")
    preset: Preset = Field(default="quick", title="How thorough?")
    epochs: float | None = Field(
        default=None, gt=0, le=50, title="Passes", description="How often it goes through your examples (epochs)."
    )
    patience: int | None = Field(
        default=None,
        ge=0,
        le=20,
        title="Patience",
        description="It stops after so many tests in a row without a better one; 0: it never stops early.",
    )
    learning_rate: float | None = Field(
        default=None,
        gt=0,
        le=0.01,
        title="Size of each correction",
        description="How big each correction is (learning rate).",
    )
    rank: int | None = Field(
        default=None,
        ge=2,
        le=128,
        title="Room for what it learns",
        description="Larger learns more detail (LoRA rank).",
    )
    batch_size: int | None = Field(
        default=None, ge=1, le=64, title="Rows a correction", description="How many examples make one correction."
    )
    max_length: int | None = Field(
        default=None, ge=64, le=8192, title="Longest example", description="In tokens; longer examples are cut."
    )
    method: Method | None = Field(
        default=None,
        title="Weights while it learns",
        description="Whole (lora) or packed into 4 bits (qlora), which needs less memory and an NVIDIA card.",
    )
    less_memory: int = Field(
        default=0,
        ge=0,
        le=MOST_SAVING,
        title="Save memory",
        description="Each step up halves the rows that go through at once, then remembers less: slower, same result.",
    )
    judged_by: Yardstick = Field(
        default="loss",
        title="Best judged by",
        description="The distance from your answers (loss), or the words that its answers share with yours (answers).",
    )
    keep: Kept = Field(
        default="best",
        title="What is kept",
        description="The state that did best on questions it never saw (best), or the last one (last).",
    )
    all_rows: bool = Field(
        default=False,
        title="Learn from every row",
        description="The rows it is tested on meanwhile, too, so nothing tells when to stop. Never the exam.",
    )
    seed: int = Field(default=0, ge=0, title="Seed", description="The same seed repeats the same run.")


class Train(Learning):
    """Teach a base model the examples of a dataset version."""

    makes_adapter: ClassVar[bool] = True

    kind: Literal["train"] = "train"


class Measure(Learning):
    """Try a training out on its longest rows, to tell the memory and the time that it would take; nothing is kept."""

    kind: Literal["measure"] = "measure"


class Index(Request):
    """Read uploaded documents, or the rows that a training learns, into a collection.

    `files` are (stored path relative to home, name as uploaded); `dataset_id` names the version whose rows are read.
    `fetched` says of a name which address it was fetched from, and when (seconds since 1970). With `cutting` all that
    the collection holds is cut so, and what is added from then on.
    """

    kind: Literal["index"] = "index"
    collection: str = Field(title="Documents", min_length=1, max_length=120)
    files: tuple[tuple[str, str], ...] = ()
    dataset_id: str | None = None
    cutting: CuttingName | None = Field(default=None, title="Passages", description="How long passages become.")
    fetched: dict[str, tuple[str, float]] = {}


class Fetch(Request):
    """Fetch a web page by its address, to be read into a collection; the address is kept in full."""

    kind: Literal["fetch"] = "fetch"
    collection: str = Field(title="Documents", min_length=1, max_length=120)
    address: str = Field(title="Address", min_length=1)


class Draft(Request):
    """Draft questions and answers from the passages of a collection, spread over its documents or those named."""

    kind: Literal["draft"] = "draft"
    collection: str = Field(title="Documents", min_length=1, max_length=120)
    documents: tuple[str, ...] = ()
    most: int = Field(
        default=20, ge=1, le=500, title="How many", description="It stops when so many usable drafts are there."
    )


Wording = Literal["auto", "quote", "free"]


class Choices(Request):
    """What a question may use: an adapter, documents, tools, and which ways are asked."""

    adapter_id: str | None = None
    collection: str | None = None
    tools: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    model: str = "starter"
    temperature: float = Field(
        default=0.0,
        ge=0,
        le=2,
        title="Freedom in wording",
        description="0: always the likeliest words, so that the same question gets the same answer (temperature).",
    )
    labels: bool = Field(
        default=True,
        title="Choose one of the labels",
        description="A model that was taught labels answers with one of these and nothing else. Others answer freely.",
    )
    wording: Wording = Field(
        default="auto",
        title="Answers from documents",
        description=(
            "A quote is one sentence of your documents, word for word, and the words in it that answer. Auto quotes "
            "where that was measured to be right more often: with the starter model as it came, or taught to read."
        ),
    )
    instruction: str = Field(
        default="",
        max_length=2000,
        title="One instruction for all columns",
        description="Each of them reads it before the question (system message).",
    )


TIMES_WHEN_SAMPLING = 3


class Evaluate(Request):
    """Ask every test question of every column and score the answers.

    `source` is the id of a set of test questions or of a dataset, or a file below home, then called `name`. Without
    columns, those that `choices` allows are asked. `repeats` counts for columns in whose answers chance takes part;
    None is three times.
    """

    kind: Literal["evaluate"] = "evaluate"
    source: str = Field(title="Test questions")
    name: str = Field(default="", max_length=255, title="Name")
    choices: Choices = Choices()
    columns: tuple[Column, ...] = ()
    repeats: int | None = Field(
        default=None,
        ge=1,
        le=10,
        title="How often each question is asked",
        description="Where answers are worded freely, chance takes part in them. Several answers show how much.",
    )
    fresh: bool = Field(
        default=False,
        title="Ask everything anew",
        description="Otherwise answers of earlier scores are taken over where nothing that makes them has changed.",
    )

    @field_validator("columns")
    @classmethod
    def _apart(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        if len({column.id for column in columns}) < len(columns):
            raise ValueError("two columns have the same id, so their answers could not be told apart")
        return columns


class Judge(Request):
    """Let a model judge the answers of a scorecard, and which of two is better for pairs of its leading columns."""

    kind: Literal["judge"] = "judge"
    card_id: str = Field(title="Score")
    pairs: int = Field(
        default=60, ge=0, le=1000, title="How many pairs", description="Each is asked in both orders, spread evenly."
    )


class MeasureWays(Request):
    """Find out what each way of a score costs and gives, row by row of the measured table."""

    kind: Literal["measure_ways"] = "measure_ways"
    card_id: str
    rows: tuple[MeasuredRow, ...] = Field(default=get_args(MeasuredRow), min_length=1)


class Export(Request):
    """Write an adapter in a form that other programs read.

    `adapter`: PEFT's files; `merged`: one model with the adapter inside; `gguf`: one file for llama.cpp and Ollama.
    """

    kind: Literal["export"] = "export"
    adapter_id: str
    form: Literal["adapter", "merged", "gguf"] = Field(default="adapter", title="Form")
    folder: str = Field(
        default="",
        title="Folder",
        description="An absolute path on this computer; empty for a whole model that is kept to be downloaded.",
    )


AnyRequest = Annotated[
    Prepare | Train | Measure | Fetch | Index | Draft | Evaluate | Judge | MeasureWays | Export,
    Field(discriminator="kind"),
]
_any_request: TypeAdapter[AnyRequest] = TypeAdapter(AnyRequest)


def parse_request(spec: object) -> AnyRequest:
    """Return the request that a job's spec holds; raise pydantic's ValidationError where it is none."""
    return _any_request.validate_python(spec)

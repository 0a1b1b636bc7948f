"""Settings, read once from the environment at a door and passed inward."""

from pathlib import Path

import platformdirs
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

AUTO = "auto"
# Inside home: which base model it uses, chosen once where the settings say AUTO.
BASE_MODEL_FILE = "base-model.json"


class Settings(BaseSettings):
    """What the environment decides. Each field is `TRIPTYCH_<NAME>` and stands in the README."""

    model_config = SettingsConfigDict(env_prefix="TRIPTYCH_", frozen=True, extra="ignore", populate_by_name=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("triptych")),
        description="The workspace: database, files, locks and logs.",
    )
    models: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("triptych")) / "models",
        description="Models, shared by all workspaces.",
    )
    database_url: str | None = Field(default=None, description="A PostgreSQL URL; without it SQLite in the workspace.")
    base_model: str = Field(
        default=AUTO, description="The base model's id in the catalogue; auto chooses once what fits this computer."
    )
    model_url: str | None = Field(default=None, description="Another OpenAI-compatible server in place of our own.")
    model_token: SecretStr | None = Field(default=None, description="The token of that server.")
    idle_minutes: float = Field(
        default=30.0,
        ge=0,
        description="A model that nobody asked for so long leaves memory until the next question; 0: never.",
    )
    model_memory_gb: float | None = Field(
        default=None, gt=0, description="What several base models may take together (GB); without it, what is free."
    )
    gpus_per_training: int = Field(
        default=1, ge=1, description="How many NVIDIA cards one training uses; with 1, one training runs on each card."
    )
    draft_url: str | None = Field(
        default=None, description="An OpenAI-compatible server that only drafts examples from documents."
    )
    draft_model: str | None = Field(default=None, description="The model that drafts examples.")
    draft_token: SecretStr | None = Field(default=None, description="The token of the server that drafts.")
    judge_url: str | None = Field(
        default=None, description="An OpenAI-compatible server that only judges the answers of scores."
    )
    judge_model: str | None = Field(default=None, description="The model that judges answers.")
    judge_token: SecretStr | None = Field(default=None, description="The token of the server that judges.")
    host: str = Field(default="127.0.0.1", description="The address that the web process binds.")
    port: int = Field(
        default=7860,
        validation_alias=AliasChoices("TRIPTYCH_PORT", "PORT"),
        description="The port that the web process binds.",
    )
    password: SecretStr | None = Field(
        default=None, description="The shared password; needed for any host but loopback."
    )
    allowed_hosts: str = Field(
        default="", description="Host names, comma-separated, under which others reach this studio."
    )

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the web process."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

"""The chat template of a model in a folder, rendered without the libraries that run the model."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jobs.models.door import Message
from jobs.models.framing import TEMPLATE_WORDS
from storage.errors import Damaged

Render = Callable[[Sequence[Message]], str]

_DEFAULT = "default"
_SPECIAL = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


def load_render(folder: Path) -> Render:
    """Return what renders a conversation up to where the answer begins, by the template of the model in `folder`.

    Raises Damaged where there is no template or it can't be read.
    """
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        template = _environment().from_string(_source(folder, config), _FUNCTIONS)
    except (OSError, ValueError, KeyError, TemplateError) as error:
        raise Damaged("The chat template of this model can't be read.") from error
    tokens = {name: _spelling(config[name]) for name in _SPECIAL if config.get(name)}

    def render(messages: Sequence[Message]) -> str:
        return template.render(messages=list(messages), add_generation_prompt=True, **TEMPLATE_WORDS, **tokens)

    return render


def _source(folder: Path, config: dict[str, Any]) -> str:
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    written = config["chat_template"]
    if isinstance(written, str):
        return written
    return next(one["template"] for one in written if one["name"] == _DEFAULT)


def _spelling(token: str | dict[str, Any]) -> str:
    return token if isinstance(token, str) else token["content"]


def _environment() -> ImmutableSandboxedEnvironment:
    """Return the environment that templates are written for: the one of the library `transformers`."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    return environment


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None) -> str:
    # jinja2's own filter escapes for web pages.
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)


def _refuse(message: str) -> NoReturn:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().strftime(form)


_FUNCTIONS = {"raise_exception": _refuse, "strftime_now": _now}

"""The command line that does the same as a form."""

import shlex

from jobs.requests import Learning

_NOT_OPTIONS = {"kind", "dataset_id"}
# What depends on where it is asked is always said.
_ALWAYS = {"model", "preset"}


def train_command(request: Learning) -> str:
    """Return the command that asks for this very training; what is left to Auto is left out."""
    options: list[str] = []
    for name, known in type(request).model_fields.items():
        value = getattr(request, name)
        if name in _NOT_OPTIONS or (value == known.default and name not in _ALWAYS):
            continue
        option = "--" + name.replace("_", "-")
        options += [option] if value is True else [option, f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join(["triptych", "train", request.dataset_id, *options])

"""Read many files in one limited child: the limits are the real ones, only the start is shared."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobs.intake.readers.reading import pieces_of
from storage.errors import TriptychError
from tests.peak import peak_mb


def outcomes(paths: list[str]) -> Iterator[dict[str, Any]]:
    """Yield how each file ends, with its seconds and the most memory so far."""
    for path in paths:
        begun = time.monotonic()
        try:
            *_, known = pieces_of(path, Path(path).name)
            ended = "table" if known["rows"] else "no rows"
        except TriptychError as error:
            ended = "sentence" if str(error) and error.next_step else "no sentence"
        except MemoryError:
            ended = "memory"
        except BaseException as error:  # noqa: BLE001 - a fault of any kind is what is looked for
            ended = f"{type(error).__name__}: {error}"
        yield {"path": path, "ended": ended, "seconds": time.monotonic() - begun, "peak_mb": peak_mb()}

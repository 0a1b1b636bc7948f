"""How large a table may be that is read here."""

from storage.errors import TooLarge

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 256


def refuse_large(size: int, name: str) -> None:
    """Raise TooLarge where there are more bytes than are read here."""
    if size > MOST_BYTES:
        raise TooLarge(f"{name} has {size / 1024**2:.0f} MB; {MOST_BYTES // 1024**2} MB is the most for one file.")

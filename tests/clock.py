"""A clock that stands still until a test moves it."""


class Clock:
    """Seconds since the epoch, as a test wants them."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

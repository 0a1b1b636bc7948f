"""`python -m jobs.sample [--book FILE]`: the order service of the home that the environment names."""

import argparse
import logging
import sys
from pathlib import Path

from jobs.sample.server import serve
from storage.errors import TriptychError, UserFault
from storage.settings import Settings

# The folder lies beside the packages, in a checkout and in an installation alike.
_BOOK = Path(__file__).parents[2] / "assets" / "samples" / "larkspur" / "orders.json"


def main() -> int:
    """Serve until a signal comes; return the exit code."""
    parser = argparse.ArgumentParser(prog="jobs.sample", description=__doc__)
    parser.add_argument("--book", type=Path, default=_BOOK, help="the order book")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        serve(Settings().home, given.book)
    except TriptychError as error:
        sys.stderr.write(f"{error}\n{error.next_step}\n")
        return 1 if isinstance(error, UserFault) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

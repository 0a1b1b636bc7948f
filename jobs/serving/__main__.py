"""`python -m jobs.serving [--host HOST] [--port PORT]`: the model server of the home that the environment names."""

import argparse
import logging
import os
import sys

from jobs.models.threads import ANSWERING
from jobs.serving.server import Server
from storage.errors import TriptychError, UserFault
from storage.settings import Settings


def main() -> int:
    """Serve until a signal comes; return the exit code."""
    parser = argparse.ArgumentParser(prog="jobs.serving", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0 takes a free one")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for name, value in ANSWERING.items():
        os.environ.setdefault(name, value)
    # Nothing is looked up in a model hub while serving: all files lie on this computer.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", HF_HUB_DISABLE_PROGRESS_BARS="1")
    try:
        Server(Settings(), given.host, given.port).run()
    except TriptychError as error:
        sys.stderr.write(f"{error}\n{error.next_step}\n")
        return 1 if isinstance(error, UserFault) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

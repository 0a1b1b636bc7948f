"""A parent for tests: starts the lasting part and sleeps, to be killed without a chance to tidy up."""

import os
import time
from pathlib import Path

from storage.settings import Settings
from studio.parts import Part, start

if __name__ == "__main__":
    start(Part("x", "tests.studio.lasting_part", "the part"), Settings(), Path(os.environ["TRIPTYCH_HOME"]) / "x.log")
    time.sleep(60)

"""What tests need of the processor that they run on."""

import pytest

from jobs.models.machine import FAST_INT8, processor_flags

adds_int8 = pytest.mark.skipif(not FAST_INT8 & processor_flags(), reason="this processor does not add products of int8")

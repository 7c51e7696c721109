"""What a long piece of music takes of the memory."""

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module")
def test_four_minutes_of_repet_sim_stay_under_a_gigabyte_and_a_half():
    code = """
import resource, sys
import numpy as np
from spectrogramtools import repet_sim
y = np.random.default_rng(0).standard_normal(240 * 22050).astype(np.float32)
repet_sim(y, 22050, count=20)
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 1.5e9

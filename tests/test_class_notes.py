"""The class notes' own cells run unchanged, beside the clip saved under the name that they load."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from spectrogramtools import load_clip, si_sdr

RUN = Path(__file__).parent / "class_notes" / "run.py"


def run_class_notes(python, folder):
    """Run the cells with this Python in this folder; gives what they computed and where the module came from."""
    clip = load_clip("violin_castanets")
    soundfile.write(folder / "violincastanets.mp3", clip.mixture, clip.sr)
    environment = {**os.environ, "MPLBACKEND": "Agg", "IPYTHONDIR": str(folder)}
    done = subprocess.run([python, RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return np.load(folder / "results.npz"), json.loads(done.stdout.splitlines()[-1])["module"], done.stdout


def test_the_cells_run_unchanged(tmp_path):
    results, _, printed = run_class_notes(sys.executable, tmp_path)
    y, S = results["y"], results["S"]
    assert S.shape == (1025, 1 + (len(y) - 2048) // 512)
    assert str(S.shape) in printed
    assert "Iteration 1 of 10" in printed
    assert "Iteration 10 of 10" in printed
    # What the cells compute without padding is the mixture shared in two, up to the edges that no window covers.
    y1, y2 = results["y1"], results["y2"]
    inner = slice(2048, len(y1) - 2048)
    assert np.abs(y1 + y2 - y[: len(y1)])[inner].max() < 1e-5
    clip = load_clip("violin_castanets")
    assert si_sdr(clip.stems["violin"][inner], y1[inner]) > 11
    assert si_sdr(clip.stems["castanets"][inner], y2[inner]) > 9
    for name in ("y_harm", "y_perc", "y1", "y2"):
        assert 0.1 < np.abs(results[name][inner]).max() < 1

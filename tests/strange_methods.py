"""Methods that do what a method must not do, each in its own way; and two that are as they should be."""

import json
import os
import re
import sys
import time

import numpy as np
import scipy.linalg

try:
    import numba  # before anything has limited its threads
except ImportError:
    numba = None


def halves(y, sr, share=0.5):
    return [share * y, (1 - share) * y]


def by_name(y, sr):
    return {"vocals": 0.5 * y, "drums": 0.25 * y}


by_name.sources = ("drums", "vocals")


def random(y, sr):
    return [np.random.standard_normal(y.shape), np.random.standard_normal(y.shape)]


def seeded(y, sr, seed=None):
    return [np.random.default_rng(seed).standard_normal(y.shape)] * 2


def raises(y, sr):
    return [y / 0, len(3)]


def says(y, sr):
    raise ValueError("the song is too loud:\nturn it down.")


def says_nothing(y, sr):
    raise ValueError


def interrupts(y, sr):
    raise KeyboardInterrupt


def exits(y, sr):
    sys.exit(3)


def dies(y, sr):
    os._exit(0)


def hangs(y, sr):
    while True:
        time.sleep(0.01)


def hangs_in_c(y, sr):
    """Holds Python's lock: no other thread comes to run."""
    re.match("(a+)+$", "a" * 60 + "b")


def is_greedy(y, sr):
    kept = []
    while True:
        kept.append(np.ones(2**21))
        time.sleep(0.001)


def writes(y, sr):
    y[...] = 0
    return [y, y]


def prints(y, sr):
    for _ in range(10_000):
        print("a line of text that nobody asked for")
        print("and one for errors", file=sys.stderr)
    return [y, y]


def gives_a_number(y, sr):
    return 3


def gives_one(y, sr):
    return [y]


def gives_three(y, sr):
    return [y, y, y]


def gives_other_names(y, sr):
    return {"voice": y, "band": y}


def gives_another_shape(y, sr):
    return [y, y[..., 1:]]


def gives_nan(y, sr):
    return [y, y * np.nan]


def gives_whole_numbers(y, sr):
    return [y, np.zeros(y.shape, np.int16)]


def gives_words(y, sr):
    return [y, np.full(y.shape, "a")]


def gives_silence(y, sr):
    return [0 * y, 0 * y]


def gives_truth(y, sr):
    return [y, y]


def takes_a_while(y, sr):
    time.sleep(0.2)
    return [y, y]


def tells_its_threads(y, sr):
    """In the words of an error, which is how it comes to be read."""
    import threadpoolctl

    np.linalg.solve(np.eye(3), np.ones(3))
    scipy.linalg.solve(np.eye(3), np.ones(3))
    told = {
        "pools": [pool["num_threads"] for pool in threadpoolctl.threadpool_info()],
        "numba": numba and numba.get_num_threads(),
        "environment": {name: value for name, value in os.environ.items() if name.endswith("_NUM_THREADS")},
    }
    raise ValueError(json.dumps(told))

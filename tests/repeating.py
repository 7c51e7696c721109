"""A loop that repeats to the sample, and a voice that never does: what REPET and its kin take apart."""

import numpy as np

SR = 22050


def loop(period, n, seed=0, strength=1.0):
    """Noise that decays, 16 bursts a period, each with its own level: repeats with `period` samples and no less."""
    rng = np.random.default_rng(seed)
    one = np.zeros(period)
    starts = np.linspace(0, period, 16, endpoint=False).astype(int)
    for start, level in zip(starts, rng.uniform(0.2, 1, 16), strict=True):
        burst = level * rng.standard_normal(period // 8) * np.exp(-np.arange(period // 8) / 400)
        stop = min(period, start + len(burst))
        one[start:stop] += burst[: stop - start]
    return strength * np.tile(one, -(-n // period))[:n]


def voice(n, seed=1):
    """A tone that wanders and never comes back."""
    rng = np.random.default_rng(seed)
    steps = np.repeat(rng.uniform(200, 600, n // 4000 + 1), 4000)[:n]
    phase = 2 * np.pi * np.cumsum(steps) / SR
    return sum(np.sin(k * phase) / k for k in range(1, 8))


def moving(period, n, ramp, seed=0):
    """The bursts of a loop, each at its own time while the tempo moves: from `ramp` slower to `ramp` faster.

    Also the samples at which the repetitions begin and how long each lasts, as a function of the place in the music.
    """
    rng = np.random.default_rng(seed)
    sounds = [
        level * rng.standard_normal(period // 8) * np.exp(-np.arange(period // 8) / 400)
        for level in rng.uniform(0.2, 1, 16)
    ]
    count = n / period

    def at(place):
        """Where a place, in periods, lies in samples: from 1 + ramp to 1 - ramp periods a repetition."""
        return period * (place * (1 + ramp) - ramp * place**2 / count)

    y = np.zeros(n + period)
    for k in range(int(16 * (count + 1))):
        start = round(at(k / 16))
        if 0 <= start < n:
            y[start : start + period // 8] += sounds[k % 16]
    return y[:n], at

"""Homework 1, right in places: each function says what is wrong with it."""

import numpy as np


def stft(y, window, hop):
    # Loses the last frame where it just fits.
    starts = range(0, len(y) - len(window), hop)
    return np.array([np.fft.rfft(y[s : s + len(window)] * window) for s in starts]).T


def istft(S, window, hop):
    # Explodes at the edges.
    W = len(window)
    y = np.zeros(W + hop * (S.shape[1] - 1))
    total = y + 1e-12
    for i in range(S.shape[1]):
        y[i * hop : i * hop + W] += np.fft.irfft(S[:, i], n=W) * window
        total[i * hop : i * hop + W] += window**2
    return y / total


def istft_padded(S, window, hop, n_fft, length):
    # Forgets the zeros before the signal.
    y = istft(np.fft.rfft(np.fft.irfft(S, n=n_fft, axis=0)[: len(window)], axis=0), window, hop)
    return y[:length]


def tuner(y, sr, n_fft):
    # Without a window.
    return np.argmax(np.abs(np.fft.rfft(y, n=n_fft))) * sr / n_fft


diagnosis = {"A": "power", "B": "?"}

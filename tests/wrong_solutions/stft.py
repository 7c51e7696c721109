"""Homework 1, wrong in one place."""

from wrong import Wrong

WRONG = [
    Wrong(
        "the last frame is lost where it just fits",
        "stft",
        old="1 + (len(y) - W) // hop",
        new="len(range(0, len(y) - W, hop))",
        said="last frame",
    ),
]

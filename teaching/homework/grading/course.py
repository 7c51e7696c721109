"""What is this course's alone: course.toml, and what follows from its number."""

import hashlib
import re
import secrets
import tomllib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
# The number in the copy that everybody can read.
PUBLIC = 20261121


def number():
    """The number from which hidden data and the broken sounds are made."""
    with (ROOT / "course.toml").open("rb") as file:
        return int(tomllib.load(file)["number"])


def draw_number():
    """Put a number that nobody can guess into course.toml, once, and say what to do with it.

    A short one is found by trying: the sounds that are handed out follow from it. Once they have been handed out, the
    number stays.
    """
    if number() != PUBLIC:
        return ""
    if any(ROOT.glob("release/*/sounds")):
        return (
            f"course.toml still has the public number {PUBLIC}: begin a new class in a new clone, which draws its own."
        )
    path = ROOT / "course.toml"
    text = re.sub(rf"^number = {PUBLIC}$", f"number = {secrets.randbits(128)}", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    return f"{path} has a number of your own now: commit it to your private copy, all marks depend on it."


def random(*purpose):
    """A random generator that depends on the course's number and on what it is for."""
    text = repr((number(), *purpose)).encode()
    return np.random.default_rng(list(hashlib.sha256(text).digest()))


def state():
    """A fingerprint of all that decides marks: when it changes, everything is graded anew."""
    digest = hashlib.sha256()
    for path in sorted([ROOT / "course.toml", *ROOT.glob("grading/*.py"), *ROOT.glob("hidden/*.py")]):
        digest.update(path.read_bytes())
    return digest

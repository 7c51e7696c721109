"""The folder that a student's process may write into: how full it is, and away with it.

Whatever a student left there, a tower of a thousand folders or one that nobody may open, both take it one folder at a
time, never one inside another: a recursion would end before the tower does, and a path would be too long.
"""

import itertools
import os

# What it may hold where it is no disk of its own, with a size of its own (contain.py).
BYTES, FILES = 64 * 2**20, 2000


def is_full(folder):
    """Does it hold more than it may? Folders count as files do, and what can't be looked at is too much."""
    size = files = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    if files > FILES:
                        return True
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # deleted meanwhile
            continue
        except OSError:
            return True
    return size > BYTES


def remove(folder):
    """Delete it with all that is in it; for folders on one disk, after whoever wrote there has ended."""
    names = itertools.count()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        os.chmod(here, 0o700)
        for entry in list(os.scandir(here)):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
                # Beside the first one, where its path is short.
                waiting.append(f"{folder}-{next(names)}")
                os.rename(entry.path, waiting[-1])
            else:
                os.unlink(entry.path)
        os.rmdir(here)

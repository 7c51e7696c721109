"""Values as bytes, between the grader and the process that runs a student's code.

One message is a line of JSON, which says what follows, and the arrays' bytes. Nothing is ever unpickled: whatever a
student sends, it becomes numbers, text, lists and plain numpy arrays, or an error.
"""

import json
import math

import numpy as np

KINDS = "biufc"
# No exercise returns more than some seconds of sound or one spectrogram.
LARGEST = 256 * 2**20
TOO_MUCH = f"more than {LARGEST >> 20} MiB"
# A list of more numbers than these travels as an array; JSON would take ten times the room.
MANY = 1000


class BadMessageError(Exception):
    """What came is not one of the values that can be sent."""


def pack(value):
    """The bytes of a value: None, a number, text, an array, or a list, tuple or dict of such.

    BadMessageError says what it is instead.
    """
    arrays = []
    head = json.dumps(_describe(value, arrays)).encode()
    if sum(array.nbytes for array in arrays) > LARGEST:
        raise BadMessageError(TOO_MUCH)
    body = b"".join(array.tobytes() for array in arrays)
    return b"%d %d\n" % (len(head), len(body)) + head + body


def unpack(read):
    """The value whose bytes `read(n)` hands out, n at a time."""
    sizes = b""
    while not sizes.endswith(b"\n"):
        sizes += read(1)
        if len(sizes) > 40:
            raise BadMessageError("the message has no beginning")
    try:
        n_head, n_body = (int(number) for number in sizes.split())
    except ValueError:
        raise BadMessageError("the message has no beginning") from None
    if not 0 <= n_head <= 2**20 or not 0 <= n_body <= LARGEST:
        raise BadMessageError(f"{TOO_MUCH} came back")
    head, body = read(n_head), memoryview(read(n_body))
    try:
        value, rest = _rebuild(json.loads(head), body)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise BadMessageError("the message is not one that the grader writes") from None
    if len(rest):
        raise BadMessageError("the message is longer than it says")
    return value


def _describe(value, arrays):
    if value is None or type(value) in (bool, int, float, str):
        return {"plain": value}
    if type(value) in (list, tuple):
        if (array := _numbers(value)).size > MANY:
            return _describe(array, arrays)
        return {"list": [_describe(item, arrays) for item in value]}
    if type(value) is dict:
        return {"dict": {str(key): _describe(item, arrays) for key, item in value.items()}}
    array = np.asarray(value)
    if array.dtype.kind not in KINDS or array.dtype.itemsize > 16:
        raise BadMessageError(f"a {type(value).__name__}, which is neither a number nor an array of numbers")
    if array.nbytes > LARGEST:
        raise BadMessageError(TOO_MUCH)
    array = np.array(array, order="C", dtype=array.dtype.newbyteorder("="), subok=False)
    if array.ndim == 0:
        return (
            {"number": [array.item().real, array.item().imag]} if array.dtype.kind == "c" else {"plain": array.item()}
        )
    arrays.append(array)
    return {"array": [array.dtype.str, list(array.shape)]}


def _numbers(values):
    """A list, or lists in a list, as an array; an empty one if there are not only numbers in it, in equal rows."""
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError):
        return np.empty(0)
    return array if array.dtype.kind in KINDS else np.empty(0)


def text(words):
    """Without halves of a character: what JSON allows, and no file or screen takes."""
    return words.encode("utf-8", "replace").decode()


def _rebuild(described, body):
    ((kind, what),) = described.items()
    if kind == "plain":
        if not (what is None or type(what) in (bool, int, float, str)):
            raise BadMessageError("that is no plain value")
        return text(what) if type(what) is str else what, body
    if kind == "number":
        return complex(*what), body
    if kind in ("list", "dict"):
        items = []
        for item in what if kind == "list" else what.values():
            item, body = _rebuild(item, body)
            items.append(item)
        return (tuple(items) if kind == "list" else dict(zip(map(text, what), items, strict=True))), body
    dtype, shape = np.dtype(what[0]), tuple(what[1])
    if dtype.kind not in KINDS or any(type(n) is not int or n < 0 for n in shape) or len(shape) > 8:
        raise BadMessageError("that is no array of numbers")
    size = math.prod(shape) * dtype.itemsize
    if size > len(body):
        raise BadMessageError("the message is shorter than it says")
    return np.frombuffer(body[:size], dtype).reshape(shape).copy(), body[size:]

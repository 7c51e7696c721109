"""A lecture's pictures as files of their own, small, and named by what they hold; a browser loads those in sight first.

Function: `picture`.
"""

import base64
import hashlib
import html
import io
from pathlib import Path

from PIL import Image


def picture(png: str, how: dict, folder: Path, address: str) -> str:
    """The HTML of a picture that a notebook holds, base64-encoded, shown as told; its file goes into the folder."""
    alt = how.get("alt")
    if not alt:
        raise ValueError("a figure has no description: show it with show_figure(alt), or hide it")
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    small = min((saved(image, lossless=True), saved(image, quality=75)), key=len)
    path = folder / f"{hashlib.sha256(small).hexdigest()[:16]}.webp"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small)
    width = how.get("width", image.width)
    size = f'width="{width}" height="{round(image.height * width / image.width)}"'
    return f'<img src="{address}/{path.name}" alt="{html.escape(alt)}" {size} loading="lazy">'


def saved(image: Image.Image, **settings) -> bytes:
    if settings.get("lossless"):  # of few colours, as in the saved lectures
        image = image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).convert("RGB")
    out = io.BytesIO()
    image.save(out, "webp", **settings)
    return out.getvalue()

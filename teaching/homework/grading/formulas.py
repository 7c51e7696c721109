"""Formulas as MathML, which a browser draws without a script.

A student's formula can hold anything, so the page gets none of what the converter writes but the symbols, and how they
stand to each other: a formula with an address, a colour, a style or a script in it is shown as it was typed.
"""

import html

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

SYMBOLS = {"mi", "mn", "mo", "mtext", "mspace"}
PLACES = {"math", "mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"}
PLACES |= {"mtable", "mtr", "mtd", "mstyle"}
LOOKS = {"display", "stretchy", "fence", "form", "accent", "width", "linethickness", "minsize", "maxsize"}
LOOKS |= {"columnalign", "displaystyle", "scriptlevel", "mathvariant", "separator", "lspace", "rspace", "xmlns"}
LONGEST = 1000


def formula(tex, display):
    """`display` is "inline" or "block"."""
    found = read(tex, display)
    if found is not None and all(harmless(element) for element in found.iter()):
        return Markup(drawn(found))
    return Markup('<code class="formula">{}</code>').format(tex)


def read(tex, display):
    """None, if it is no formula."""
    if len(tex) > LONGEST:
        return None
    try:
        return convert_to_element(tex, display=display)
    except Exception:  # the converter falls over some that are none
        return None


def harmless(element):
    return element.tag in SYMBOLS | PLACES and set(element.keys()) <= LOOKS


def drawn(element):
    looks = "".join(f' {name}="{escape(value)}"' for name, value in element.items())
    # The converter writes a character as its number in HTML.
    text = escape(html.unescape(element.text or ""))
    return f"<{element.tag}{looks}>{text}{''.join(map(drawn, element))}</{element.tag}>"

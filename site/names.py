"""In a docstring, a name between single backticks is a link where the name is public, or else code."""

from docutils import nodes
from sphinx import addnodes

import spectrogramtools

PUBLIC = {*spectrogramtools.__all__, "halfsine", "hann"}


def name_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    code = nodes.literal(rawtext, text)
    short = text.removeprefix("spectrogramtools.").removesuffix("()")
    if short not in PUBLIC:
        return [code], []
    place = {"refdomain": "py", "reftype": "obj", "reftarget": f"spectrogramtools.{short}", "refexplicit": True}
    return [addnodes.pending_xref(rawtext, code, refdoc=inliner.document.settings.env.docname, **place)], []


def setup(app):
    app.add_role("name", name_role)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

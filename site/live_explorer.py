"""An explorer on a page that is no lecture, over one of the course's clips:

    ```{explorer} hpss violin_castanets
    ```

It waits for a press like those in the lectures.
"""

import base64
from pathlib import Path

import elements
import pictures
from docutils import nodes
from ipywidgets import Widget
from sphinx.util.docutils import SphinxDirective

import spectrogramtools


class LiveExplorer(SphinxDirective):
    """The directive `explorer`: which one, and over which clip."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        kind, name = self.arguments
        clip = spectrogramtools.load_clip(name)
        explorer = getattr(spectrogramtools, f"explore_{kind}")(clip.mixture, clip.sr, references=clip.stems)
        model = Widget.get_manager_state(widgets=[explorer])["state"][explorer.model_id]
        png, static = base64.b64encode(explorer.still()), Path(self.env.app.outdir) / "_static"
        address = "../" * self.env.docname.count("/") + "_static/pictures"
        still = pictures.picture(png, {"alt": explorer.alt}, static / "pictures", address)
        return [nodes.raw("", elements.element(model, still, static / "sounds"), format="html")]


def setup(app):
    app.add_directive("explorer", LiveExplorer)
    return {"parallel_read_safe": True}

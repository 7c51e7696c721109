"""What Sphinx is told of the site; `make site` calls it through make_site.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the small extensions beside this file

import spectrogramtools

project = "spectrogramtools"
author = "The spectrogramtools authors"
copyright = "the spectrogramtools authors: code MIT, text, pictures and recordings CC BY 4.0"
version = release = spectrogramtools.__version__
language = "en"
highlight_language = "none"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "formulas", "names", "live_explorer", "accessible"]

# Furo, because of what a page weighs: 60 kB of styles and scripts, no fonts and no framework. The PyData theme, and
# sphinx-book-theme, which is made of it (and holds it back at an older version), bring 0.9 MB, more than half of what
# a page with a dozen figures may weigh here. All three have light and dark, search that works from a memory stick,
# previous and next, the page's contents beside it, a skip link and styles for paper, and none fetches from elsewhere.
html_theme = "furo"
html_title = "Music source separation"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f4e8c", "color-brand-content": "#1f4e8c"},
    "dark_css_variables": {"color-brand-primary": "#8ab8f0", "color-brand-content": "#8ab8f0"},
}
html_favicon = "_static/icon.svg"
html_static_path = ["_static", "../spectrogramtools/page/views/player.css", "../spectrogramtools/page/built/site.js"]
html_css_files = ["player.css", "site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
templates_path = ["_templates"]
html_copy_source = False
html_show_sphinx = False
# The words around what was found would be fetched from the pages, which a browser refuses to a page from a file.
html_show_search_summary = False
exclude_patterns = ["readme.md", "notebooks"]

# The lectures have been run by then.
nb_execution_mode = "off"
# Of a cell whose code would give its answer away.
nb_code_prompt_show, nb_code_prompt_hide = "code, with the answer", "hide the code"
myst_enable_extensions = ["dollarmath", "attrs_inline", "colon_fence"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

# Types in docstrings are prose ("array_like of float, shape (n_samples,)"), so signatures need no others.
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
default_role = "name"

nitpicky = True

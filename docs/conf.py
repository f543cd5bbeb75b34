"""Settings of the HTML report; docs/report.py assembles its pages and builds it."""

from importlib import metadata

project = "r2p_analysis"
author = "The r2p_analysis developers"
release = metadata.version("r2p-analysis")

extensions = ["myst_nb"]
exclude_patterns = ["gallery.md", "figures/*.md"]
nb_execution_mode = "off"  # the notebooks come executed
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
html_title = "The Responsibility to Protect in the Americas"
html_theme_options = {"show_toc_level": 2, "use_fullscreen_button": False, "navbar_persistent": []}
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False

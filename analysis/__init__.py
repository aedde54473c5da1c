"""Compare problems and countermeasures across a research office's reports.

>>> import analysis as an                                       # doctest: +SKIP
>>> study = an.run()                                            # doctest: +SKIP
>>> study.rates("issue", by="level")                            # doctest: +SKIP
"""

from __future__ import annotations

import importlib

from analysis.errors import MissingName

__version__ = "0.1.0"

# Where each public name lives. Modules are imported when a name is first used, so that importing
# the package, and `python -m analysis --help`, cost nothing.
_PLACES = {
    "run": "analysis.study",
    "load": "analysis.study",
    "analyse": "analysis.study",
    "Study": "analysis.study",
    "diff_runs": "analysis.study",
    "evaluate_labels": "analysis.study",
    "suggest_wording": "analysis.study",
    "accept_wording": "analysis.study",
    "load_codebook": "analysis.codebook",
    "find_workspace": "analysis.workspace",
    "read_source": "analysis.reading",
    "split_report": "analysis.structure",
    "tag_roles": "analysis.roles",
    "find_mentions": "analysis.issues",
    "tag_themes": "analysis.themes",
    "tag_clusters": "analysis.clusters",
    "compare_rates": "analysis.compare",
    "plot_issues": "analysis.figures",
    "plot_themes": "analysis.figures",
    "plot_focus": "analysis.figures",
    "plot_cooccurrence": "analysis.figures",
    "plot_answers": "analysis.figures",
    "plot_links": "analysis.figures",
    "plot_copies": "analysis.figures",
    "plot_stability": "analysis.figures",
    "plot_composition": "analysis.figures",
    "plot_profile": "analysis.figures",
    "plot_over_time": "analysis.figures",
    "save_chart": "analysis.saving",
    "explore": "analysis.explorer",
    "add_slide": "analysis.saving",
}
__all__ = sorted(_PLACES)


def __getattr__(name: str):
    if name not in _PLACES:
        raise MissingName(f"analysis 中没有“{name}”；可用：{'、'.join(__all__)}。")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

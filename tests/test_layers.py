"""The order of the modules: data flows one way, and a stage never imports a later one."""

import ast
import importlib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import analysis

PACKAGE = Path(analysis.__file__).parent
# What every module may use: columns, files, the codebook, folders.
BASE = (
    "errors",
    "locks",
    "vocabulary",
    "codebook_tables",
    "tables",
    *("cells", "cell_reading", "cell_writing"),
    *("casting", "schema"),
    "lazy",
    "regexes",
    "codebook",
    "grams",
    "literals",
    "sieve",
    "workspace",
    "display",
)
STAGES = (
    *("reading", "structure", "catalogue", "sections", "ngrams", "textmodel", "tfidf"),
    *("role_features", "role_decisions", "roles"),
    *("terms", "stance", "issue_scores", "issue_hits", "issues"),
    *("theme_evidence", "theme_scores", "themes", "doubt", "unexplained", "stability", "clusters"),
    *("points", "link_scores", "link_sides", "link_basis", "links", "link_proposals"),
    *("same_as", "shingles", "twins", "duplicates", "corrections"),
    *("counting", "says", "contrasts", "compare", "dispersion"),
    *("evidence", "quoting", "concordance", "agreement", "labels", "matching", "link_matching"),
    *("scoring", "score_tables", "mistakes"),
    *("evaluate", "leave_out", "charts", "export", "results"),
    *("digest", "history", "changes", "changes_text"),
    *("suggest", "accept"),
)
# What puts the stages together, for notebooks and the command line.
GLUE = ("captions", "figures", "saving", "study", "summary", "explorer", "__main__")
ORDER = (*BASE, *STAGES, *GLUE)
MANY = 4  # stages imported by one module; more is composing, and `study` alone composes


def module_names():
    """Return file → dotted name, without `analysis.`, of every module; a package has its own."""
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        names[path] = ".".join(part for part in parts if part != "__init__")
    return names


def imports_of(path, known):
    """Return the modules of `analysis` that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                found.add(module if module.removeprefix("analysis.") in known else node.module)
    inside = {name.removeprefix("analysis.") for name in found if name.startswith("analysis.")}
    return inside & known


def graph():
    names = module_names()
    known = set(names.values())
    return {name: imports_of(path, known) for path, name in names.items() if name}


def unit(module):
    return module.split(".")[0]


def test_every_module_has_its_place():
    units = {unit(name) for name in graph()}
    new, gone = units - set(ORDER), set(ORDER) - units
    assert not new, (
        f"no place for {sorted(new)}: add it to BASE, STAGES or GLUE in {Path(__file__).name}, "
        "behind everything it imports and before everything that imports it"
    )
    assert not gone, f"no longer there, take out of {Path(__file__).name}: {sorted(gone)}"
    assert len(set(ORDER)) == len(ORDER)


def test_no_module_imports_a_later_one():
    place = {name: at for at, name in enumerate(ORDER)}
    backwards = [
        f"{module} imports {other}, which comes later"
        for module, others in graph().items()
        for other in sorted(others)
        if place[unit(other)] > place[unit(module)]
    ]
    assert backwards == []


def test_no_circles_inside_packages_either():
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(f"circle of imports: {' → '.join(error.args[1])}")


def test_study_alone_composes():
    stages = {
        module: {unit(other) for other in others} & set(STAGES) - {unit(module)}
        for module, others in graph().items()
    }
    assert {unit(module) for module, used in stages.items() if len(used) > MANY} == {"study"}


def test_the_reader_of_imports_sees_every_kind(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(
        "import analysis.tables\nfrom analysis import schema, compare_rates\n"
        "def f():\n    import pandas\n    from analysis.charts import style, plot\n"
        "    from analysis.export import x\n",
        encoding="utf-8",
    )
    known = {"tables", "schema", "charts", "charts.style", "cells", "export", "export.x"}
    assert imports_of(path, known) == {"tables", "schema", "charts", "charts.style", "export.x"}


def test_every_public_name_is_there():
    for name, module in analysis._PLACES.items():
        assert getattr(analysis, name) is getattr(importlib.import_module(module), name)
    assert set(analysis.__all__) <= set(dir(analysis))
    with pytest.raises(AttributeError, match="analysis 中没有“plot_all”；可用："):
        _ = analysis.plot_all

"""What the results of a run depend on, by hash or version."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from pathlib import Path

import analysis
from analysis.reading import find_reports, readable
from analysis.results import file_hash, folder_hashes
from analysis.study.overlay import corrections_digest
from analysis.workspace import Workspace

CODE = Path(analysis.__file__).parent
LISTED = 5  # files a note names of each kind of change
# Everything a result may depend on: what reads, computes and draws.
PACKAGES = (
    *("pandas", "numpy", "scipy", "scikit-learn", "jieba", "rjieba", "opencc", "matplotlib"),
    *("lxml", "pypdfium2", "trafilatura", "olefile", "pillow", "rapidfuzz"),
    *("python-pptx", "XlsxWriter", "python-docx"),
)
# Arithmetic and compression may differ in the last bit from one kind of machine to another.
MACHINE = {"python": platform.python_version(), "machine": f"{sys.platform} {platform.machine()}"}
# Stages whose numbers decide what is labelled, counted or said.
PARAMETERS_OF = (
    *("sections", "role_features", "roles", "issue_scores", "issue_hits", "issues", "doubt"),
    *("theme_evidence", "theme_scores", "themes", "stability", "clusters", "unexplained"),
    *("link_scores", "links", "link_proposals", "shingles", "twins", "duplicates"),
    *("compare", "contrasts", "says"),
)


def describe_inputs(workspace: Workspace) -> dict:
    """Return hashes of reports, codebook, catalogue, corrections, labels, code, and versions.

    Of the corrections only what stands counts: undoing one leaves no trace.
    """
    return {
        "reports": {
            readable(path.name): hash_or_none(path) for path in find_reports(workspace.reports)
        },
        "codebook": folder_hashes(workspace.codebook, "*.csv"),
        "catalogue": hash_or_none(workspace.catalogue),
        "corrections": corrections_digest(workspace.corrections),
        "gold": folder_hashes(workspace.gold, "*.tsv"),
        "code": folder_hashes(CODE, "*.py"),
        "packages": {name: _version(name) for name in PACKAGES} | MACHINE,
    }


def describe_parameters() -> dict[str, float]:
    """Return thresholds, weights and seeds of the stages by ``module.NAME``, for whoever reads.

    Of a table of weights each has its name, ``module.NAME.key``. They are those of the
    code, whose hash stands among the inputs.
    """
    parameters = {}
    for name in PARAMETERS_OF:
        module = vars(importlib.import_module(f"analysis.{name}"))
        numbers = {k: v for k, v in module.items() if k.isupper() and type(v) in (int, float)}
        for k, v in module.items():
            if k.isupper() and isinstance(v, dict):  # weights of features, by their names
                numbers |= {f"{k}.{one}": w for one, w in v.items() if type(w) in (int, float)}
        parameters |= {f"{name}.{key}": value for key, value in sorted(numbers.items())}
    return parameters


def describe_changes(before: dict, now: dict) -> str:
    """Say in Chinese what changed between two descriptions of inputs; empty where nothing did.

    Reports, files of the codebook and of the labels are named; of the program itself it is only
    said that it changed.
    """
    parts = []
    for name, label in (("reports", "报告"), ("codebook", "编码手册"), ("gold", "人工标注")):
        old, new = before.get(name) or {}, now[name]
        added, gone = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
        changed = sorted(file for file in old.keys() & new.keys() if old[file] != new[file])
        parts += [f"{label}新增了 {_listed(added)}"] if added else []
        parts += [f"{label} {_listed(changed)} 有改动"] if changed else []
        parts += [f"{label} {_listed(gone)} 已不在"] if gone else []
    if before.get("catalogue") != now["catalogue"]:
        parts.append("报告目录 reports.csv 有改动")
    if before.get("corrections") != now["corrections"]:
        parts.append("人工更正 corrections.csv 有改动")
    if any(before.get(name) != now[name] for name in ("code", "packages")):
        parts.append("程序有更新")
    return "；".join(parts)


def _listed(files: list[str]) -> str:
    more = f" 等 {len(files)} 个文件" if len(files) > LISTED else ""
    return "、".join(files[:LISTED]) + more


def hash_or_none(path: Path) -> str | None:
    """SHA-256 of a file, or None where there is none to read."""
    try:
        return file_hash(path) if path.is_file() else None
    except OSError:
        return None


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None

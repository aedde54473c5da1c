"""What the results of a run depend on, by hash or version."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import analysis
from analysis.reading import find_reports, readable
from analysis.results import file_hash, folder_hashes
from analysis.workspace import Workspace

CODE = Path(analysis.__file__).parent
PACKAGES = ("pandas", "numpy", "scikit-learn", "jieba", "rjieba", "opencc", "matplotlib")


def describe_inputs(workspace: Workspace) -> dict:
    """Return hashes of reports, codebook, catalogue, labels and code, and versions of packages."""
    return {
        "reports": {
            readable(path.name): hash_or_none(path) for path in find_reports(workspace.reports)
        },
        "codebook": folder_hashes(workspace.codebook, "*.csv"),
        "catalogue": hash_or_none(workspace.catalogue),
        "gold": folder_hashes(workspace.gold, "*.tsv"),
        "code": folder_hashes(CODE, "*.py"),
        "packages": {name: _version(name) for name in PACKAGES},
    }


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

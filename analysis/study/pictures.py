"""The standard charts and the pack of a run: whether they are there, and making them."""

from __future__ import annotations

import gc

from analysis.results import file_hash, read_manifest, record_figures
from analysis.study.inputs import hash_or_none
from analysis.study.study import Study
from analysis.workspace import Workspace


def has_charts(workspace: Workspace) -> bool:
    """Whether the standard charts of the last run are all there, unchanged."""
    recorded = (read_manifest(workspace.results) or {}).get("figures")
    return bool(recorded) and all(
        hash_or_none(workspace.figures / name) == expected for name, expected in recorded.items()
    )


def draw_standard(study: Study) -> None:
    """Draw the standard charts, make the pack, and record their hashes beside the results."""
    from analysis.saving import save_standard  # matplotlib: only where something is drawn
    from analysis.study.pack import save_pack

    workspace = study.workspace
    workspace.figures.mkdir(parents=True, exist_ok=True)
    # Libraries and tables are not garbage, pictures that are saved are: looked for among the
    # pictures alone they cost a tenth less time and half the memory.
    gc.freeze()
    try:
        paths = [*save_standard(study), *save_pack(study)]
    finally:
        gc.unfreeze()
    pictures = {path.name: file_hash(path) for path in paths if path.name != "index.csv"}
    record_figures(workspace.results, pictures)

"""Hand what a run found to the makers of the pack: briefing, workbook and annex."""

from __future__ import annotations

from pathlib import Path

from analysis.captions import accuracy_note
from analysis.corrections.log import standing
from analysis.export.material import Material
from analysis.export.pack import save_pack as write_pack
from analysis.score_tables import list_scores
from analysis.study.describe import doubts


def save_pack(study) -> list[Path]:
    """Save briefing, workbook and annex in ``figures/``; return the paths."""
    scores = study.scores()
    decided = standing(study.corrections)  # what was undone leaves no trace
    material = Material(
        study.tables | {"corrections": decided},
        study.sources,
        study.book,
        accuracy=accuracy_note(study),
        caveat=study.caveat,
        scores=None if scores is None else list_scores(scores, study.book.names),
        update=str(study.update_note()),
        remarks=tuple(doubts(study)),
    )
    return write_pack(material, study.workspace.figures)

"""The pack for the leadership: briefing, workbook and annex of one run."""

from __future__ import annotations

from pathlib import Path

from analysis.charts import ChartError
from analysis.export.annex import make_annex
from analysis.export.material import Material
from analysis.export.panels import make_panels
from analysis.export.pictures import replace_file
from analysis.export.slides import make_deck
from analysis.export.workbook import make_workbook

BRIEFING, WORKBOOK, ANNEX = "briefing.pptx", "workbook.xlsx", "annex.docx"


def save_pack(material: Material, folder: Path) -> list[Path]:
    """Write briefing, workbook and annex; the same tables give the same bytes.

    Raises
    ------
    ChartError
        A file cannot be written, as when PowerPoint holds it; the others are written all the same.
    """
    panels = make_panels(material)
    files = {
        BRIEFING: make_deck(panels),
        WORKBOOK: make_workbook(material, panels),
        ANNEX: make_annex(material),
    }
    paths, errors = [], []
    for name, data in files.items():
        try:
            paths.append(replace_file(folder / name, data))
        except ChartError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return paths

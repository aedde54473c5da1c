"""What slides, workbook and annex have in common: fonts, fixed dates, sentences about quotes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd
import xlsxwriter

# Of slides and workbook: on every Chinese Windows; elsewhere Office and WPS lend what they have.
# The Latin font is one that every machine has, or a twin of.
FONT, LATIN = "微软雅黑", "Arial"
# Files made of the same tables are the same bytes: no file tells when it was made.
DATE, ZIP_DATE = datetime(2000, 1, 1), (1980, 1, 1, 0, 0, 0)
DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
# XML 1.0 has no such characters.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767  # characters; Excel refuses more
CUT = "……（过长，未全录）"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def fix_dates(data: bytes, charts: Callable[[bytes], bytes] | None = None) -> bytes:
    """Return an Office file, and the workbooks inside it, without the time it was made.

    ``charts`` may change the XML of each chart on the way.
    """
    date = DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = fix_dates(content)
            elif name == "docProps/core.xml":
                content = DATES.sub(rb"\g<1>" + date, content)
            elif charts and "/charts/" in name:
                content = charts(content)
            entry = ZipInfo(name, ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, content)
    return made.getvalue()


def set_fonts(properties) -> None:
    """Set the Latin and the East Asian font of run properties (``a:rPr`` or ``a:defRPr``)."""
    for tag, font in (("latin", LATIN), ("ea", FONT)):
        for old in properties.findall(f"{{{DRAWING}}}{tag}"):
            properties.remove(old)
        one = properties.makeelement(f"{{{DRAWING}}}{tag}", {"typeface": font})
        properties.append(one)


def cell_text(value: object) -> str:
    """Return a text that a cell takes: no characters that XML lacks, not longer than Excel's."""
    text = NO_XML.sub("", str(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def new_workbook() -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    """Return an empty workbook in memory, with the study's font and a fixed date."""
    data = io.BytesIO()
    look = {"font_name": FONT, "font_size": 10, "valign": "top"}
    book = xlsxwriter.Workbook(data, {"in_memory": True, "default_format_properties": look})
    book.set_properties({"created": DATE})
    return data, book


def set_page(sheet) -> None:
    """Landscape, as wide as one page."""
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def write_cell(sheet, row: int, column: int, value: object, look=None) -> None:
    """Write a number as a number and everything else as text, never as a formula or an address."""
    if pd.api.types.is_number(value) and not isinstance(value, bool):
        if pd.isna(value):
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, value, look)
    elif value is None or value is pd.NA or value == "":
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_string(row, column, cell_text(value), look)


def plot_workbook(frame: pd.DataFrame) -> bytes:
    """Return a workbook of one sheet, ``Sheet1``: what stands behind a native chart."""
    data, book = new_workbook()
    sheet = book.add_worksheet("Sheet1")
    for column, name in enumerate(frame):
        write_cell(sheet, 0, column, name)
        for row, value in enumerate(frame[name], start=1):
            write_cell(sheet, row, column, value)
    sheet.set_column(0, 0, 36)
    book.close()
    return fix_dates(data.getvalue())

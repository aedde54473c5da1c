"""Bytes to one source string: a module per format; nothing is interpreted, nothing is written.

A new format is one module with ``read(path, raw) -> Source`` and one line in :data:`READERS`.
"""

from __future__ import annotations

from pathlib import Path

from analysis.errors import why_refused
from analysis.reading import doc, docx, html, pdf, text
from analysis.reading.base import ReadingError, Source, readable
from analysis.reading.files import (
    check_content,
    check_file,
    find_reports,
    name_reports,
    one_line,
)

READERS = {
    ".txt": text.read,
    ".md": text.read,
    ".docx": docx.read,
    ".docm": docx.read,
    ".doc": doc.read,
    ".wps": doc.read,
    ".pdf": pdf.read,
    ".html": html.read,
    ".htm": html.read,
}

UNFORESEEN = "读取时出错"

__all__ = [
    "READERS",
    "ReadingError",
    "Source",
    "find_reports",
    "name_reports",
    "read_source",
    "readable",
]


def read_source(path: Path) -> Source:
    """Read one report.

    Parameters
    ----------
    path : pathlib.Path
        A file directly inside the folder of reports; its suffix chooses the reader.

    Returns
    -------
    Source
        The report as one string, whose characters all offsets count; encoding, SHA-256 of the file
        and a note in Chinese where there is something to know.

    Raises
    ------
    ReadingError
        The file is missing, not a plain file, leads out of its folder, has an unknown suffix, is
        too large or empty, may not be read, is another format than its suffix says, or its reader
        refuses it. One line of Chinese with the file, what was found and the fix.
    """
    path = Path(path)
    check_file(path, tuple(READERS))
    name = one_line(path.name)
    try:
        raw = path.read_bytes()
    except PermissionError:
        raise ReadingError(
            f"{name}：没有读取权限，请关闭占用它的程序，或在文件属性中允许读取。"
        ) from None
    except OSError as error:
        raise ReadingError(
            f"{name}：读取失败（{why_refused(error)}），请检查磁盘或网络盘后重新复制该文件。"
        ) from None
    check_content(name, raw)
    try:
        return READERS[path.suffix.lower()](Path(name), raw)
    except (ReadingError, ImportError):
        raise
    except Exception as error:  # nobody foresaw it (tests/test_fuzz.py); the run goes on
        raise ReadingError(
            f"{name}：{UNFORESEEN}（{type(error).__name__}），文件可能已损坏；"
            "请用原来的程序打开，另存为 docx 后再放入。"
        ) from error

"""Bytes to one source string: a module per format; nothing is interpreted, nothing is written.

A new format is one module with ``read(path, raw) -> Source`` and one line in :data:`READERS`.
"""

from __future__ import annotations

from pathlib import Path

from analysis.reading import text
from analysis.reading.base import ReadingError, Source, readable
from analysis.reading.files import check_file, find_reports, name_reports

READERS = {
    ".txt": text.read,
    ".md": text.read,
}

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

    Raises
    ------
    ReadingError
        The file is missing, not a plain file, leads out of its folder, has an unknown suffix, is
        too large, empty, binary, in an unknown encoding or may not be read. One line of Chinese
        with the file, what was found and the fix.
    """
    path = Path(path)
    check_file(path, tuple(READERS))
    name = readable(path.name)
    try:
        raw = path.read_bytes()
    except PermissionError:
        raise ReadingError(
            f"{name}：没有读取权限，请关闭占用它的程序，或在文件属性中允许读取。"
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadingError(
            f"{name}：读取失败（{reason}），请检查磁盘或网络盘后重新复制该文件。"
        ) from None
    return READERS[path.suffix.lower()](Path(name), raw)

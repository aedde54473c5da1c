"""Which files of a folder are reports, what they are called, and which are refused unread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis.reading.base import ReadingError, readable

# A report of 100 pages is 0.3 MB of text; whatever is 150 times as large was put there by mistake.
MAX_BYTES = 50_000_000
# Files that systems and office programs leave in folders.
LITTER_NAMES = ("thumbs.db", "desktop.ini", "__macosx")
LITTER_STARTS = (".", "~$", "readme")
WORD_SUFFIXES = (".doc", ".docx", ".wps", ".rtf", ".odt")


def find_reports(folder: Path) -> list[Path]:
    """List what lies in the folder of reports, in an order that no file system changes.

    Hidden files, lock files of Word and WPS (``~$…``), ``Thumbs.db``, ``desktop.ini`` and
    ``README*`` are left out. Sub-folders are listed: reading refuses them with a message, so that
    reports inside are not overlooked silently. A missing folder is an empty one.
    """
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if not _is_litter(p.name)), key=_order)


def name_reports(files: Iterable[Path]) -> dict[Path, str]:
    """Give each file its report name: the stem, or the whole name where two files share a stem.

    Where that leaves two reports of one name, a number is added.

    Names are in Unicode form NFC (macOS hands out NFD) and compared without regard to case,
    because Windows and macOS would let the files of two such names overwrite each other.
    """
    files = list(files)
    stems = Counter(readable(path.stem).casefold() for path in files)
    names, used = {}, set()
    for path in sorted(files, key=_order):
        name = readable(path.stem)
        if stems[name.casefold()] > 1:
            name = readable(path.name)
        number, stem = 1, name
        while name.casefold() in used:
            number += 1
            name = f"{stem}（{number}）"
        used.add(name.casefold())
        names[path] = name
    return {path: names[path] for path in files}


def check_file(path: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse, before a byte is read, what cannot be a report.

    Raises
    ------
    ReadingError
        See :func:`analysis.reading.read_source`.
    """
    name = readable(path.name)
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        raise ReadingError(
            f"{name}：是指向 {path.parent.name} 文件夹之外的链接，不予读取；请把文件本身复制进来。"
        )
    if path.is_dir():
        raise ReadingError(f"{name}：是文件夹，不是报告；请把里面的报告直接放在上一级文件夹中。")
    if not path.exists():
        raise ReadingError(f"{name}：找不到文件，请检查文件名，或重新复制到 {path.parent.name}。")
    if not path.is_file():
        raise ReadingError(f"{name}：不是普通文件，无法读取；请换成文本文件（.txt）。")
    if path.suffix.lower() not in suffixes:
        raise ReadingError(_unknown_suffix(Path(name), suffixes))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadingError(
            f"{name}：有 {size / 1e6:.0f} MB，超过上限 {MAX_BYTES / 1e6:.0f} MB，不像一份报告；"
            "请确认放对了文件，或拆分后再放入。"
        )


def _unknown_suffix(path: Path, suffixes: tuple[str, ...]) -> str:
    allowed = "、".join(suffixes)
    if path.suffix.lower() in WORD_SUFFIXES:
        return (
            f"{path.name}：扩展名 “{path.suffix}” 是 Word、WPS 文档，"
            f"本版本只读纯文本（{allowed}），请在 Word 或 WPS 中另存为 .txt。"
        )
    found = f"扩展名 “{path.suffix}” 不能识别" if path.suffix else "文件名没有扩展名"
    return f"{path.name}：{found}，可用的扩展名：{allowed}；请另存为 UTF-8 文本（.txt）。"


def _is_litter(name: str) -> bool:
    name = name.lower()
    return name in LITTER_NAMES or name.startswith(LITTER_STARTS)


def _order(path: Path) -> tuple[str, str]:
    return readable(path.name), path.name

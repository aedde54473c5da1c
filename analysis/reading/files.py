"""Which files of a folder are reports, what they are called, and which are refused unread."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis.reading.base import ReadingError, readable
from analysis.reading.text import HTML, MAGIC, ZIP_PARTS

# A report of 100 pages is 0.3 MB of text; whatever is 150 times as large was put there by mistake.
MAX_BYTES = 50_000_000
# Files that systems and office programs leave in folders.
LITTER_NAMES = ("thumbs.db", "desktop.ini", "__macosx")
LITTER_STARTS = (".", "~$", "readme")
# What people also put into such folders, by suffix; `text.MAGIC` has formats by content.
FORMATS = {
    "RTF 文档": (".rtf",),
    "OpenDocument 文档": (".odt",),
    "Word 模板": (".dot", ".dotx", ".dotm", ".wpt"),
    "表格": (".xls", ".xlsx", ".xlsm", ".et", ".ods", ".csv"),
    "演示文稿": (".ppt", ".pptx", ".pps", ".dps", ".odp"),
    "压缩包": (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz"),
    "图片": (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"),
    "音视频": (".mp3", ".mp4", ".m4a", ".wav", ".avi", ".mov"),
    "OFD 版式文件": (".ofd",),
    "CAJ、CEB 版式文件": (".caj", ".ceb", ".kdh", ".nh"),
    "网页存档": (".mht", ".mhtml"),
    "邮件": (".eml", ".msg"),
}
# Which suffixes a content may have; every other content, text included, tells itself by no magic.
OWN_SUFFIXES = {
    "Word 文档（.docx）": (".docx", ".docm"),
    "旧版 Word、WPS 文档": (".doc", ".wps"),
    "PDF 文件": (".pdf",),
    "网页（HTML）": (".html", ".htm"),
}
# Files of Office before 2007 are all of one kind; their streams' names tell them apart.
OLE_STREAMS = {
    "EncryptedPackage": "加密的 Word 文档（.docx）",
    "WordDocument": "旧版 Word、WPS 文档",
    "Workbook": "旧版 Excel 表格",
    "PowerPoint Document": "旧版 PowerPoint 演示文稿",
    "MatOST": "Microsoft Works 文档",
    "__substg1.0_": "Outlook 邮件",
}
SAVE_AS = "请用原来的程序打开，另存为 docx。"
FIXES = {  # by a word of the format's name
    "图片": "请先做文字识别（OCR），或向来文单位索取 Word 版。",
    "压缩包": "请先解压，再放入其中的报告。",
    "音视频": "请移走它，或放入整理好的文字稿。",
}
OLE = b"\xd0\xcf\x11\xe0"
MAX_PEEK = 1_000_000  # bytes of a file without a known suffix that are looked at


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
    name = one_line(path.name)
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
        raise ReadingError(_unknown_suffix(name, path, suffixes))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadingError(
            f"{name}：有 {size / 1e6:.0f} MB，超过上限 {MAX_BYTES / 1e6:.0f} MB，不像一份报告；"
            "请确认放对了文件，或拆分后再放入。"
        )


def one_line(name: str) -> str:
    """Name of a file for a message: a line end or other control character becomes a blank."""
    return "".join(c if c.isprintable() or c == "\u3000" else " " for c in readable(name))


def check_content(name: str, raw: bytes) -> None:
    """Refuse a file whose content is another format than its suffix says.

    Raises
    ------
    ReadingError
        It is empty, or another format; the message says whether to rename it or how to convert it.
    """
    if not raw:
        raise ReadingError(f"{name}：文件是空的（0 字节），请换成有内容的文件或移走它。")
    found, suffix = name_content(raw), Path(name).suffix
    if found == OLE_STREAMS["EncryptedPackage"]:
        raise ReadingError(f"{name}：有密码，请解除密码后再放入。")
    if found and suffix.lower() not in OWN_SUFFIXES.get(found, ()):
        raise ReadingError(f"{name}：扩展名是 {suffix}，内容却是{found}；{_fix(found)}")


def name_content(raw: bytes) -> str | None:
    """Name the format of a file by its first bytes; None for text and whatever is not known."""
    if raw.startswith(b"PK\x03\x04"):
        return next((name for part, name in ZIP_PARTS if part in raw), "ZIP 压缩包")
    if HTML.match(raw[:1000]):
        return "网页（HTML）"
    if raw.startswith(OLE):
        names = OLE_STREAMS.items()
        named = (name for stream, name in names if stream.encode("utf-16-le") in raw)
        return next(named, "旧版 Word、WPS 文档")
    return next((name for magic, name in MAGIC if raw.startswith(magic)), None)


def _unknown_suffix(name: str, path: Path, suffixes: tuple[str, ...]) -> str:
    suffix = path.suffix.lower()
    found = next((known for known, all_of in FORMATS.items() if suffix in all_of), None)
    if found:
        return f"{name}：是{found}，不能读取；{_fix(found)}"
    content = None
    with contextlib.suppress(OSError), path.open("rb") as file:
        content = name_content(file.read(MAX_PEEK))
    found = f"扩展名 “{path.suffix}” 不能识别" if suffix else "文件名没有扩展名"
    if content:
        return f"{name}：{found}，内容是{content}；{_fix(content)}"
    allowed = "、".join(suffixes)
    return f"{name}：{found}，可用的扩展名：{allowed}；请用原来的程序打开，另存为 docx 或 txt。"


def _fix(found: str) -> str:
    if found in OWN_SUFFIXES:
        return f"请把扩展名改为 {OWN_SUFFIXES[found][0]}。"
    return next((fix for word, fix in FIXES.items() if word in found), SAVE_AS)


def _is_litter(name: str) -> bool:
    name = name.lower()
    return name in LITTER_NAMES or name.startswith(LITTER_STARTS)


def _order(path: Path) -> tuple[str, str]:
    return readable(path.name), path.name

"""The parts inside a .docx: which are read, how large they may be, and their XML.

A part is unpacked only when it is asked for and only up to a limit; pictures, macros and embedded
objects never are. Relationships that lead out of the package are left out.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.reading.base import ReadingError

# A report of 100 pages in Word has about 60 parts and 3 MB of XML in all; WPS writes twice that.
MAX_ENTRIES = 5_000
MAX_XML_BYTES = 20_000_000  # in all parts that are read; the tree of that takes up to 0.5 GB
# Word's XML shrinks 10 to 40 times; only a part made of one repeated byte shrinks 200 times.
MAX_RATIO = 200
RATIO_FROM = 1_000_000  # bytes: a smaller part harms nobody, however well it was packed
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Office Open XML allows
MAIN = "word/document.xml"
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError)


def local(element) -> str:
    """Name of an element without its namespace: transitional and strict files alike."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element, name: str = "val") -> str | None:
    """Value of an attribute by its name without namespace; None without it or the element."""
    if element is None:
        return None
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def child(element, *names: str):
    """Follow child elements by their names without namespace; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element, name: str) -> Iterator:
    """Child elements of one name."""
    return (one for one in element if local(one) == name) if element is not None else iter(())


class Package:
    """An opened .docx.

    Parameters
    ----------
    path : pathlib.Path
        Its name is used for messages.
    raw : bytes
        The file.

    Raises
    ------
    ReadingError
        It is damaged, has no text part, or unpacks to more than a report can need.
    """

    def __init__(self, path: Path, raw: bytes):
        self.path, self._spent = path, 0
        if not raw.startswith(b"PK"):
            raise self._damaged("不是 Word 文档的内容")
        if raw.count(b"PK\x01\x02") > MAX_ENTRIES:  # before zipfile makes an object of each
            raise self._bomb(f"内含超过 {MAX_ENTRIES} 个部件")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except DAMAGE:
            raise self._damaged("压缩结构不完整") from None
        names = ((one.filename.replace("\\", "/").lower(), one) for one in self._zip.infolist())
        self._entries = dict(names)
        self.pictures = sum("/media/" in name for name in self._entries)
        main = self.related("", "officeDocument")
        self.main = main[0] if main else MAIN
        self.document = self.part(self.main)
        if self.document is None or local(self.document) != "document":
            raise self._damaged(f"缺少正文 {self.main}")

    def part(self, name: str | None):
        """Root element of a part, None when the package has no such part."""
        entry = self._entries.get((name or "").lower())
        if entry is None:
            return None
        size = entry.file_size
        self._spent += size
        if self._spent > MAX_XML_BYTES:
            raise self._bomb(f"解开后的文字部分超过 {MAX_XML_BYTES // 1_000_000} MB")
        if size > RATIO_FROM and size > MAX_RATIO * max(entry.compress_size, 1):
            raise self._bomb(f"{name} 解开后膨胀到 {size // max(entry.compress_size, 1)} 倍")
        if entry.compress_type not in METHODS:
            raise self._damaged(f"{name} 的压缩方法不能识别")
        try:
            data = self._zip.read(entry)  # stops at the size that was announced
        except DAMAGE:
            raise self._damaged(f"{name} 解不开") from None
        return self._parse(name, data)

    def related(self, source: str, kind: str) -> list[str]:
        """Names of the parts that a part (``""``: the package) points to, by kind of relation."""
        folder, _, file = source.rpartition("/")
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = []
        for one in () if root is None else root:
            target = attribute(one, "Target")
            inside = attribute(one, "TargetMode") != "External" and target
            if inside and (attribute(one, "Type") or "").endswith("/" + kind):
                full = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
                found.append(full.lstrip("/"))
        return found

    def first_related(self, kind: str):
        """Root element of the one part of a kind that the document points to, or None."""
        return self.part(next(iter(self.related(self.main, kind)), None))

    def _parse(self, name: str, data: bytes):
        # Office Open XML allows no DTD (ECMA-376, part 2), so an entity is always an attack.
        if b"<!DOCTYPE" in data.replace(b"\0", b""):
            raise ReadingError(
                f"{self.path.name}：{name} 里定义了实体（DTD），正常的 Word 文档没有，"
                "不予读取；请核对来历，或在 Word、WPS 中打开后另存为 docx。"
            )
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise self._damaged(f"{name} 不是完整的 XML") from None

    def _damaged(self, found: str) -> ReadingError:
        return ReadingError(
            f"{self.path.name}：文件已损坏（{found}），"
            "请用 Word 或 WPS 打开并修复，另存为 docx 后再放入。"
        )

    def _bomb(self, found: str) -> ReadingError:
        return ReadingError(
            f"{self.path.name}：{found}，不像一份报告，不予解压；请确认放对了文件，或拆分后再放入。"
        )

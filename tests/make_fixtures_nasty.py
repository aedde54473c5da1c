"""Writes tests/data/nasty: files that no one should have to fear in a folder of reports.

``python tests/make_fixtures_nasty.py``, after ``make_fixtures_doc.py``.
"""

import io
import struct
import zlib
from pathlib import Path

from make_fixtures_pdf import Paper
from PIL import Image

DATA = Path(__file__).parent / "data"
LINE = "党的建设是机关工作的根本保证。"


def small_pdf(contents, pages=1, filters="/FlateDecode"):
    """A file of pages that share one content stream, written by hand."""
    kids = " ".join(["3 0 R"] * pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream"
        % (len(contents), filters.encode(), contents),
    ]
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + numbered + b"trailer<</Root 1 0 R/Size 5>>\n"


def bomb(size):
    """Blanks packed twice: a few kilobytes that unpack to a size."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(bytes(10_000_000)) for _ in range(size // 10_000_000))
    return small_pdf(zlib.compress(once + packer.flush(), 9), filters="/FlateDecode/FlateDecode")


def paper(password=None, picture=None):
    one = Paper()
    if password:
        one.set_encryption("owner", password)
    one.add_page()
    if picture:
        one.image(Image.open(io.BytesIO(picture)), 0, 0, 210)
    else:
        one.paragraph(LINE)
    return bytes(one.output())


def changed(raw, place, value):
    """A .doc with a number at the head of its stream of text set."""
    out = bytearray(raw)
    struct.pack_into("<H", out, raw.index(b"\xec\xa5") + place, value)
    return bytes(out)


def photo():
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    return out.getvalue()


def main():
    doc = (DATA / "doc" / "notes.doc").read_bytes()
    files = {
        "scan.pdf": paper(picture=photo()),
        "password.pdf": paper(password="user"),
        "truncated.pdf": paper()[:5000],
        "ten-thousand-pages.pdf": small_pdf(zlib.compress(b"BT ET"), 10_000),
        "bomb.pdf": bomb(1_500_000_000),
        "password.doc": changed(doc, 10, 0x1300),
        "word95.doc": changed(doc, 2, 0x68),
        "truncated.doc": doc[:5000],
        "rtf.doc": b"{\\rtf1\\ansi " + LINE.encode("gb18030") + b"}",
        "photo.docx": photo(),
        "photo.pdf": photo(),
        "archive.txt": b"Rar!\x1a\x07\x00" + bytes(40),
    }
    (DATA / "nasty").mkdir(exist_ok=True)
    for name, raw in files.items():
        (DATA / "nasty" / name).write_bytes(raw)


if __name__ == "__main__":
    main()

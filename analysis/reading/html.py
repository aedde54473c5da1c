"""Saved web pages (.html, .htm): the main text, a line for each paragraph and table row.

Where the main text stands is trafilatura's finding; what it reads is the page's own. Alone, it
lost every paragraph of reports laid out in tables and cut lines that the page does not cut. So the
part of the page that holds its finding is read whole: better a share button too much, which
structure marks as noise, than a paragraph too little. Scripts, links and pictures are not followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from analysis.reading import text as plain
from analysis.reading.base import ReadingError, Source
from analysis.reading.html_lines import BLANKS, LINK_SHARE, Line, find_lines

# A saved report has 0.1 MB of markup, one saved by Word 2 MB.
MAX_MARKUP = 3_000_000  # characters, without the pictures in it
MAX_LOCATED = 500_000  # characters: trafilatura needs up to 10 s for a million
# Less than this of the running text: trafilatura has missed it, as in tables that lay out a page.
FOUND_SHARE = 0.3
# The main text is the smallest part with this share of what trafilatura found; the rest may be a
# strip of related articles that it took along.
MAIN_SHARE = 0.95
# A larger part is taken when at least half of what it adds is running text and next to nothing
# stands in links: sections in boxes of their own, but no previews of other articles.
PROSE_SHARE = 0.5
ADDED_LINKS = 0.1
LEAVES = ("p", "pre")  # too small to be the main part of a page
TITLE_REACH = 10  # lines that are looked at for the title
TITLE_LENGTH = 6  # characters: shorter ones are no title of a report
LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>?")  # the parser's time grows with its square
EMBEDDED = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=\s]{200,}")  # pictures inside the markup
SITE_NAME = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|(?<=[^-\d\s])-(?=[^-\d\s]+$)")
ARCHIVE = re.compile(rb"\s*(?:MIME-Version:|From: <)", re.IGNORECASE)


def read(path: Path, raw: bytes) -> Source:
    """Read a saved web page.

    Parameters
    ----------
    path : pathlib.Path
        Only its name is used, for messages.
    raw : bytes
        The file. The encoding it declares is often wrong and not looked at.

    Returns
    -------
    Source
        ``text``: the title, where the main text does not begin with it, and the main text, cells
        of a table row with a tab between them. ``encoding``: ``html``.

    Raises
    ------
    ReadingError
        It is an archive of a page (mht), too large, or has no main text.
    """
    markup = _markup(path, raw)
    root = _parse(markup)
    main = _select(root, find_lines(root), markup)
    if not main or not plain.HAN.search("".join(main)):
        raise ReadingError(
            f"{path.name}：网页里没有找到正文（只有链接、按钮或图片）；"
            "请打开原网页，把正文复制到 Word 中另存为 docx。"
        )
    text = "\n".join([*_missing_titles(root, main), *main])
    return Source(text, "html", hashlib.sha256(raw).hexdigest())


def _markup(path: Path, raw: bytes) -> str:
    if ARCHIVE.match(raw[:1000]):
        raise ReadingError(f"{path.name}：是单个文件的网页存档（mht），请另存为 docx。")
    markup = LONG_TAG.sub("", EMBEDDED.sub("", _decode(path, raw))).replace("\0", "")
    if len(markup) > MAX_MARKUP:
        raise ReadingError(
            f"{path.name}：网页有 {len(markup) / 1e6:.0f} 百万字符，不像一份报告；"
            "请把正文复制到 Word 中另存为 docx。"
        )
    return markup


def _parse(markup: str):
    # huge_tree: unclosed tags of old pages nest deeper than 256; the size is bounded above.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = None
    with contextlib.suppress(etree.XMLSyntaxError, ValueError):  # an empty page
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    return etree.Element("html") if root is None else root


def _decode(path: Path, raw: bytes) -> str:
    """Decode by the cascade for text; where a page begins with long styles, by what follows."""
    first = re.search(b"[\x80-\xff]", raw)
    start = first.start() // 2 * 2 if first and first.start() > plain.SAMPLE_BYTES // 2 else 0
    text, encoding = plain._decode(path, raw[start:])
    return raw[:start].decode(encoding, "replace") + text if start else text


def _select(root, lines: list[Line], markup: str) -> list[str]:
    """The lines of the main text."""
    located = _bare(_locate(markup).replace("|", ""))  # between cells
    running = [line for line in lines if line.prose]
    hits = [one for one in lines if one.linked < LINK_SHARE and _bare(one.text) in located]
    if _size(one for one in hits if one.prose) < FOUND_SHARE * _size(running):
        hits = running
    hits = _weigh(root, hits)
    if not hits[root]:
        return []
    main = root
    while True:
        inner = max(main, key=hits.__getitem__, default=None)
        if inner is None or inner.tag in LEAVES or hits[inner] < MAIN_SHARE * hits[root]:
            break
        main = inner
    everything = _weigh(root, lines)
    prose = _weigh(root, running)
    linked = _weigh(root, [line for line in lines if line.linked >= LINK_SHARE])
    for outer in main.iterancestors():
        more = everything[outer] - everything[main]
        is_prose = prose[outer] - prose[main] >= PROSE_SHARE * more
        if more and is_prose and linked[outer] - linked[main] <= ADDED_LINKS * more:
            main = outer
    if linked[main] > LINK_SHARE * everything[main]:
        return []  # a list of contents
    inside = set(main.iter())
    return [line.text for line in lines if line.element in inside]


def _locate(markup: str) -> str:
    """What trafilatura takes for the main text; nothing of a page too large for it."""
    if len(markup) > MAX_LOCATED:
        return ""
    import trafilatura  # heavy to import; only pages need it

    found = trafilatura.extract(
        markup, favor_precision=True, include_comments=False, include_tables=True
    )
    return found or ""


def _size(lines: Iterable[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _weigh(root, lines: list[Line]) -> Counter:
    """Characters of some lines by the elements around them."""
    weights: Counter = Counter()
    for line in lines:
        weights[line.element] += len(line.text)
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is not None:
            weights[parent] += weights[element]
    return weights


def _missing_titles(root, main: list[str]) -> list[str]:
    """Titles of the page that its main text does not begin with."""
    titles = [_bare_title("".join(head.itertext())) for head in [*root.iter("title")][:1]]
    headings = list(root.iter("h1"))
    titles += ["".join(headings[0].itertext())] if len(headings) == 1 else []
    titles = [BLANKS.sub(" ", title).strip() for title in titles]
    near = [_bare(line) for line in main[:TITLE_REACH] if "。" not in line]
    return [
        title
        for title in dict.fromkeys(titles)
        if len(title) >= TITLE_LENGTH
        and _bare(title) not in "".join(near)
        and not any(line in _bare(title) and len(line) >= len(title) / 2 for line in near)
    ]


def _bare_title(title: str) -> str:
    """A page's title without the name of its site."""
    first = SITE_NAME.split(title.strip())[0]
    return first if len(first) >= TITLE_LENGTH else title


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)

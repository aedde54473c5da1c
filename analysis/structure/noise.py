"""Lines that are not the report: page chrome, contents, by-lines, what follows the report."""

from __future__ import annotations

import re
from collections import Counter

from analysis.structure.edits import HAN
from analysis.structure.lines import (
    BODY_LENGTH,
    DASHES,
    TERMINAL,
    WRAP_SLACK,
    Line,
    wrap_width,
)
from analysis.structure.wording import Wording

PAGE_NUMBER = re.compile(
    r"^[-—–─·•\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[-—–─·•\s]*$"
)
# Dots or tabs leading to a page number, as in a table of contents.
CONTENTS_LINE = re.compile(r"(?:[.．·]{3,}|…+|\t|\s{3,})\s*\d{1,3}\s*$")
CONTENTS_TITLE = re.compile(r"^(?:目\s*[录次]|提\s*纲)(?:[/／]提纲)?[：:\s.…]*$")
HAN_SIGN, LETTER = re.compile(f"[{HAN}]"), re.compile(r"\w")
FOREIGN = re.compile(rf"[^{HAN}]*[A-Za-z]{{2}}[^{HAN}]*")
CONTENTS_RUN = 2  # headings in a row, most of them repeated further down
TITLE_LENGTH = 60  # characters: longer lines were never titles
HEADER_REPEATS = 3  # a short line seen this often is a running header …
PAGED_REPEATS = 2  # … or this often beside a page number
NOISE_LENGTH = 80  # characters: longer lines are never taken for page chrome as a whole
# A word of a title outweighs any difference in length between the lines above the body.
TITLE_WORD_SCORE = 10


def mark_noise(lines: list[Line], wording: Wording) -> None:
    """Mark the lines that are not the report, in place.

    ``line`` patterns are noise wherever they stand, ``byline`` patterns above the body and below
    it, and from a ``tail`` pattern on everything is.
    """
    _mark_single(lines, wording)
    _mark_contents(lines)
    _mark_headers(lines)
    first = _first_body_line(lines, wrap_width([line for line in lines if line.noise is None]))
    _mark_head(lines[:first], wording)
    _mark_tail(lines, first, wording.tail)
    _mark_signature(lines, wording.byline)


def _mark_single(lines: list[Line], wording: Wording) -> None:
    chinese = any(HAN_SIGN.search(line.text) for line in lines)
    # Longer lines are running text: what stands behind is not asked about.
    asked = wording.line_patterns([line.text[: 2 * NOISE_LENGTH + 1] for line in lines])
    for line, patterns in zip(lines, asked, strict=True):
        if not line.text:
            line.noise = "整行是网页标记"
        elif not LETTER.search(line.text) and line.width > 1 or line.text in "?？":
            line.noise = "整行没有文字"
        elif chinese and FOREIGN.fullmatch(line.text):
            line.noise = "整行没有汉字"
        elif len(line.text) <= NOISE_LENGTH and PAGE_NUMBER.match(line.text):
            line.noise = "页码"
        elif hit := _line_pattern(line.text, patterns):
            line.noise = f"噪声模式“{hit.pattern[:20]}”"


def _line_pattern(text: str, patterns: list[re.Pattern]) -> re.Pattern | None:
    """The first of the patterns that hits a line."""
    for pattern in patterns:
        # A line that opens as chrome does (作者简介：) may be longer.
        longest = NOISE_LENGTH * (2 if pattern.pattern.startswith("^") else 1)
        if len(text) <= longest and pattern.search(text):
            return pattern
    return None


def _mark_headers(lines: list[Line]) -> None:
    """Running headers; where the title runs over the pages, its first place stays a title."""
    around = zip([None, *lines], lines, [*lines[1:], None], strict=False)
    paged = {id(b) for a, b, c in around if "页码" in (a and a.noise, c and c.noise)}
    repeats = Counter(line.text for line in lines)
    beside = Counter(line.text for line in lines if id(line) in paged)
    body = False
    for line in lines:
        body = body or is_body(line)
        plain = line.noise is None and line.marker is None and len(line.text) <= TITLE_LENGTH
        if not plain or not body or set(line.text) & set(TERMINAL):
            continue
        if repeats[line.text] >= HEADER_REPEATS or beside[line.text] >= PAGED_REPEATS:
            line.noise = f"页眉：同一行出现 {repeats[line.text]} 次"


def _bare(text: str) -> str:
    return re.sub(r"[\s.．…·]|\d+$", "", text)


def _mark_contents(lines: list[Line]) -> None:
    """A table of contents: a run of headings with no text between, most of which come again."""
    kept = [line for line in lines if line.noise is None]
    later = Counter(_bare(line.text) for line in kept if len(line.text) <= NOISE_LENGTH)
    run: list[Line] = []
    seen: set[str] = set()
    for line in kept:
        if CONTENTS_TITLE.match(line.text):
            line.noise = "目录"
        elif len(line.text) <= NOISE_LENGTH and _is_listed(line):
            if _bare(line.text) in seen:
                break  # the second round is the report itself
            run.append(line)
            seen.add(_bare(line.text))
        elif run and (len(line.text) >= BODY_LENGTH or line.ended):
            break
        elif run and len(run) < CONTENTS_RUN:
            run, seen = [], set()
    again = sum(
        bool(CONTENTS_LINE.search(line.text)) or later[_bare(line.text)] > 1 for line in run
    )
    if len(run) >= CONTENTS_RUN and again >= len(run) / 2:
        for line in run:
            line.noise = "目录"


def _is_listed(line: Line) -> bool:
    """Whether a line looks like an entry of a table of contents."""
    dotted = CONTENTS_LINE.search(line.text) is not None
    return dotted or (line.marker is not None and not line.ended)


def is_body(line: Line) -> bool:
    """Whether a line is running text of the report."""
    has_stop = any(c in line.text for c in "。！？")
    numbered = line.marker is not None and line.marker.kind != "label"
    return line.noise is None and (has_stop and len(line.text) >= 15 or numbered)


def _first_body_line(lines: list[Line], width: int | None) -> int:
    full = [
        line.noise is None and width is not None and line.width >= width - WRAP_SLACK
        for line in lines
    ]
    for at, line in enumerate(lines):
        # A title is not followed by a line as wide, nor by the end of a sentence.
        if full[at] and at + 1 < len(lines) and (full[at + 1] or lines[at + 1].text[-1:] == "。"):
            return at
        clauses = len(re.findall("[，,；;]", line.text))
        wrapped = clauses >= 2 or (clauses and len(line.text) >= TITLE_LENGTH // 2)
        if is_body(line) or (line.noise is None and (len(line.text) > TITLE_LENGTH or wrapped)):
            return at
    return len(lines)


def _mark_head(head: list[Line], wording: Wording) -> None:
    """Above the body: one title, perhaps in two lines; the rest is chrome, by-line, date."""
    for line in head:
        short = line.noise is None and len(line.text) <= NOISE_LENGTH
        if short and any(p.search(line.text) for p in wording.byline):
            line.noise = "署名、日期或来源"
    rest = [
        line
        for line in head
        if line.noise is None
        and len(line.text) <= TITLE_LENGTH
        and line.text[-1] not in "：:，,、；;。"
    ]
    title = max(rest, key=lambda line: _title_score(line, wording), default=None)
    if title is None:
        return
    title.title = True
    at = head.index(title)
    if at and head[at - 1] in rest and _opens_title(head[at - 1].text, wording):
        head[at - 1].title = True
    for line in rest[rest.index(title) + 1 :]:
        wrapped = line.text[0] in "的和与暨" or wording.title_end.search(line.text)
        subtitle = line.text.startswith(DASHES)
        if subtitle or (wrapped and not wording.title_end.search(title.text)):
            line.title, title = True, line
        if subtitle:
            break
    for line in rest:
        heading = line is head[-1] and (wording.names_section(line.text) or line.marker is not None)
        if not line.title and (not heading or _bare(line.text) == _bare(title.text)):
            line.noise = "题目前后的网页文字或署名"


def _opens_title(text: str, wording: Wording) -> bool:
    """Whether a line is the first half of a title: “某某在全区” above “会议上的讲话”."""
    return bool(re.match("关于|.{0,12}在", text)) and not wording.title_end.search(text)


def _title_score(line: Line, wording: Wording) -> float:
    return (
        TITLE_WORD_SCORE * len(wording.title_word.findall(line.text)) + min(len(line.text), 30) / 3
    )


def _mark_tail(lines: list[Line], first: int, patterns: list[re.Pattern]) -> None:
    at = first
    while at < len(lines):
        line = lines[at]
        if any(p.search(line.text) for p in patterns if len(line.text) <= NOISE_LENGTH):
            numbered = [n for n in range(at + 1, len(lines)) if lines[n].marker is not None]
            stop = len(lines)
            if numbered:  # chrome in the middle: the report goes on at its next running text
                stop = next((n for n in range(at + 1, len(lines)) if is_body(lines[n])), stop)
            for tail in lines[at:stop]:
                tail.noise = tail.noise or "文后的网页文字"
            at = stop
        at += 1


def _mark_signature(lines: list[Line], bylines: list[re.Pattern]) -> None:
    """Below the body: author, office and date, up from the end to the last running text."""
    for line in reversed(lines):
        if line.noise is not None:
            continue
        if is_body(line) or line.ended or len(line.text) > BODY_LENGTH:
            return
        if not any(p.search(line.text) for p in bylines):
            return
        line.noise = "文末署名或日期"

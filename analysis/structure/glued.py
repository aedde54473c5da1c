"""Reports written on one line: where their headings begin and end."""

from __future__ import annotations

import re

from analysis.structure.headings import RUN_IN_LENGTH, find_marker
from analysis.structure.lines import CLOSING
from analysis.structure.wording import Wording

# With all that closes it: “怎么干？”。 ends one sentence, not two.
SENTENCE_END = re.compile(rf"[。！？!?｡][。！？!?｡{re.escape(CLOSING)}]*")
GLUED_MARKER = re.compile(
    r"[◎●■◆★▲]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)
FIRST_BELOW = re.compile(r"(?<=[\u4e00-\u9fff”])(?:1[.．、](?!\d)|[（(]1[)）]|[⑴①⒈]|一是)")
GLUED_BLOCK = 300  # characters: a paragraph with level-one markers inside must be longer


def glued_cuts(text: str, wording: Wording, *, first: bool) -> set[int]:
    """Return the positions in a paragraph's text where glued headings begin and end.

    Parameters
    ----------
    text : str
        Cleaned Simplified text of one paragraph.
    first : bool
        Whether the report begins here, so that its title may be glued to it too.
    """
    cuts: set[int] = set()
    title = wording.glued_title.match(text) if first else None
    if title:
        cuts.add(title.end())
    expected = {"cn": 1, "bracket_cn": 1}
    found = []
    for match in GLUED_MARKER.finditer(text):
        marker = find_marker(text[match.start() : match.start() + RUN_IN_LENGTH])
        if marker is None or marker.number not in (expected.get(marker.kind), 1, None):
            continue
        if marker.kind == "bullet":
            found.append(match.start())
            continue
        before = text[max(0, match.start() - RUN_IN_LENGTH) : match.start()].rstrip()[-1:]
        if marker.kind == "cn" and before not in "。！？!?”）》】" and match.start() not in cuts:
            continue  # 线路太单一、停车难
        expected[marker.kind] = marker.number + 1
        if marker.kind == "cn":
            expected["bracket_cn"] = 1
        found.append(match.start())
    for position, start in enumerate(found):
        cuts.add(start)
        next_marker = found[position + 1] if position + 1 < len(found) else len(text)
        cuts.add(_heading_end(text, start, next_marker, wording))
    return cuts


def _heading_end(text: str, start: int, next_marker: int, wording: Wording) -> int:
    """End of a heading glued to its text: its stop, a blank, the next marker or a section word."""
    below = FIRST_BELOW.search(text, start + 2, next_marker)
    next_marker = below.start() if below else next_marker
    stop = SENTENCE_END.search(text, start, next_marker)
    end = stop.end() if stop else next_marker
    if end - start <= RUN_IN_LENGTH:
        return end
    head = text[start : start + RUN_IN_LENGTH]
    blank = re.search(r"(?<=[^、．.）)\s])[\s\u3000]", head)
    if blank:
        return start + blank.start()
    word = wording.section_end.search(head)
    return start + word.end() if word else end

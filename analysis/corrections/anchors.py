"""Anchors of decisions: a quotation with its context, found again in a text that has changed.

An anchor is a W3C TextQuoteSelector (`exact`, `prefix`, `suffix`) with the place it was taken from.
Texts are compared without blanks, line ends and marks nobody sees, in Simplified script and with
punctuation of one width; any other difference is a change of the text. A quotation is found only
where its context agrees as well: better no place than a wrong one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from analysis.structure.edits import to_simplified

# Characters of context on either side, blanks not counted. A quotation that stands more than once
# has one more, or as many as tell its places apart (up to LONGEST): that is also how one knows it.
CONTEXT, LONGEST = 64, 1024
# Share of a context that must stand near the quotation, in stretches of at least STRETCH
# characters; of both sides together. A side whose neighbour was inserted has 1, one whose
# neighbour was cut some .4, an unlike place less than .2. Of a repeated quotation only a whole
# context counts.
LEAST_SHARE, STRETCH = 0.75, 4
REACH = 2  # lengths of the context, how far from the quotation it is looked for
# By how much (of 2, 1 for either side) the best place must agree better than the next.
LEAD = 0.5
# What NFKC leaves apart, and characters that converters of script do not agree on.
ALIKE = str.maketrans(
    "。【】〔〕“”„‘’—–‐−－·・•著幺覆瞭衞枱揹藉", '.[][]"""\'\'-----···着么复了卫台背借'
)
# Marks the ends of the sentence in the context of a part of it: a sign that GBK has, texts have
# not.
BOUND = "│"
UNFIT = re.compile(rf"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029{BOUND}]+")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # Unicode categories: controls, marks, blanks


class Anchor(NamedTuple):
    """Where a decision stood: the columns of table ``corrections`` that say it."""

    exact: str
    prefix: str | None
    suffix: str | None
    start: int
    end: int


class Place(NamedTuple):
    """Characters of the source, half-open, without blanks at the ends.

    ``start`` and ``end`` of the quotation; ``begin`` and ``finish`` of the sentence that it was
    part of, where the anchor tells, else of the quotation again.
    """

    start: int
    end: int
    begin: int
    finish: int


class Plain:
    """A text as it is compared.

    Attributes
    ----------
    text : str
        Without what does not matter.
    places : list of int
        Which character of the source each of its characters stands for.
    """

    def __init__(self, source: str):
        pairs = [(c, at) for at, char in enumerate(source) for c in _plain(char)]
        self.text = "".join(char for char, _ in pairs)
        self.places = [at for _, at in pairs]


@lru_cache(maxsize=1 << 15)
def _plain(char: str) -> str:
    """One character by itself, so that the same word is the same in any surroundings."""
    chars = unicodedata.normalize("NFKC", to_simplified(char)).translate(ALIKE)
    return "".join(c for c in chars if unicodedata.category(c) not in UNSEEN and c != BOUND)


def plain(text: str | None) -> str:
    """The text as it is compared, see :class:`Plain`; empty for a missing one."""
    return "".join(map(_plain, text)) if isinstance(text, str) else ""


def make_anchor(
    source: str,
    start: int,
    end: int,
    *,
    within: tuple[int, int] | None = None,
    known: Plain | None = None,
) -> Anchor:
    """Return the anchor of ``source[start:end]``; line ends in its texts become blanks.

    Parameters
    ----------
    within : (start, end), optional
        The sentence of a stretch that is part of one. The context is then that of the sentence,
        whose own words stand next to the quotation, marked off by :data:`BOUND`: so the stretch is
        found only where the sentence is as it was.
    known : Plain, optional
        Of ``source``, where many anchors are made.
    """
    known = known or Plain(source)
    begin, finish = within or (start, end)
    first, last = _inside(known, begin, finish)
    wide = CONTEXT if _is_single(known.text, known.text[first:last]) else CONTEXT + 1
    while CONTEXT < wide < LONGEST and not _tells_apart(known.text, first, last, wide):
        wide *= 2
    left = known.places[max(0, first - wide)] if first else begin
    right = known.places[min(len(known.places), last + wide) - 1] + 1 if last else finish
    spans = ((left, begin), (begin, start), (start, end), (end, finish), (finish, right))
    before, own, exact, rest, behind = (UNFIT.sub(" ", source[slice(*span)]) for span in spans)
    if within:
        before, behind = before + BOUND, BOUND + behind
    return Anchor(exact, before + own or None, rest + behind or None, start, end)


def _parts(anchor: Anchor) -> tuple[str, str, str, str, str]:
    """Context, the sentence's own words, quotation, the sentence's own words, context; plain."""
    prefix, suffix = anchor.prefix or "", anchor.suffix or ""
    before, own = prefix.rsplit(BOUND, 1) if BOUND in prefix else (prefix, "")
    rest, behind = suffix.split(BOUND, 1) if BOUND in suffix else ("", suffix)
    return tuple(plain(part) for part in (before, own, anchor.exact, rest, behind))


def _inside(known: Plain, start: int, end: int) -> tuple[int, int]:
    """The characters of the plain text that stand for ``source[start:end]``."""
    return bisect_left(known.places, start), bisect_left(known.places, end)


def _tells_apart(text: str, first: int, last: int, wide: int) -> bool:
    """Whether the quotation with the context of either side alone stands in the text but once."""
    before, after = text[max(0, first - wide) : last], text[first : last + wide]
    return _is_single(text, before) and _is_single(text, after)


def _is_single(text: str, part: str) -> bool:
    return text.find(part, text.find(part) + 1) < 0


def find_anchor(anchor: Anchor, known: Plain, *, unchanged: bool = False) -> Place | str:
    """Find where the anchor's text stands now.

    Parameters
    ----------
    anchor : Anchor
    known : Plain
        The report's source as it is now.
    unchanged : bool
        Whether the file is the very one that the anchor was made in.

    Returns
    -------
    Place or str
        Or a reason in Chinese why no place is certain.
    """
    before, own, exact, rest, behind = _parts(anchor)
    whole = own + exact + rest
    if not exact:
        return "没有可以定位的文字"
    if unchanged:
        first, _ = _inside(known, anchor.start, anchor.end)
        if first >= len(own) and known.text.startswith(whole, first - len(own)):
            return _place(known, first - len(own), own, exact, rest)
    found = list(_occurrences(known.text, whole))
    if not found:
        return "原句已改动或删去"
    fits = [_fit(known.text, at, at + len(whole), before, behind) for at in found]
    order = sorted(range(len(found)), key=lambda n: -sum(fits[n]))
    best = order[0]
    if sum(fits[best]) < LEAST_SHARE:
        return "原句的上下文已不同，无法确定是不是同一处"
    if len(order) > 1 and sum(fits[best]) - sum(fits[order[1]]) < LEAD:
        return f"同样的话有 {len(found)} 处，无法确定是哪一处"
    return _place(known, found[best], own, exact, rest)


def _place(known: Plain, at: int, own: str, exact: str, rest: str) -> Place:
    ends = [at, at + len(own), at + len(own) + len(exact), at + len(own + exact + rest)]
    begin, start = known.places[ends[0]], known.places[ends[1]]
    return Place(start, known.places[ends[2] - 1] + 1, begin, known.places[ends[3] - 1] + 1)


def _occurrences(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _fit(text: str, first: int, last: int, prefix: str, suffix: str) -> tuple[float, float]:
    """How far the contexts on the left and on the right agree, 0 to 1 each."""
    before = text[max(0, first - REACH * max(len(prefix), CONTEXT)) : first]
    behind = text[last : last + REACH * max(len(suffix), CONTEXT)]
    repeated = max(len(prefix), len(suffix)) > CONTEXT
    left = _agreement(before[::-1], prefix[::-1], len(before) == first, repeated)
    right = _agreement(behind, suffix, last + len(behind) == len(text), repeated)
    return left, right


def _agreement(near: str, context: str, at_edge: bool, repeated: bool) -> float:
    """Share of ``context``, which begins at the quotation, that stands in ``near``."""
    if len(context) < CONTEXT and at_edge and near == context:
        return 1.0  # the text began or ended there, and still does
    if len(context) >= CONTEXT and near.startswith(context):
        return 1.0
    if repeated:
        return 0.0  # half a context is that of another place too
    blocks = difflib.SequenceMatcher(None, near, context, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= STRETCH) / CONTEXT

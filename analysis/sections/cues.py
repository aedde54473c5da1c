"""What the wording of ``role_patterns.csv`` says about a text or a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from analysis.codebook import Codebook, for_patterns
from analysis.sieve import make_sieve

TEXT_ROLES = ("problem", "cause", "countermeasure", "practice", "background")
# A heading whose best role does not lead by this much names no section (“问题与对策”).
HEADING_LEAD = 1.0
CLEAR_HEADING = 3.5  # a heading that scores this much names the kind of its section outright
# How much of a hit is shown as a reason, without punctuation at its edges.
HIT_LENGTH, EDGES = 8, "，。、；： “”（）"


KEPT = 4096  # texts whose hits are remembered: headings are asked about again and again


@dataclass(frozen=True, eq=False)
class Wording:
    """Rows of ``role_patterns.csv``, and what they hit in texts that were asked about together.

    Attributes
    ----------
    rows : tuple of (role, weight, compiled)
        In the order of the table.
    known : mapping of str to tuple of (role, weight, match)
        By text; from :meth:`on`.
    whole : Wording, optional
        What :meth:`on` was called of: remembers what other texts hit.
    """

    rows: tuple[tuple, ...]
    known: Mapping[str, tuple] = field(default_factory=dict)
    whole: Wording | None = None

    def __iter__(self) -> Iterator[tuple]:
        return iter(self.rows)

    def on(self, texts: Iterable[str]) -> Wording:
        """Return the same rows, knowing what they hit in these texts: faster than one by one."""
        texts = list(dict.fromkeys(texts))
        sieve = make_sieve(tuple(compiled for *_, compiled in self.rows))
        candidates = sieve.candidates(texts)
        known = {
            text: _search([self.rows[at] for at in places], text) if places else ()
            for text, places in zip(texts, candidates, strict=True)
        }
        return Wording(self.rows, known, self.whole or self)

    def hits(self, text: str) -> tuple[tuple, ...]:
        """Return (role, weight, match) of every row that hits a text."""
        known = self.known.get(text)
        return _hits(self.whole or self, text) if known is None else known


@lru_cache(maxsize=KEPT)
def _hits(wording: Wording, text: str) -> tuple[tuple, ...]:
    return _search(wording.rows, text)


def _search(rows: Iterable[tuple], text: str) -> tuple[tuple, ...]:
    text, found = for_patterns(text), []
    for role, weight, compiled in rows:
        if match := compiled.search(text):
            found.append((role, weight, match[0]))
    return tuple(found)


def sum_hits(hits: Iterable[tuple], above: float = -1.0) -> dict[str, float]:
    """Sum the weights of hits by role.

    Parameters
    ----------
    hits : iterable of (role, weight, match)
        From :meth:`Wording.hits`.
    above : float
        Only patterns whose weight, without its sign, is greater count.
    """
    scores: dict[str, float] = {}
    for role, weight, _ in hits:
        if abs(weight) > above:
            scores[role] = scores.get(role, 0.0) + weight
    # Patterns of negative weight take back, but never accuse.
    return {role: max(score, 0.0) for role, score in scores.items()}


def words_hit(hits: Iterable[tuple], role: str) -> list[str]:
    """What the hits that speak for a role have hit, to be shown."""
    return [m.strip(EDGES)[:HIT_LENGTH] for other, w, m in hits if other == role and w > 0]


def score_patterns(text: str, patterns: Wording, above: float = -1.0) -> dict[str, float]:
    """Sum the weights of the patterns that hit a text by role, see :func:`sum_hits`."""
    return sum_hits(patterns.hits(text), above)


def total_scores(texts, patterns: Wording, above: float = -1.0) -> dict[str, float]:
    """Sum the scores of many texts by role, a key for each of :data:`TEXT_ROLES`."""
    totals = dict.fromkeys(TEXT_ROLES, 0.0)
    for text in texts:
        for role, score in score_patterns(text, patterns, above).items():
            totals[role] += score
    return totals


@lru_cache(maxsize=32)
def select_patterns(book: Codebook, scope: str) -> Wording:
    """Return the rows of ``role_patterns.csv`` with this scope."""
    table = book["role_patterns"]
    rows = table[table["scope"] == scope]
    return Wording(tuple(zip(rows["role"], rows["weight"], rows["compiled"], strict=True)))


def heading_role(text: str, patterns: Wording) -> tuple[str | None, float]:
    """Return the role that a heading's wording gives to its section, and how clearly."""
    scores = score_patterns(text, patterns)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return None, 0.0
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if ranked[0][1] - second < HEADING_LEAD:
        return None, ranked[0][1]
    return ranked[0][0], ranked[0][1]


def names_a_section(text: str, patterns: Wording) -> bool:
    """Whether one pattern alone says that a heading names a kind of section.

    Headings that say what is to be done or what is wrong add up weaker patterns: they are claims.
    """
    return any(weight >= CLEAR_HEADING for _, weight, _ in patterns.hits(text))


def asks_for_something(text: str, patterns: Wording) -> bool:
    """Whether a heading of several phrases demands: “提高认识，把握……的重要性”."""
    return "，" in for_patterns(text) and any(
        role == "countermeasure" and weight < CLEAR_HEADING
        for role, weight, _ in patterns.hits(text)
    )


HEADING_NUMBER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、．.，,：:\s]*|[◎●■◆★▲▶]\s*|第[一二三四五六七八九十]+[章部分，、\s]*)+"
)

# A sentence that opens with 【成因】 or ⑵ 原因： says itself what it and those behind it are.
OPENING_LABEL = re.compile(
    r"\s*(?:[①-⒛]|[（(]?\d{1,2}[）)、．.])?\s*"
    r"(?:[【\[［〔](?P<label>[^】\]］〕]{1,14})[】\]］〕]|(?P<name>[\u4e00-\u9fff]{2,6})[：:])"
)


def opening_label(text: str, patterns: Wording) -> tuple[str, str] | None:
    """Return the label that opens a sentence and the role that it gives, if it gives one."""
    match = OPENING_LABEL.match(text)
    if not match:
        return None
    name = match["label"] or match["name"]
    role, score = heading_role(f"【{name}】", patterns)
    return (name, role) if role and score >= CLEAR_HEADING else None

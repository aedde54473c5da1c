"""Find the issues that one sentence names: by the codebook's patterns, else by its words.

A pattern (`patterns.csv`) is an aspect near a word of deficiency (党建 … 业务 … 结合 … 不够), or
a saying (穿衣戴帽). Word classes such as ``<lack>`` keep the patterns short. Outside problem and
cause sentences a plain fact (兼职) or a soft word (有待) is no mention by itself: there an explicit
word of deficiency must stand in the span, or a cue of stance beside it. A row whose key ends in
``_fact`` tells of numbers and habits (一名组织员管四十个支部), faults only where faults are told:
elsewhere it needs a cue. At most one mention of an issue is kept per sentence.

Where no pattern fits, the words of a sentence and its role may still tell the issue
(:mod:`analysis.issue_scores`). Such a hit is the clause that speaks most for the issue; its
``pattern`` is ``learned``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.codebook import Codebook
from analysis.issue_scores import FINDING_ROLES
from analysis.regexes import expand
from analysis.sieve import make_sieve
from analysis.stance import StanceRules, default_stance, find_cue
from analysis.textmodel import TextModel
from analysis.vocabulary import LEARNED

# Probability from which the words alone make a mention; F1 on reports kept apart is greatest here.
LEAST_CHANCE = 0.34
FACT = (
    "_fact"  # end of the key of a pattern that names a defect in those roles or beside a cue only
)


class Hit(NamedTuple):
    """A place in a sentence's text where a pattern of an issue matches."""

    issue: str
    pattern: str
    start: int
    end: int
    stance: str


@dataclass(frozen=True)
class IssueRules:
    """The codebook's patterns, ready for use.

    Attributes
    ----------
    patterns : tuple of (issue, pattern, compiled)
        Rows of `patterns.csv` in their order.
    hard, plain : re.Pattern
        Word class ``hard`` (explicit deficiency), and ``soft`` with ``bare`` (soft words and plain
        facts).
    stance : StanceRules
        How a mention is meant.
    """

    patterns: tuple
    hard: re.Pattern
    plain: re.Pattern
    stance: StanceRules

    @classmethod
    def of(cls, book: Codebook) -> IssueRules:
        """Take the tables `patterns`, `word_classes` and `stance_patterns` of the codebook."""
        table, words = book["patterns"], book["word_classes"]
        classes = dict(zip(words["word_class"], words["words"], strict=True))
        return cls(
            tuple(zip(table["issue"], table["pattern"], table["compiled"], strict=True)),
            re.compile(expand("<hard>", classes)),
            re.compile(expand("<soft>|<bare>", classes)),
            StanceRules.of(book),
        )


def find_all_hits(
    texts: Sequence[str],
    roles: Sequence[str],
    chances: np.ndarray,
    model: TextModel,
    rules: IssueRules,
    defaults: Sequence[str],
) -> list[list[Hit]]:
    """Return at most one hit per issue in each of many sentences, none in noise.

    Parameters
    ----------
    texts, roles, defaults : sequence of str
        As for :func:`find_hits`, one each per sentence.
    chances : numpy.ndarray
        Probabilities of ``model.keys`` for each text.

    Returns
    -------
    list of list of Hit
        Those by patterns in order of issue rows; behind them those that only the words tell.
    """
    patterns = make_sieve(tuple(compiled for *_, compiled in rules.patterns)).candidates(texts)
    cues = rules.stance.candidates(texts)
    found: list[list[Hit]] = [[] for _ in texts]
    learned = []
    likely: list[list[str]] = [[] for _ in texts]
    for at, key in np.argwhere(chances >= LEAST_CHANCE).tolist():
        likely[at].append(model.keys[key])
    for at, (text, role) in enumerate(zip(texts, roles, strict=True)):
        if role == "noise":
            continue
        if patterns[at]:
            asked = [rules.patterns[number] for number in patterns[at]]
            found[at] = _find_hits(text, role, rules, defaults[at], asked, cues[at])
        if likely[at]:
            known = {hit.issue for hit in found[at]}
            learned += [(at, key) for key in likely[at] if key not in known]
    clauses = model.clauses_of([texts[at] for at, _ in learned], [key for _, key in learned])
    for (at, key), (start, end) in zip(learned, clauses, strict=True):
        cue = find_cue(texts[at], start, end, roles[at], rules.stance, cues[at])
        found[at].append(Hit(key, LEARNED, start, end, cue or defaults[at]))
    return found


def find_hits(text: str, role: str, rules: IssueRules, default: str | None = None) -> list[Hit]:
    """Return at most one hit per issue by the patterns in one sentence, in order of issue rows.

    Parameters
    ----------
    text : str
        The sentence, edited and in Simplified script.
    role : str
        Its role; it decides whether plain facts count, and the stance where no word does.
    rules : IssueRules
        From :meth:`IssueRules.of`.
    default : str, optional
        Stance where no cue stands; by the role if not given.
    """
    return _find_hits(text, role, rules, default or default_stance(role), rules.patterns, None)


def _find_hits(text, role, rules: IssueRules, default: str, patterns, cues) -> list[Hit]:
    """Ask some of the patterns, and some of the rows of stance (None: all)."""
    found: dict[str, list[Hit]] = {}
    for issue, pattern, compiled in patterns:
        for match in compiled.finditer(text):
            start, end = match.span()
            core = _core_start(compiled, text, start, end)
            cue = find_cue(text, core, end, role, rules.stance, cues)
            if cue or _counts(pattern, match[0], role, rules):
                hit = Hit(issue, pattern, start, end, cue or default)
                found.setdefault(issue, []).append(hit)
    return [_best(hits) for hits in found.values()]


def _core_start(compiled: re.Pattern, text: str, start: int, end: int) -> int:
    """Return the last place from which the pattern still reaches ``end``.

    A gap may swallow a cue (【党日活动要防止形式单一】): stance looks before the core 形式单一.
    """
    for place in range(end - 1, start, -1):
        match = compiled.match(text, place)
        if match and match.end() == end:
            return place
    return start


def _counts(pattern: str, span: str, role: str, rules: IssueRules) -> bool:
    """Say whether the words of the span name a defect without help of a cue."""
    if role in FINDING_ROLES:
        return True
    if pattern.endswith(FACT):
        return False
    return not rules.plain.search(span) or bool(rules.hard.search(span))


def _best(hits: list[Hit]) -> Hit:
    """Choose the longest hit, then the first.

    A saying is quoted only if nothing else in the sentence asserts the issue (gold codebook), so
    quoted hits give way to asserted ones; a denial gives way to what is asserted behind it
    (【未发现……，但个别……】: the main clause decides).
    """
    asserted = [hit.start for hit in hits if hit.stance == "asserted"]
    if asserted:
        hits = [
            hit
            for hit in hits
            if hit.stance != "quoted" and not (hit.stance == "negated" and max(asserted) >= hit.end)
        ]
    return min(hits, key=lambda hit: (hit.start - hit.end, hit.start))

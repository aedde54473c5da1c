"""Find every named issue in every sentence but noise: span, stance, pattern.

A pattern (`patterns.csv`) is an aspect near a word of deficiency (党建 … 业务 … 结合 … 不够), or
a saying (穿衣戴帽). Word classes such as ``<lack>`` keep the patterns short. Outside problem and
cause sentences a plain fact (兼职) or a soft word (有待) is no mention by itself: there an explicit
word of deficiency must stand in the span, or a cue of stance beside it. A row whose key ends in
``_fact`` tells of numbers and habits (一名组织员管四十个支部), faults only where faults are told:
elsewhere it needs a cue. At most one mention of an issue is kept per sentence.

Where no pattern fits, the words of a sentence and its role may still tell the issue
(:mod:`analysis.textmodel`). Such a mention is the clause that speaks most for the issue; its
``pattern`` is ``learned``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import schema
from analysis.codebook import Codebook, expand
from analysis.issue_scores import FINDING_ROLES, find_chances
from analysis.stance import StanceRules, default_stance, find_cue
from analysis.textmodel import TextModel, text_model
from analysis.vocabulary import LEARNED, STANCES

# Probability from which the words alone make a mention; F1 on reports kept apart is greatest here.
LEAST_CHANCE = 0.34
FACT = (
    "_fact"  # end of the key of a pattern that names a defect in those roles or beside a cue only
)


@dataclass(frozen=True)
class Hit:
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


def find_hits(text: str, role: str, rules: IssueRules, default: str | None = None) -> list[Hit]:
    """Return at most one hit per issue in the text of one sentence, in order of issue rows.

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
    default = default or default_stance(role)
    found: dict[str, list[Hit]] = {}
    for issue, pattern, compiled in rules.patterns:
        for match in compiled.finditer(text):
            start, end = match.span()
            core = _core_start(compiled, text, start, end)
            cue = find_cue(text, core, end, role, rules.stance)
            if cue or _counts(pattern, match[0], role, rules):
                hit = Hit(issue, pattern, start, end, cue or default)
                found.setdefault(issue, []).append(hit)
    return [_best(hits) for hits in found.values()]


def find_learned_hits(
    text: str, role: str, chances: np.ndarray, model: TextModel, rules: IssueRules, default: str
) -> list[Hit]:
    """Return a hit for each issue that the words of a sentence tell.

    Parameters
    ----------
    chances : numpy.ndarray
        Probabilities of ``model.keys`` for this text.
    """
    hits = []
    for at in np.flatnonzero(chances >= LEAST_CHANCE):
        start, end = model.clause(text, model.keys[at])
        stance = find_cue(text, start, end, role, rules.stance) or default
        hits.append(Hit(model.keys[at], LEARNED, start, end, stance))
    return hits


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


def source_positions(
    start: int, end: int, edits: Iterable[tuple[int, int, str]]
) -> list[tuple[int, int]]:
    """Say for each character of an edited text which characters of the source it stands for.

    Parameters
    ----------
    start, end : int
        The sentence in the source, half-open.
    edits : iterable of (start, end, replacement)
        Edits of the report by offsets in the source; those outside the sentence are ignored. An
        empty replacement deletes. A replacement of the same length stands for its characters one
        by one, any other for the edited stretch as a whole.

    Returns
    -------
    list of (start, end)
        One pair per character of the text; change of script keeps the number of characters.
    """
    positions, at = [], start
    for begin, finish, replacement in sorted(edits):
        if finish <= start or begin >= end or begin < at:
            continue
        positions += [(place, place + 1) for place in range(at, begin)]
        if len(replacement) == finish - begin:
            positions += [(place, place + 1) for place in range(begin, finish)]
        else:
            positions += [(begin, finish)] * len(replacement)
        at = finish
    return positions + [(place, place + 1) for place in range(at, end)]


def _edits_by_report(edits: pd.DataFrame) -> dict[str, list[tuple[int, int, str]]]:
    grouped: dict[str, list[tuple[int, int, str]]] = {}
    replacements = edits["replacement"].fillna("")
    for report, start, end, replacement in zip(
        edits["report"], edits["start"], edits["end"], replacements, strict=True
    ):
        grouped.setdefault(report, []).append((int(start), int(end), replacement))
    return grouped


def find_mentions(
    sentences: pd.DataFrame, edits: pd.DataFrame, sources: Mapping[str, str], book: Codebook
) -> pd.DataFrame:
    """Find the issues named in the sentences of all reports.

    Parameters
    ----------
    sentences : pandas.DataFrame
        Columns sentence, passage, report, start, end (characters of the source), text, role.
    edits : pandas.DataFrame
        Columns report, start, end, replacement (missing: deleted).
    sources : mapping of str to str
        The source string of each report.
    book : Codebook
        Patterns, word classes and stance patterns are used.

    Returns
    -------
    pandas.DataFrame
        Table `mentions`, numbered within each report in order of position; `quote` is the source
        as printed, `role` is the sentence's, `corrected` is False.

    Raises
    ------
    ValueError
        A sentence's text has not the length that its span and edits give.
    """
    rules, edited = IssueRules.of(book), _edits_by_report(edits)
    model, chances = text_model(book, tuple(book["issues"]["issue"])), find_chances(sentences, book)
    stances = _default_stances(sentences, book)
    rows: dict[str, list[dict]] = {}
    columns = ("sentence", "passage", "report", "start", "end", "text", "role")
    for at, (sentence, passage, report, start, end, text, role) in enumerate(
        zip(*(sentences[column] for column in columns), strict=True)
    ):
        hits = [] if role == "noise" else find_hits(text, role, rules, stances[at])
        if role != "noise":
            known = {hit.issue for hit in hits}
            learned = find_learned_hits(text, role, chances[at], model, rules, stances[at])
            hits += [hit for hit in learned if hit.issue not in known]
        if not hits:
            continue
        positions = source_positions(int(start), int(end), edited.get(report, ()))
        if len(positions) != len(text):
            raise ValueError(
                f"{report} {sentence}：正文 {len(text)} 字，按起止与清理表应为 "
                f"{len(positions)} 字，请检查 edits 表与 sentences 表是否出自同一次运行。"
            )
        for hit in hits:
            begin, finish = positions[hit.start][0], positions[hit.end - 1][1]
            rows.setdefault(report, []).append(
                {
                    "issue": hit.issue,
                    "sentence": sentence,
                    "passage": passage,
                    "report": report,
                    "start": begin,
                    "end": finish,
                    "quote": sources[report][begin:finish],
                    "stance": hit.stance,
                    "role": role,
                    "pattern": hit.pattern,
                    "corrected": False,
                }
            )
    return _numbered(rows)


def _default_stances(sentences: pd.DataFrame, book: Codebook) -> list[str]:
    """The stance of each sentence's mentions where no cue tells: by its words and its role."""
    keys = tuple(STANCES)
    shares = text_model(book, keys).shares(sentences["text"], sentences["role"])
    return [
        keys[row.argmax()] if row.any() else default_stance(role)
        for row, role in zip(shares, sentences["role"], strict=True)
    ]


def _numbered(rows: dict[str, list[dict]]) -> pd.DataFrame:
    numbered = [
        {"mention": f"{report}-m{number:04d}"} | row
        for report, found in rows.items()
        for number, row in enumerate(
            sorted(found, key=lambda row: (row["start"], row["end"], row["issue"])), start=1
        )
    ]
    if not numbered:
        return schema.empty("mentions")
    return schema.check("mentions", pd.DataFrame(numbered))

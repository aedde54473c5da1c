"""Concordance: every place that answers a question, in aligned context, with its counts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import regex

from analysis.doubt import mark_doubt
from analysis.errors import AnalysisError
from analysis.schema import check
from analysis.structure import Edit, recompute_text
from analysis.vocabulary import LEVEL_GROUPS

SORTS = {"place": "按原文顺序", "left": "按左边的字", "right": "按右边的字"}
CONTEXT = 60  # characters to either side; half a line of a wide screen
MOST = 20_000  # hits of one question; beyond it the expression is too general to read
PATIENCE = 1.0  # seconds that an expression may take over the whole corpus


class QueryError(AnalysisError):
    """The question cannot be asked; the message is one line of Chinese."""


@dataclass(frozen=True)
class Query:
    """What is looked for; a field left empty does not matter.

    Attributes
    ----------
    issue, theme, role, stance, level, report : str
        Keys; ``level`` is a group (district with county).
    text : str
        Words to be found literally, in Simplified characters, or a regular expression.
    regex : bool
        Whether ``text`` is an expression.
    sort : {"place", "left", "right"}
        Order of the reports and sentences, or of the characters before or behind the match.
    """

    issue: str = ""
    theme: str = ""
    role: str = ""
    stance: str = ""
    level: str = ""
    report: str = ""
    text: str = ""
    regex: bool = False
    sort: str = "place"


@dataclass(frozen=True)
class Corpus:
    """The sentences of a study as they are searched, made once by :func:`load_corpus`."""

    lines: pd.DataFrame
    mentions: pd.DataFrame
    passages: pd.DataFrame


def load_corpus(tables: Mapping[str, pd.DataFrame], sources: Mapping[str, str]) -> Corpus:
    """Put what is searched side by side: one line a sentence, noise left out.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``edits``, ``passages``, ``sentences``, ``mentions``.
    sources : mapping of str to str
        The source of each report, for the place of a mention in the cleaned text.
    """
    sentences = tables["sentences"]
    lines = sentences[sentences["role"] != "noise"].reset_index(drop=True)
    level = tables["reports"].set_index("report")["level"].fillna("unstated").map(LEVEL_GROUPS)
    path = tables["passages"].set_index("passage")["heading_path"]
    lines = lines.assign(
        level=lines["report"].map(level),
        heading_path=lines["passage"].map(path),
        doubt=mark_doubt(lines),
    )
    at = pd.Series(lines.index, index=lines["sentence"])
    mentions = tables["mentions"]
    mentions = mentions.assign(line=mentions["sentence"].map(at))
    mentions = mentions[mentions["line"].notna()].astype({"line": int}).reset_index(drop=True)
    spans = _spans_in_text(mentions, lines, tables["edits"], sources)
    return Corpus(lines, mentions.assign(**spans), tables["passages"])


def _spans_in_text(mentions, lines, edits, sources) -> dict[str, list[int]]:
    """Where each mention stands in the cleaned text of its sentence."""
    edited = {
        report: [Edit(*row) for row in rows.astype(object).where(rows.notna(), None).to_numpy()]
        for report, rows in edits.set_index("report")[list(Edit._fields)].groupby(level=0)
    }
    texts, starts = lines["text"].to_numpy(object), lines["start"].to_numpy()
    ends = lines["end"].to_numpy()
    found: dict[str, list[int]] = {"first": [], "last": []}
    spans = mentions[["report", "line", "start", "end"]].itertuples(index=False)
    for report, line, start, end in spans:
        first = starts[line]
        if len(texts[line]) == ends[line] - first:  # nothing was cut out of this sentence
            pair = (start - first, end - first)
        else:
            own = [e for e in edited.get(report, []) if e.end > first and e.start < ends[line]]
            pair = tuple(
                len(recompute_text(sources[report], own, first, place)) for place in (start, end)
            )
        found["first"].append(pair[0])
        found["last"].append(pair[1])
    return found


def find_hits(corpus: Corpus, query: Query) -> pd.DataFrame:
    """Find every place that answers a question.

    With ``text`` each occurrence is a hit; else with ``issue`` or ``stance`` each mention; else
    each sentence as a whole.

    Returns
    -------
    pandas.DataFrame
        Table ``concordance``, in the order asked for.

    Raises
    ------
    QueryError
        The expression is wrong, takes too long, or fits too many places.
    """
    kept = np.flatnonzero(_in_scope(corpus.lines, query).to_numpy())
    named = corpus.mentions
    for column in ("issue", "stance"):
        if getattr(query, column):
            named = named[named[column] == getattr(query, column)]
    if query.issue or query.stance:
        named = named[named["line"].isin(kept)]
        kept = np.unique(named["line"].to_numpy())
    texts = corpus.lines["text"].to_numpy(object)
    if query.text:
        spans = [*_occurrences(texts, kept, query)]
    elif query.issue or query.stance:
        spans = [*zip(named["line"], named["first"], named["last"], strict=True)]
    else:
        spans = [(line, 0, len(texts[line])) for line in kept]
    return _hits_table(corpus.lines, spans, query.sort)


def _in_scope(lines: pd.DataFrame, query: Query) -> pd.Series:
    """Sentences among which is looked: those of a level, a report, a role, a theme."""
    kept = pd.Series(True, index=lines.index)
    for column in ("level", "report", "role", "theme"):
        if getattr(query, column):
            kept &= (lines[column] == getattr(query, column)).fillna(False)
    return kept


def _occurrences(texts: np.ndarray, kept: Iterable[int], query: Query):
    """Yield line, start and end of every occurrence in the lines kept."""
    try:
        pattern = regex.compile(query.text if query.regex else regex.escape(query.text))
    except regex.error as error:
        raise QueryError(
            f"正则表达式“{query.text}”写得不对：第 {(error.pos or 0) + 1} 个字符处（{error.msg}）。"
            "只想查这几个字，请不要勾选“正则”。"
        ) from None
    found, end = 0, time.monotonic() + PATIENCE
    for line in kept:
        if not query.regex and query.text not in texts[line]:
            continue
        try:
            if (left := end - time.monotonic()) <= 0:
                raise TimeoutError
            matches = [m.span() for m in pattern.finditer(texts[line], timeout=left)]
        except TimeoutError:
            raise QueryError(
                f"“{query.text}”查了 {PATIENCE:.0f} 秒还没有查完，请换一个简单些的写法。"
            ) from None
        matches = [span for span in matches if span[0] < span[1]]
        found += len(matches)
        if found > MOST:
            raise QueryError(f"“{query.text}”命中 {MOST} 处以上，请写得具体一些。")
        yield from ((line, *span) for span in matches)


def _hits_table(lines: pd.DataFrame, spans: list[tuple], sort: str) -> pd.DataFrame:
    spans = sorted(spans)
    at = [line for line, _, _ in spans]
    texts = lines["text"].to_numpy(object)
    left = [texts[line][:start] for line, start, _ in spans]
    right = [texts[line][end:] for line, _, end in spans]
    if sort == "left":  # what stands next to the match decides, then the one before it …
        order = sorted(range(len(spans)), key=lambda i: left[i][::-1])
    elif sort == "right":
        order = sorted(range(len(spans)), key=lambda i: right[i])
    else:
        order = [*range(len(spans))]
    columns = ["sentence", "passage", "report", "level", "heading_path", "role", "theme", "doubt"]
    table = lines.iloc[at][columns].reset_index(drop=True)
    table = table.assign(
        hit=range(1, len(spans) + 1),
        line=at,
        start=[start for _, start, _ in spans],
        end=[end for _, _, end in spans],
    )
    return check("concordance", table.iloc[order].reset_index(drop=True))


def in_context(corpus: Corpus, hits: pd.DataFrame) -> pd.DataFrame:
    """Return hits with ``left``, ``match`` and ``right``; for the rows that are shown.

    The context runs over neighbouring sentences of the same passage, :data:`CONTEXT` characters
    to either side.
    """
    lines = corpus.lines
    texts, passages = lines["text"].to_numpy(object), lines["passage"].to_numpy(object)
    rows = []
    for line, start, end in zip(hits["line"], hits["start"], hits["end"], strict=True):
        text = texts[line]
        left, right, before, after = text[:start], text[end:], line - 1, line + 1
        while len(left) < CONTEXT and before >= 0 and passages[before] == passages[line]:
            left, before = texts[before] + left, before - 1
        while len(right) < CONTEXT and after < len(texts) and passages[after] == passages[line]:
            right, after = right + texts[after], after + 1
        rows.append((left[-CONTEXT:], text[start:end], right[:CONTEXT]))
    context = pd.DataFrame(rows, columns=["left", "match", "right"], index=hits.index, dtype="str")
    return hits.join(context)


def say_counts(corpus: Corpus, hits: pd.DataFrame, query: Query) -> str:
    """Tell how many hits there are, of what: the denominators follow the filter.

    “命中 12 处：38 段中 9 段、110 句中 11 句，4 份报告中 3 份”; passages, sentences and reports of
    the scope that level, report, role and theme choose.
    """
    scope = corpus.lines[_in_scope(corpus.lines, replace(query, text="", issue="", stance=""))]
    parts = [
        f"{scope[column].nunique()} {unit}中 {hits[column].nunique()} {unit.split()[0]}"
        for column, unit in (("passage", "段"), ("sentence", "句"))
    ]
    reports = f"{scope['report'].nunique()} 份报告中 {hits['report'].nunique()} 份"
    return f"命中 {len(hits)} 处：{'、'.join(parts)}，{reports}"

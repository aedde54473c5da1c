"""One telling quote for each report: chosen, as printed, shortened at punctuation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.structure import Edit, apply_edits

# Longer quotes are shortened, in characters: about four lines of a notebook cell's column.
LONGEST = 88
SHORTEST = 14  # below, a sentence rarely says enough to stand alone
# The stance a quote is taken from: the first that the report has.
STANCE_ORDER = ("asserted", "addressed", "improved", "negated", "supposed", "quoted")
CLAUSE = re.compile(r"[^，。；：！？,;:!?]*[，。；：！？,;:!?]*[”’》）]*")


def choose_quotes(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    issue: str,
    short: str,
    *,
    sources: Mapping[str, str] | None = None,
    edits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Choose one sentence per report that names ``issue``.

    An assertion comes before a remedy, a remedy before any other stance; then a problem sentence
    (or countermeasure), one with the issue's ``short`` name, running text, a length that can be
    shown whole; then the earlier one.

    Parameters
    ----------
    sources, edits : mapping of str to str, pandas.DataFrame
        The source of each report and the table ``edits``: the quote is as printed, Traditional
        characters kept, with the edits applied. Without a source it is the sentence's ``text``.

    Returns
    -------
    pandas.DataFrame
        Columns ``report``, ``stance``, ``sentence``, ``passage``, ``quote``; at most one row each.
    """
    found = mentions[mentions["issue"] == issue]
    columns = ["sentence", "start", "end", "text", "heading_level"]
    spans = sentences[columns].rename(columns={"start": "opens", "end": "closes"})
    found = found.merge(spans, on="sentence")
    length = found["text"].str.len()
    fitting = found["role"].isin(["problem", "countermeasure"])
    found = found.assign(
        by_stance=found["stance"].map(STANCE_ORDER.index),
        by_role=~fitting.astype(bool),
        by_name=~found["text"].str.contains(short, regex=False).astype(bool),
        by_form=found["heading_level"].notna(),
        by_length=~length.between(SHORTEST, LONGEST),
    )
    order = ["report", "by_stance", "by_role", "by_name", "by_form", "by_length", "start"]
    chosen = found.sort_values(order).drop_duplicates("report")
    chosen = chosen.assign(quote=[_quote(row, sources or {}, edits) for row in chosen.itertuples()])
    return chosen[["report", "stance", "sentence", "passage", "quote"]].reset_index(drop=True)


def _quote(row, sources: Mapping[str, str], edits: pd.DataFrame | None) -> str:
    source = sources.get(row.report)
    if source is None:
        at = max(row.text.find(row.quote), 0)
        return shorten(style.clean(row.text), at, at + len(row.quote))
    mine = [] if edits is None else edits[edits["report"] == row.report]
    rows = [] if edits is None else mine.drop(columns="report").itertuples(index=False)
    applied = sorted(
        Edit(
            int(e.start), int(e.end), e.kind, None if pd.isna(e.replacement) else e.replacement, ""
        )
        for e in rows
    )
    before = style.clean(apply_edits(source, applied, row.opens, row.start))
    named = style.clean(apply_edits(source, applied, row.start, row.end))
    after = style.clean(apply_edits(source, applied, row.end, row.closes))
    return shorten(before + named + after, len(before), len(before) + len(named))


def shorten(sentence: str, start: int, end: int, longest: int = LONGEST) -> str:
    """Cut ``sentence`` at punctuation to ``longest`` characters around ``[start, end)``.

    What is left out is marked “…”. A clause that is too long by itself is cut around the span.
    """
    if len(sentence) <= longest:
        return sentence
    clauses = [m.span() for m in CLAUSE.finditer(sentence) if m[0]]
    inside = [n for n, (a, b) in enumerate(clauses) if a < max(end, start + 1) and b > start]
    first, last = inside[0], inside[-1]
    left, right = clauses[first][0], clauses[last][1]
    if right - left > longest - 2:
        left = max(left, min(start - (longest - 2 - (end - start)) // 2, right - longest + 2))
        right = min(right, left + longest - 2)
    else:
        grown = True
        while grown:
            grown = False
            if last + 1 < len(clauses) and clauses[last + 1][1] - left <= longest - 2:
                last, grown = last + 1, True
                right = clauses[last][1]
            if first > 0 and right - clauses[first - 1][0] <= longest - 2:
                first, grown = first - 1, True
                left = clauses[first][0]
    words = sentence[left:right]
    if right < len(sentence):
        words = words.rstrip("，；：、,;:") + style.ELLIPSIS
    return (style.ELLIPSIS if left else "") + words

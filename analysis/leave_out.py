"""The score *left out*: every report judged without the wording that only it supports.

On reports that its rules were written with, the analysis looks better than it is. So each labelled
report is analysed once more with a codebook from which the wording is gone that matches in that
report alone among the labelled ones, and with learned parts trained anew without it. Wording that
matches in none of them stays. It is an upper bound: other wording was still chosen by people who
had read the report, and structure, noise, stance and word classes are not touched.

Wording is a theme term, or one of the alternatives that a row of ``patterns.csv`` or
``role_patterns.csv`` joins by ``|``: the sayings of one row are written for different reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook, for_patterns
from analysis.issues import find_mentions
from analysis.reading import name_reports
from analysis.regexes import compile_regex

Analyse = Callable[[list[Path], Codebook], Mapping]
Retrain = Callable[[Codebook, list[Path]], Codebook]
KEPT = ("reports", "sentences", "mentions", "links")
WORDING = ["table", "row", "wording"]


def leave_out(
    analyse: Analyse, book: Codebook, *, retrain: Retrain | None = None
) -> Callable[[list[Path]], dict[str, pd.DataFrame]]:
    """Return an analysis that judges every report by a codebook made without it.

    Parameters
    ----------
    analyse : callable
        ``analyse(files, book)`` gives the tables of a run by name, and ``sources``.
    book : Codebook
    retrain : callable, optional
        ``retrain(book, files)`` gives the codebook with its learned parts trained on these
        labelled reports; called with all but the one left out. Without it they stay as they are.

    Returns
    -------
    callable
        From the list of report files to the tables :data:`KEPT`, reports named as in a run of all.
    """

    def run(files: list[Path]) -> dict[str, pd.DataFrame]:
        own = find_own_wording(analyse(files, book), book)
        parts = []
        for path, report in name_reports(files).items():
            reduced = drop_wording(book, own[own["report"] == report])
            if retrain is not None:
                reduced = retrain(reduced, [other for other in files if other != path])
            tables = analyse([path], reduced)
            parts.append({name: tables[name].assign(report=report) for name in KEPT})
        return {n: pd.concat([part[n] for part in parts], ignore_index=True) for n in KEPT}

    return run


def find_own_wording(tables: Mapping, book: Codebook) -> pd.DataFrame:
    """Find the wording of the codebook that matches in one report only.

    Parameters
    ----------
    tables : mapping
        ``sentences``, ``edits`` and ``sources`` of a run.
    book : Codebook

    Returns
    -------
    pandas.DataFrame
        ``table`` of the codebook, ``row`` (its index there), ``wording`` and ``report``.
    """
    sentences = tables["sentences"]
    texts = sentences[sentences["role"] != "noise"].groupby("report")["text"].agg(list)
    seen = [
        *_find_issue_wording(tables, book),
        *_find_role_wording(texts, book),
        *_find_terms(texts, book["theme_terms"]["term"]),
    ]
    seen = pd.DataFrame(seen, columns=[*WORDING, "report"]).drop_duplicates()
    return seen[~seen.duplicated(WORDING, keep=False)].reset_index(drop=True)


def drop_wording(book: Codebook, own: pd.DataFrame) -> Codebook:
    """Return the codebook without this wording, and without the rows of which nothing is left."""
    tables = dict(book.tables)
    for name, rows in own.groupby("table"):
        table, gone = book[name].copy(), rows.groupby("row")["wording"].agg(set)
        for row in gone.index if name != "theme_terms" else ():
            left = [w for w in split_alternatives(table.at[row, "regex"]) if w not in gone[row]]
            if left:
                table.at[row, "compiled"] = _compile("|".join(left), book)
                gone = gone.drop(row)
        tables[name] = table.drop(index=gone.index)
    return Codebook(tables)


def split_alternatives(regex: str) -> list[str]:
    """Split a regular expression at the ``|`` that stand in no brackets."""
    parts, depth, in_set, escaped = [""], 0, False, False
    for character in regex:
        plain = not escaped and not in_set
        if plain and depth == 0 and character == "|":
            parts.append("")
            continue
        parts[-1] += character
        depth += plain * ((character == "(") - (character == ")"))
        if not escaped:
            in_set = character != "]" if in_set else character == "["
        escaped = not escaped and character == "\\"
    return parts


def _compile(regex: str, book: Codebook):
    words = book["word_classes"]
    return compile_regex(regex, dict(zip(words["word_class"], words["words"], strict=True)))


def _alternatives(table: pd.DataFrame) -> Iterator[tuple]:
    """Row and wording of every alternative of a table of patterns."""
    for row, regex in table["regex"].items():
        yield from ((row, wording) for wording in split_alternatives(regex))


def _find_issue_wording(tables: Mapping, book: Codebook) -> list[tuple]:
    """Where each alternative names its issue, also beside others that do."""
    pairs = list(_alternatives(book["patterns"]))
    alone = book["patterns"].loc[[row for row, _ in pairs]].reset_index(drop=True)
    # The key keeps its end, which means something; each counts as an issue of its own.
    keys = alone.index.astype(str) + " " + alone["pattern"]
    compiled = [_compile(wording, book) for _, wording in pairs]
    alone = alone.assign(pattern=keys, issue=keys, compiled=pd.Series(compiled, dtype=object))
    split = Codebook(book.tables | {"patterns": alone})
    found = find_mentions(tables["sentences"], tables["edits"], tables["sources"], split)
    place = dict(zip(keys, pairs, strict=True))
    found = found.loc[found["pattern"].isin(place), ["pattern", "report"]].drop_duplicates()
    found = found.itertuples(index=False)
    return [("patterns", *place[pattern], report) for pattern, report in found]


def _find_role_wording(texts: pd.Series, book: Codebook) -> list[tuple]:
    texts = texts.map(lambda sentences: [for_patterns(text) for text in sentences])
    return [
        ("role_patterns", row, wording, report)
        for row, wording in _alternatives(book["role_patterns"])
        for compiled in [_compile(wording, book)]
        for report, sentences in texts.items()
        if any(map(compiled.search, sentences))
    ]


def _find_terms(texts: pd.Series, terms: pd.Series) -> list[tuple]:
    return [
        ("theme_terms", row, term, report)
        for report, text in texts.map("\n".join).items()
        for row, term in terms.items()
        if term in text
    ]

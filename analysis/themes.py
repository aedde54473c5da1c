"""Tag every sentence and passage with its theme, and say which words caused it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.theme_evidence import Evidence, Lexicon, collect_evidence, read_lexicon
from analysis.theme_scores import score_themes

# A second theme is named where its score is at least this share of the first one's, own words
# counted twice (a point's context names its main theme): F1 with the second themes of the gold
# labels is greatest there (.48; precision .51, recall .45).
THEME2_SHARE = 0.5
WORDS_SHOWN = 5  # terms named as the reason for a passage's theme
NO_WORDS = "无主题词，随上下文"


def tag_themes(
    sentences: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame, book: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give sentences and passages their themes.

    Every sentence but noise and headings has a theme, and so has every passage with such a
    sentence. Where neither its words nor its headings nor its issues nor its point say anything,
    it takes the theme of the nearest passage of its section (the one before, else the one after),
    else its report's most frequent theme, with margin 0.

    Parameters
    ----------
    sentences, passages, mentions : pandas.DataFrame
        Tables of any number of reports, sentences with roles; whole reports, in any order.
    book : Codebook
        Gives themes, terms, idf and what was learned.

    Returns
    -------
    sentences : pandas.DataFrame
        The same rows with ``theme``, ``theme2`` (missing if below :data:`THEME2_SHARE`) and
        ``theme_margin`` = (first − second) / first score, 0 to 1.
    passages : pandas.DataFrame
        The same rows with these and ``theme_score`` and ``theme_words``: the terms that caused the
        theme, and where, as “考核、评价（标题：督导；问题表现：考核评价不科学）”.
    """
    lexicon = read_lexicon(book)
    evidence = collect_evidence(sentences, passages, mentions, lexicon)
    scores = score_themes(evidence, lexicon.weights)
    has_content = np.bincount(evidence.passage[evidence.content], minlength=len(passages)) > 0
    of_passage = _choose(scores.passages, scores.own_passages)
    _fill_from_context(of_passage, has_content, passages)
    of_sentence = _choose(scores.sentences, scores.own_sentences)
    silent = of_sentence[0] < 0
    of_sentence[0][silent] = of_passage[0][evidence.passage[silent]]
    of_sentence[0][~evidence.content] = -1
    of_passage[0][~has_content] = -1
    back = np.empty(len(evidence.order), dtype=int)
    back[evidence.order] = np.arange(len(evidence.order))
    texts = passages["text"].tolist()
    words = _theme_words(evidence, lexicon, of_passage[0], texts, book)
    return (
        sentences.assign(**_columns([v[back] for v in of_sentence], lexicon)),
        passages.assign(
            **_columns(of_passage, lexicon),
            theme_score=_where(of_passage[0] >= 0, scores.passages.max(axis=1, initial=0).round(4)),
            theme_words=pd.array(words, dtype="str"),
        ),
    )


def _choose(scores: np.ndarray, own: np.ndarray) -> list[np.ndarray]:
    """First theme (−1: no evidence), second theme (−1: too weak) and margin of each row."""
    if not len(scores):
        return [np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0)]
    rows = np.arange(len(scores))
    # Among equals the theme that the codebook names first.
    first = scores.argmax(axis=1)
    best = scores[rows, first]
    silent = best <= 0
    rest = scores.copy()
    rest[rows, first] = 0
    margin = np.divide(best - rest.max(axis=1), best, out=np.zeros(len(best)), where=~silent)
    both = scores + own
    limit = THEME2_SHARE * both[rows, first]
    both[rows, first] = 0
    weak = silent | (both.max(axis=1) < limit)
    second = np.where(weak, -1, both.argmax(axis=1))
    return [np.where(silent, -1, first), second, margin.round(4)]


def _fill_from_context(chosen: list[np.ndarray], has_content, passages: pd.DataFrame) -> None:
    """Give passages without evidence the theme of their context, in place."""
    theme = chosen[0]
    spoken = theme >= 0
    silent = np.flatnonzero(~spoken & has_content)
    if not len(silent):
        return
    numbers = passages["number"].to_numpy(dtype=int)
    rows_of = passages.groupby("report", sort=False).indices
    reports, sections = passages["report"].to_numpy(), passages["section"].fillna("").to_numpy()
    for row in silent:
        rows = [r for r in rows_of[reports[row]] if spoken[r]]
        near = [r for r in rows if sections[r] == sections[row]]
        if near:
            # The nearest; of two equally near ones the one before.
            nearest = min(near, key=lambda r: (abs(numbers[r] - numbers[row]), numbers[r]))
            theme[row] = theme[nearest]
        else:
            # The report's most frequent theme; in a report without any term, the codebook's first.
            counts = Counter(theme[r] for r in rows) or {0: 1}
            theme[row] = min(counts, key=lambda t: (-counts[t], t))


def _columns(chosen: list[np.ndarray], lexicon: Lexicon) -> dict:
    first, second, margin = chosen
    names = np.array([*lexicon.themes, None], dtype=object)  # −1 is the last: missing
    second = np.where(first >= 0, second, -1)
    return {
        "theme": pd.array(names[first], dtype="str"),
        "theme2": pd.array(names[second], dtype="str"),
        "theme_margin": _where(first >= 0, margin),
    }


def _where(keep: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(keep, values, np.nan)


def _theme_words(evidence: Evidence, lexicon: Lexicon, theme: np.ndarray, texts, book) -> list:
    """Words behind each passage's theme: own terms, headings' terms, issues' names.

    Where there is no term, the stretches that speak for the theme by the word model.
    """
    own = [Counter() for _ in theme]
    rows, terms = evidence.found.nonzero()
    passages = evidence.passage[rows]
    weights = np.where(evidence.content[rows], lexicon.weights[terms, theme[passages]], 0)
    counts = weights > 0
    found = (part[counts].tolist() for part in (passages, terms, weights))
    for passage, term, weight in zip(*found, strict=True):
        own[passage][lexicon.terms[term]] += weight
    in_heading, headings = _columns_by_row(evidence.heading_found), _columns_by_row(evidence.paths)
    issues: list[dict] = [{} for _ in theme]
    for row, issue in evidence.named:
        passage = evidence.passage[row]
        if evidence.content[row] and lexicon.issue_themes[issue] == theme[passage]:
            issues[passage][book.names[issue]] = None
    shown = [[term for term, _ in counter.most_common(WORDS_SHOWN)] for counter in own]
    silent = [row for row in np.flatnonzero(theme >= 0).tolist() if not shown[row]]
    keys = [lexicon.themes[theme[row]] for row in silent]
    said = lexicon.learned.reasons_of([texts[row] for row in silent], keys)
    for row, reasons in zip(silent, said, strict=True):
        shown[row] = reasons
    words = []
    for row, chosen in enumerate(theme.tolist()):
        terms = [t for part in headings[row] for t in in_heading[part]]
        terms = [lexicon.terms[t] for t in terms if lexicon.speaks[t][chosen]]
        words.append(_say_words(shown[row], terms, issues[row]) if chosen >= 0 else None)
    return words


def _columns_by_row(matrix) -> list[list[int]]:
    columns = matrix.indices.tolist()
    return [columns[start:end] for start, end in pairwise(matrix.indptr.tolist())]


def _say_words(own, heading, issues) -> str:
    where = [("标题", heading), ("问题表现", issues)]
    context = [f"{name}：{'、'.join(dict.fromkeys(words))}" for name, words in where if words]
    if not own:
        return "；".join(context) or NO_WORDS
    return "、".join(own) + (f"（{'；'.join(context)}）" if context else "")

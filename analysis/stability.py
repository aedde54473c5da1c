"""How far each theme depends on single words of the codebook and on single reports."""

from __future__ import annotations

import re
import sys
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.codebook import Codebook
from analysis.schema import check, empty
from analysis.textmodel import normal
from analysis.theme_evidence import (
    PATH_SEPARATOR,
    Evidence,
    Lexicon,
    collect_evidence,
    find_titles,
    read_lexicon,
)
from analysis.theme_scores import members_of, score_passages

DRAWS = 20
TERMS_KEPT = 0.8  # share of each theme's terms that a draw keeps
SEED = 20190709
# A theme is unstable where less than this share of its pairs of passages stays together. On the
# five reports the lower of the two shares lies between .67 and 1 for ten themes and is 0 for the
# eleventh (信息化, two passages of one report): the limit stands in this gap.
UNSTABLE_BELOW = 0.6
# A larger study's figures rest on this many of its passages, so that their cost is bounded: rare
# themes are taken whole, and of 11 themes alike in size each keeps some 270 (37,000 pairs).
PASSAGES_AT_MOST = 3000
SEPARATOR = "\0"  # between the texts of a report, so that no n-gram stands across two
WHITE = re.compile(r"\s\s+")  # one blank for the vectoriser of the word model


def measure_stability(
    sentences: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame, book: Codebook
) -> pd.DataFrame:
    """Measure how far the passages of each theme keep together.

    Terms, learned weights and idf are frozen, so neither another sample of reports nor one report
    less moves a label. What could have been otherwise is the choice of terms and of the characters
    (n-grams) that the word model knows, and that is what is varied:

    - resample: :data:`DRAWS` times, a random 80 % of each theme's terms and of the n-grams is kept,
      the rest is switched off, and all passages are labelled anew;
    - leave one out: every report is labelled without the terms and n-grams that stand in no other
      report of the study, as if codebook and model had been made from the others.

    Either figure is the share of the pairs of a theme's passages that share a theme again,
    whichever it is (for a single passage: whether it keeps its own), for resamples the mean over
    the draws. A term that is switched off still hides shorter ones inside it. Passages whose theme
    a person has corrected do not move. Of more than :data:`PASSAGES_AT_MOST` problem and
    countermeasure passages that many are judged: those whose ids have the smallest hashes, the
    same number of every theme that has so many, whatever the order in which reports came in.

    Parameters
    ----------
    sentences, passages, mentions : pandas.DataFrame
        Tagged tables of the whole study, in any order.
    book : Codebook

    Returns
    -------
    pandas.DataFrame
        Table ``themes`` in the codebook's order, all themes: numbers of problem and countermeasure
        passages and of their reports, both shares (missing for a theme without passages, the
        second also in a study of one report), and whether either lies below
        :data:`UNSTABLE_BELOW`.
    """
    lexicon = read_lexicon(book)
    if not len(passages):
        return empty("themes")
    counted = (passages["problem_sentences"] > 0) | (passages["countermeasure_sentences"] > 0)
    counted = passages[counted & passages["theme"].notna()]
    judged = _sample(counted)
    inside = sentences[sentences["passage"].isin(judged["passage"])]
    named = mentions[mentions["sentence"].isin(inside["sentence"])]
    evidence = collect_evidence(inside, judged, named, lexicon, find_titles(sentences))
    fixed = _fixed(judged, lexicon)
    draws = [_relabel(evidence, *drawn, fixed) for drawn in _draw_wording(lexicon)]
    left_out = []
    if passages["report"].nunique() > 1:
        shared = _shared_wording(evidence, lexicon, judged, sentences, passages)
        left_out = [_relabel(evidence, *shared, fixed)]
    rows = []
    for place, theme in enumerate(lexicon.themes):
        all_members = counted["theme"] == theme
        members = np.flatnonzero((judged["theme"] == theme).to_numpy(dtype=bool))
        shares = [_kept_together(labels, members, place) for labels in (draws, left_out)]
        rows.append(
            {
                "theme": theme,
                "passages": int(all_members.sum()),
                "reports": counted["report"][all_members].nunique(),
                "stability_resample": shares[0],
                "stability_leave_one_out": shares[1],
                "unstable": any(share < UNSTABLE_BELOW for share in shares),
            }
        )
    return check("themes", pd.DataFrame(rows))


def _sample(counted: pd.DataFrame) -> pd.DataFrame:
    """At most :data:`PASSAGES_AT_MOST` passages, as evenly over the themes as there are any."""
    if len(counted) <= PASSAGES_AT_MOST:
        return counted
    names = counted["passage"].tolist()
    chance = [crc32(name.encode("utf-8", "surrogatepass")) for name in names]
    order = pd.DataFrame({"theme": counted["theme"].array, "chance": chance, "name": names})
    rank = order.sort_values(["chance", "name"]).groupby("theme").cumcount()
    return counted.iloc[rank.sort_values(kind="stable").index[:PASSAGES_AT_MOST]]


def _fixed(passages: pd.DataFrame, lexicon: Lexicon) -> np.ndarray:
    """Theme of each passage that a person corrected, −1 for all others."""
    place = {theme: i for i, theme in enumerate(lexicon.themes)}
    themes = np.array([place.get(theme, -1) for theme in passages["theme"]], dtype=int)
    if "corrected" not in passages:
        return np.full(len(passages), -1)
    return np.where(passages["corrected"].fillna(False).to_numpy(dtype=bool), themes, -1)


def _draw_wording(lexicon: Lexicon):
    """Weights with a fifth of each theme's terms switched off, and the n-grams kept, per draw."""
    generator = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        weights = lexicon.weights.copy()
        for theme in range(weights.shape[1]):
            terms = np.flatnonzero(weights[:, theme])
            dropped = generator.permutation(terms)[: len(terms) - round(len(terms) * TERMS_KEPT)]
            weights[dropped, theme] = 0
        yield weights, generator.random(len(lexicon.learned.weights)) < TERMS_KEPT


def _relabel(evidence: Evidence, weights, kept, fixed: np.ndarray) -> np.ndarray:
    scores = score_passages(evidence, weights, kept)
    # Passages that nothing speaks for any more are together with none.
    alone = -2 - np.arange(len(scores))
    labels = np.where(scores.max(axis=1, initial=0) > 0, scores.argmax(axis=1), alone)
    return np.where(fixed >= 0, fixed, labels)


def _shared_wording(
    e: Evidence, lexicon: Lexicon, judged: pd.DataFrame, sentences, passages
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and n-grams without those that stand in one report only, in sentences or headings.

    Such a term matters to its own report alone, so all of them can be switched off at once.
    """
    names, number = np.unique(judged["report"].to_numpy(dtype=object), return_inverse=True)
    of_sentence = members_of(number[e.passage], len(names))
    of_path = members_of(number, len(names)) @ e.paths
    terms = _in_one_row(of_sentence @ e.found + of_path @ e.heading_found)
    ngrams = _in_one_row(of_sentence @ e.ngrams + of_path @ e.heading_ngrams)
    only_term = {lexicon.terms[t]: names[row] for t, row in zip(*terms, strict=True)}
    only = ngrams[0], _codes([lexicon.learned.ngrams[g] for g in ngrams[0]]), names[ngrams[1]]
    # They may stand in passages that are not judged.
    for report, parts in _texts_by_report(sentences, passages).items():
        text = SEPARATOR.join(parts)
        if any(term in text for term, where in only_term.items() if where != report):
            found = set(lexicon.terms_of(text))
            only_term = {t: r for t, r in only_term.items() if r == report or t not in found}
        here = (only[2] != report) & _stand_in(only[1], WHITE.sub(" ", normal(text)))
        only = tuple(part[~here] for part in only)
    weights, kept = lexicon.weights.copy(), np.ones(len(lexicon.learned.ngrams), dtype=bool)
    weights[[t for t in terms[0] if lexicon.terms[t] in only_term]] = 0
    kept[only[0]] = False
    return weights, kept


def _in_one_row(matrix: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Columns with a value in one row only, and these rows."""
    columns = matrix.tocsc()
    single = np.flatnonzero(np.diff(columns.indptr) == 1)
    return single, columns.indices[columns.indptr[single]]


def _texts_by_report(sentences: pd.DataFrame, passages: pd.DataFrame) -> dict[str, list[str]]:
    """All that the words of a report can stand in: its sentences and headings."""
    texts: dict[str, list[str]] = {}
    for report, text in zip(sentences["report"].tolist(), sentences["text"].tolist(), strict=True):
        texts.setdefault(report, []).append(text)
    paths = passages[["report", "heading_path"]].dropna().drop_duplicates()
    for report, path in zip(*(paths[column].tolist() for column in paths), strict=True):
        texts.setdefault(report, []).extend(path.split(PATH_SEPARATOR))
    return texts


def _signs(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _codes(ngrams: list[str]) -> np.ndarray:
    """A number for each n-gram of one or two characters."""
    return np.array([ord(g[0]) | ord(g[1:] or "\0") << 32 for g in ngrams], dtype=np.uint64)


def _stand_in(codes: np.ndarray, text: str) -> np.ndarray:
    """Tell which of the n-grams stand in a text."""
    signs = _signs(text + "\0")
    begins = np.zeros(sys.maxunicode + 1, dtype=bool)
    begins[codes & 0xFFFFFFFF] = True
    at = np.flatnonzero(begins[signs[:-1]])
    return np.isin(codes, np.concatenate([signs[at], signs[at] | signs[at + 1] << 32]))


def _kept_together(labelings: list[np.ndarray], members: np.ndarray, theme: int) -> float:
    """Mean share of pairs of ``members`` with equal labels; NaN where there is nothing to judge."""
    if not len(members) or not labelings:
        return np.nan
    if len(members) == 1:
        return round(float(np.mean([labels[members[0]] == theme for labels in labelings])), 4)
    shares = []
    for labels in labelings:
        sizes = np.unique(labels[members], return_counts=True)[1]
        shares.append((sizes * (sizes - 1)).sum() / (len(members) * (len(members) - 1)))
    return round(float(np.mean(shares)), 4)

"""How far each theme depends on single words of the codebook and on single reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import check, empty
from analysis.theme_scores import Evidence, Lexicon, collect_evidence, score_themes

DRAWS = 20
TERMS_KEPT = 0.8  # share of each theme's terms that a draw keeps
SEED = 20190709
# A theme is unstable where less than this share of its pairs of passages stays together. On the
# five reports the lower of the two shares lies between .67 and 1 for ten themes and is 0 for the
# eleventh (信息化, two passages of one report): the limit stands in this gap.
UNSTABLE_BELOW = 0.6


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
    a person has corrected do not move.

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
    lexicon = Lexicon(book)
    if not len(passages):
        return empty("themes")
    evidence = collect_evidence(sentences, passages, mentions, lexicon)
    fixed = _fixed(passages, lexicon)
    draws = [_relabel(evidence, *drawn, fixed) for drawn in _draw_wording(lexicon)]
    reports = passages["report"].to_numpy()
    left_out = []
    if len(set(reports)) > 1:
        left_out = [_relabel_left_out(evidence, lexicon, reports, fixed)]
    counted = (passages["problem_sentences"] > 0) | (passages["countermeasure_sentences"] > 0)
    rows = []
    for theme in lexicon.themes:
        members = np.flatnonzero((counted & (passages["theme"] == theme)).to_numpy(dtype=bool))
        place = lexicon.themes.index(theme)
        shares = [_kept_together(labels, members, place) for labels in (draws, left_out)]
        rows.append(
            {
                "theme": theme,
                "passages": len(members),
                "reports": len(set(reports[members])),
                "stability_resample": shares[0],
                "stability_leave_one_out": shares[1],
                "unstable": any(share < UNSTABLE_BELOW for share in shares),
            }
        )
    return check("themes", pd.DataFrame(rows))


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
    scores = score_themes(evidence, weights, kept).passages
    # Passages that nothing speaks for any more are together with none.
    alone = -2 - np.arange(len(scores))
    labels = np.where(scores.max(axis=1) > 0, scores.argmax(axis=1), alone)
    return np.where(fixed >= 0, fixed, labels)


def _relabel_left_out(evidence: Evidence, lexicon: Lexicon, reports, fixed) -> np.ndarray:
    """Labels without the terms and n-grams that stand in one report only.

    Such a term matters to its own report alone, so all of them can be switched off at once.
    """
    names = {report: i for i, report in enumerate(dict.fromkeys(reports))}
    number = np.array([names[report] for report in reports])
    rows, terms = evidence.found
    seen = np.zeros((len(lexicon.terms), len(names)), dtype=bool)
    seen[terms, number[evidence.passage[rows]]] = True
    of_text: dict[int, list[int]] = {}
    for text, term in zip(*(part.tolist() for part in evidence.heading_found), strict=True):
        of_text.setdefault(text, []).append(term)
    for row, parts in enumerate(evidence.headings):
        for text in parts:
            seen[of_text.get(text, []), number[row]] = True
    shared = seen.sum(axis=1) != 1
    kept = _count_reports(evidence, number, len(names)) != 1
    return _relabel(evidence, lexicon.weights * shared[:, None], kept, fixed)


def _count_reports(evidence: Evidence, number: np.ndarray, reports: int) -> np.ndarray:
    """In how many reports each n-gram stands, in sentences or headings."""
    seen = np.zeros((reports, evidence.ngrams.shape[1]), dtype=bool)
    for report in range(reports):
        rows = number[evidence.passage] == report
        texts = {t for row, p in enumerate(evidence.headings) if number[row] == report for t in p}
        for vectors in (evidence.ngrams[rows], evidence.heading_ngrams[sorted(texts)]):
            seen[report, vectors.indices] = True
    return seen.sum(axis=0)


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

"""Free clusters of problem and countermeasure passages: a cross-check of the themes, never counted.

k-means on TF-IDF knows nothing of the codebook. Where its groups agree with the themes, the themes
stand on the words; where they agree with the reports, they show an author's style instead. Both
agreements are told with the result, and passages that no theme fits well may propose a new one.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.doubt import THEME_MARGIN
from analysis.schema import check, empty
from analysis.terms import load_tokenizer

MIN_PASSAGES = 8  # fewer are not clustered: k = 2 would leave groups of four at most
K_RANGE = range(4, 13)  # the codebook's 11 themes ± what five to fifty reports can carry
PASSAGES_PER_CLUSTER = 4  # k is at most the number of passages divided by this
# Choosing k (Ben-Hur, Elisseeff & Guyon 2002, “A stability based method for discovering structure
# in clustered data”): k-means on RESAMPLES random subsamples of this share, mean adjusted Rand
# index (Hubert & Arabie 1985) of each pair over the passages that both hold. The smallest k whose
# mean is within one standard error of the greatest is taken (Breiman et al. 1984, the 1-SE rule):
# where nothing is stable, as in five reports, the greatest alone would follow chance.
RESAMPLES = 6
RESAMPLE_SHARE = 0.8
DIMENSIONS = 10  # of the latent semantic space (truncated SVD): most stable of 10, 15, 20, 30, 50
STARTS = 4  # k-means runs of which the best is kept
# More passages than this are not all fitted: evenly spaced ones are, the others join the nearest
# centre. It bounds the time of large studies.
FITTED_AT_MOST = 2000
# Of more than this many passages only so many are clustered, those whose ids have the smallest
# hashes: as a cross-check they tell the same, and their cost stays that of some 130 reports.
CLUSTERED_AT_MOST = 3000
SEED = 20190709
WORDS_SHOWN = 6
PROPOSAL_PASSAGES, PROPOSAL_REPORTS = 3, 2
STYLE_SHARE = 0.7  # of a cluster's passages from one report: it shows the report, not a theme
# Adjusted Rand indices that differ by less are called alike. The verdict rests on this index, which
# is corrected for chance; NMI grows with the number of labels (11 themes against 5 reports).
SAME_DISTANCE = 0.1
NOTHING_PROPOSED = "材料不足，不提新主题"


def tag_clusters(passages: pd.DataFrame, book: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cluster the problem and countermeasure passages and describe the clusters.

    Parameters
    ----------
    passages : pandas.DataFrame
        Table with themes, of any number of reports, in any order: the result depends on the
        passages alone (they are sorted by id, seeds are fixed, one thread is used).
    book : Codebook
        Gives the terms that segmentation keeps whole, and the names of the themes.

    Returns
    -------
    passages : pandas.DataFrame
        The same rows with ``cluster``, missing in passages of neither kind and in those beyond
        :data:`CLUSTERED_AT_MOST`.
    clusters : pandas.DataFrame
        Table ``clusters``, the largest first; empty below :data:`MIN_PASSAGES` passages. Its
        ``attrs`` hold ``k``, ``stability`` (mean ARI of k), ``agreement`` (``theme`` and
        ``report`` → ``ari`` and ``nmi``) and ``says``: lines in Chinese that tell these.
    """
    members = passages[
        (passages["problem_sentences"] > 0) | (passages["countermeasure_sentences"] > 0)
    ]
    count, members = len(members), _sample(members.sort_values("passage", kind="stable"))
    tokenizer = load_tokenizer(book)
    words = [[w for w in tokenizer.words(text) if len(w) > 1] for text in members["text"].tolist()]
    weights, terms = _tfidf(words)
    labels, k, stability = _cluster(weights)
    if not k:
        clusters = empty("clusters")
        clusters.attrs = {"k": 0, "agreement": {}, "says": [_too_few(count)]}
        return passages.assign(cluster=pd.array([pd.NA] * len(passages), dtype="Int64")), clusters
    members = members.assign(cluster=_by_size(labels))
    placed = pd.Series(members["cluster"].array, index=members["passage"])
    tagged = passages.assign(cluster=passages["passage"].map(placed).astype("Int64"))
    rows = [_describe(members, weights, terms, c, book) for c in range(1, k + 1)]
    clusters = check("clusters", pd.DataFrame(rows))
    agreement = {
        key: measure_agreement(members["cluster"], members[key]) for key in ("theme", "report")
    }
    clusters.attrs = {"k": k, "stability": round(stability, 4), "agreement": agreement}
    clusters.attrs["says"] = _summary(clusters, members, count)
    return tagged, clusters


def _sample(members: pd.DataFrame) -> pd.DataFrame:
    if len(members) <= CLUSTERED_AT_MOST:
        return members
    chance = [crc32(name.encode("utf-8", "surrogatepass")) for name in members["passage"]]
    return members.iloc[np.sort(np.argsort(chance, kind="stable")[:CLUSTERED_AT_MOST])]


def measure_agreement(labels, others) -> dict[str, float]:
    """Adjusted Rand index and normalised mutual information (arithmetic mean) of two labelings."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    labels, others = list(labels), ["" if pd.isna(x) else x for x in others]
    ari = adjusted_rand_score(others, labels)
    nmi = normalized_mutual_info_score(others, labels)
    return {"ari": round(float(ari), 4), "nmi": round(float(nmi), 4)}


def _tfidf(words: list[list[str]]):
    """TF-IDF of lists of words; no weights where nothing stands in two passages."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(words) < MIN_PASSAGES:
        return None, []
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2, max_df=0.5)
    try:
        return vectorizer.fit_transform(words), vectorizer.get_feature_names_out()
    except ValueError:  # no word stands in at least two and at most half of the passages
        return None, []


def _cluster(weights) -> tuple[np.ndarray, int, float]:
    """Label of every row of ``weights``, k and its stability; k = 0 where there is nothing."""
    if weights is None:
        return np.empty(0, dtype=int), 0, 0.0
    # threadpoolctl comes with scikit-learn. Sums over several threads differ in their last digit.
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        space = _reduce(weights)
        fitted = np.unique(np.linspace(0, len(space) - 1, FITTED_AT_MOST).astype(int))
        k, stability = choose_k(space[fitted])
        model = _fit(space[fitted], k, SEED)
        return model.predict(space), k, stability


def _reduce(weights) -> np.ndarray:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    dimensions = min(DIMENSIONS, min(weights.shape) - 1)
    if dimensions < 2:
        return weights.toarray()
    return normalize(TruncatedSVD(dimensions, random_state=SEED).fit_transform(weights))


def _fit(space: np.ndarray, k: int, seed: int):
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=STARTS, random_state=seed).fit(space)


def choose_k(space: np.ndarray) -> tuple[int, float]:
    """Return the number of clusters that is stable over resamples, and its mean ARI."""
    from sklearn.metrics import adjusted_rand_score

    generator = np.random.default_rng(SEED)
    size = max(int(len(space) * RESAMPLE_SHARE), 2)
    samples = [np.sort(generator.permutation(len(space))[:size]) for _ in range(RESAMPLES)]
    most = len(np.unique(space.round(9), axis=0)) * RESAMPLE_SHARE
    most = max(2, min(len(space) // PASSAGES_PER_CLUSTER, int(most)))
    candidates = [k for k in K_RANGE if k <= most] or [most]
    stability = {}
    for k in candidates:
        runs = []
        for seed, sample in enumerate(samples):
            labels = np.full(len(space), -1)
            labels[sample] = _fit(space[sample], k, SEED + seed).labels_
            runs.append(labels)
        scores = []
        for one, other in combinations(runs, 2):
            both = (one >= 0) & (other >= 0)
            scores.append(adjusted_rand_score(one[both], other[both]))
        stability[k] = float(np.mean(scores)), float(np.std(scores)) / len(samples) ** 0.5
    greatest, error = max(stability.values())
    k = next(k for k in candidates if stability[k][0] >= greatest - error)
    return k, stability[k][0]


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber from 1: the largest cluster first, then the one whose first passage comes first."""
    first = {c: int(np.flatnonzero(labels == c)[0]) for c in np.unique(labels)}
    sizes = Counter(labels.tolist())
    ranked = sorted(first, key=lambda c: (-sizes[c], first[c]))
    number = {c: i for i, c in enumerate(ranked, start=1)}
    return np.array([number[c] for c in labels])


def _describe(members: pd.DataFrame, weights, terms, cluster: int, book: Codebook) -> dict:
    inside = (members["cluster"] == cluster).to_numpy()
    rows = members[inside]
    difference = np.asarray(weights[inside].mean(axis=0)).ravel()
    if (~inside).any():
        difference = difference - np.asarray(weights[~inside].mean(axis=0)).ravel()
    ranked = np.lexsort((terms.astype(str), -difference.round(9)))
    themes = Counter(rows["theme"].dropna())
    theme = min(themes, key=lambda t: (-themes[t], t)) if themes else None
    report, most = min(Counter(rows["report"]).items(), key=lambda pair: (-pair[1], pair[0]))
    unsure = rows[rows["theme_margin"] < THEME_MARGIN]
    proposed = (
        len(unsure) >= PROPOSAL_PASSAGES
        and unsure["report"].nunique() >= PROPOSAL_REPORTS
        and 2 * len(unsure) > len(rows)
    )
    return {
        "cluster": cluster,
        "passages": len(rows),
        "reports": rows["report"].nunique(),
        "words": "、".join(terms[i] for i in ranked[:WORDS_SHOWN]),
        "main_theme": theme,
        "main_theme_share": round(themes[theme] / len(rows), 4) if themes else np.nan,
        "main_report_share": round(most / len(rows), 4),
        "proposed": proposed,
        "says": _say(len(rows), themes, theme, report, most, len(unsure), proposed, book),
    }


def _say(size, themes, theme, report, most, unsure, proposed, book: Codebook) -> str:
    says = f"本组{size}段"
    if themes:
        says += f"，{themes[theme]}段主题为“{book.names[theme]}”"
    if most == size:
        says += f"，全部出自报告“{report}”"
    else:
        says += f"，{most}段出自报告“{report}”"
    if proposed:
        return f"{says}；{unsure}段归不进现有主题，可考虑增设主题，请看原文再定"
    if most >= STYLE_SHARE * size:
        return f"{says}：多半反映报告而非主题，仅作对照"
    return f"{says}；仅作对照，不计数"


def _too_few(count: int) -> str:
    return f"问题段、对策段共 {count} 段，不足以聚类；{NOTHING_PROPOSED}"


def _summary(clusters: pd.DataFrame, members: pd.DataFrame, count: int) -> list[str]:
    drawn = f"（从 {count} 个中抽取）" if len(members) < count else ""
    facts = clusters.attrs
    theme, report = (facts["agreement"][key] for key in ("theme", "report"))
    nearer = "更接近主题的划分" if theme["ari"] > report["ari"] else "更接近报告的划分"
    if abs(theme["ari"] - report["ari"]) < SAME_DISTANCE:
        nearer = "与两者远近相当"
    if members["report"].nunique() == 1:
        nearer = "只有一份报告，无从比较"
    lines = [
        f"聚类（仅作对照，不计数）：{len(members)} 个问题段、对策段{drawn}聚为 {facts['k']} 组，"
        f"重抽样一致度 {facts['stability']:.2f}；"
        f"与主题的一致度 ARI {theme['ari']:.2f}、NMI {theme['nmi']:.2f}，"
        f"与报告的一致度 ARI {report['ari']:.2f}、NMI {report['nmi']:.2f}：{nearer}"
    ]
    proposed = int(clusters["proposed"].sum())
    lines.append(f"有 {proposed} 组可考虑增设主题" if proposed else NOTHING_PROPOSED)
    return lines

"""What an analyst writes today to find themes: jieba, TF-IDF, and clusters or topics.

Each takes texts and gives a number per text. They know nothing of the codebook; a person has to
read the clusters and name them (:func:`first_look` does it for them, from labels).
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import jieba
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, f1_score

MIN_LABELLED = 10  # themes with fewer labelled sentences are not scored, as in `evaluate`
SEEDS = range(5)


def cut_words(texts: list[str]) -> list[str]:
    return [" ".join(jieba.cut(text)) for text in texts]


def kmeans(texts: list[str], topics: int, seed: int) -> np.ndarray:
    weights = TfidfVectorizer().fit_transform(cut_words(texts))
    return KMeans(topics, random_state=seed).fit_predict(weights)


def lda(texts: list[str], topics: int, seed: int) -> np.ndarray:
    counts = CountVectorizer().fit_transform(cut_words(texts))
    return LatentDirichletAllocation(topics, random_state=seed).fit_transform(counts).argmax(axis=1)


def bertopic(texts: list[str], topics: int, seed: int) -> np.ndarray:
    """As its manual says for texts without a language model; it finds the number of topics."""
    from bertopic import BERTopic
    from umap import UMAP

    words = cut_words(texts)
    weights = TfidfVectorizer().fit_transform(words)
    vectors = TruncatedSVD(min(100, weights.shape[1] - 1), random_state=seed).fit_transform(weights)
    place = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    return np.array(BERTopic(umap_model=place).fit_transform(words, vectors)[0])


BASELINES = {one.__name__: one for one in (kmeans, lda, bertopic)}


def first_look(name: str, known: pd.DataFrame, unseen: pd.DataFrame) -> dict[str, float]:
    """Score a baseline the way its user would: name the clusters by known reports, look at others.

    Parameters
    ----------
    name : str
        One of :data:`BASELINES`.
    known, unseen : pandas.DataFrame
        ``text`` and ``theme`` of labelled sentences. The baseline clusters all of them together,
        without labels, into as many clusters as there are themes. A cluster is named after the
        theme that most of its known sentences have; one without known sentences has no name.

    Returns
    -------
    dict
        ``f1``: macro F1 on the unseen ones, over themes with at least :data:`MIN_LABELLED` labels,
        mean over seeds; ``ari``: agreement of two seeds (adjusted Rand index), mean over pairs.
    """
    texts, topics = [*known["text"], *unseen["text"]], known["theme"].nunique()
    runs = [BASELINES[name](texts, topics, seed) for seed in SEEDS]
    counts = unseen["theme"].value_counts()
    scored = sorted(counts.index[counts >= MIN_LABELLED])
    scores = []
    for run in runs:
        clusters = pd.Series(run[: len(known)])
        names = known["theme"].reset_index(drop=True).groupby(clusters).agg(lambda t: t.mode()[0])
        found = pd.Series(run[len(known) :]).map(names).fillna("-")
        scores.append(
            f1_score(unseen["theme"], found, labels=scored, average="macro", zero_division=0)
        )
    pairs = [adjusted_rand_score(a, b) for a, b in combinations(runs, 2)]
    return {"f1": float(np.mean(scores)), "ari": float(np.mean(pairs))}


def paragraphs(folder: Path) -> list[str]:
    """Lines of all reports that hold a sentence."""
    lines = [line for p in sorted(folder.iterdir()) for line in p.read_text("utf-8").splitlines()]
    return [line for line in lines if "。" in line]

"""Problem passages in which no issue of the codebook was found, and the issues nearest to each.

They are listed, never counted as an issue: either the codebook lacks a wording, or the passage
tells of something that none of its issues covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import check, empty

NEAREST = 3
# Sentences of the run in an issue's document; sublinear weights hardly move by more. It bounds time
# and memory of large studies: those whose ids have the smallest hashes are taken.
SENTENCES_AT_MOST = 600


class NearestIssues:
    """Similarity of texts to the issues: cosine of TF-IDF vectors of their characters.

    An issue's document is its name and definition, the examples of its patterns and the sentences
    of this run that name it (:data:`SENTENCES_AT_MOST`); features are one to three characters in a
    row. Of 561 labelled problem and cause sentences of 21 reports, each report left out in turn,
    the issue is the nearest one for .61 and among the nearest three for .80 (with words of a
    segmenter .57 and .72, with the nearest single sentence instead of the whole document .49 and
    .74).
    """

    def __init__(self, book: Codebook, sentences: pd.DataFrame, mentions: pd.DataFrame):
        from sklearn.feature_extraction.text import TfidfVectorizer

        issues, patterns = book["issues"], book["patterns"]
        own = issues[["name", "short", "definition"]].agg(" ".join, axis=1)
        tagged = _at_most(mentions.drop_duplicates(["sentence", "issue"]))
        texts = sentences.set_index("sentence")["text"].reindex(tagged["sentence"])
        said = pd.concat(
            [
                pd.Series(own.array, index=issues["issue"]),
                pd.Series(patterns["example"].array, index=patterns["issue"]),
                pd.Series(texts.array, index=tagged["issue"]),
            ]
        )
        self.issues = issues["issue"].tolist()
        documents = [" ".join(said[said.index == issue]) for issue in self.issues]
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        self._weights = self._vectorizer.fit_transform(documents)

    def similarities(self, texts: Iterable[str]) -> np.ndarray:
        """Texts × issues in the codebook's order, 0 to 1, rounded to four digits."""
        return (self._vectorizer.transform(texts) @ self._weights.T).toarray().round(4)


def _at_most(tagged: pd.DataFrame) -> pd.DataFrame:
    """Cut the mentions of each issue down to :data:`SENTENCES_AT_MOST`, in their order."""
    if len(tagged) <= SENTENCES_AT_MOST:
        return tagged
    chance = [crc32(name.encode("utf-8", "surrogatepass")) for name in tagged["sentence"]]
    order = tagged[["issue", "sentence"]].assign(chance=chance).reset_index(drop=True)
    rank = order.sort_values(["chance", "sentence"]).groupby("issue").cumcount().sort_index()
    return tagged[(rank < SENTENCES_AT_MOST).to_numpy()]


def find_unexplained(
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    sources: Mapping[str, str],
    book: Codebook,
) -> pd.DataFrame:
    """List the problem passages without any mention of an issue.

    Parameters
    ----------
    passages, sentences, mentions : pandas.DataFrame
        Tables of whole reports.
    sources : mapping of str to str
        The source of each report; ``quote`` is ``source[start:end]``, from the first to the last
        problem sentence of the passage.

    Returns
    -------
    pandas.DataFrame
        Table ``unexplained``, in the order of ``passages``; among issues equally near, the first
        of the codebook; an issue that shares nothing with the passage is not named.
    """
    wanted = passages["problem_sentences"] > 0
    wanted = passages[wanted & ~passages["passage"].isin(mentions["passage"])]
    if wanted.empty:
        return empty("unexplained")
    problems = sentences["passage"].isin(wanted["passage"]) & (sentences["role"] == "problem")
    problems = sentences[problems].groupby("passage")
    spans = problems.agg(start=("start", "min"), end=("end", "max"))
    words = problems["text"].agg("".join)
    nearest = NearestIssues(book, sentences, mentions)
    rows = []
    for row, scores in zip(
        wanted.itertuples(), nearest.similarities(words[wanted["passage"]]), strict=True
    ):
        start, end = (int(place) for place in spans.loc[row.passage])
        item = {"passage": row.passage, "report": row.report, "start": start, "end": end}
        item["quote"] = sources[row.report][start:end]
        for number, at in enumerate(np.argsort(-scores, kind="stable")[:NEAREST], start=1):
            item[f"nearest{number}"] = nearest.issues[at] if scores[at] > 0 else None
            item[f"similarity{number}"] = scores[at] if scores[at] > 0 else None
        rows.append(item)
    frame = pd.DataFrame(rows).reindex(columns=empty("unexplained").columns)
    return check("unexplained", frame)


def say_unexplained(passages: pd.DataFrame, unexplained: pd.DataFrame) -> str:
    """Count them in one line of Chinese, with the denominator."""
    problems = int((passages["problem_sentences"] > 0).sum())
    return f"{len(unexplained)}/{problems} 个问题段没有对上任何一种问题表现（未归类问题）。"

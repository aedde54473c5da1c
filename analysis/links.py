"""Which countermeasure answers which problem, and why; problems without an answer are a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.link_scores import (
    Topics,
    compare_places,
    compare_topics,
    drop_labels,
    find_topics,
    pool_answers,
    pool_points,
    score_pairs,
)
from analysis.schema import check
from analysis.terms import Tokenizer, load_tokenizer
from analysis.vocabulary import LEVELS

# Score from which a countermeasure counts as an answer. Chosen on the scores that nine labelled
# reports get from word models that have not seen them.
LEAST_SCORE = 0.35
# The same for a countermeasure of another report, where order and headings say nothing: of the
# first answers that content alone finds in the report itself .8 are then right.
LEAST_ELSEWHERE = 0.5
PROPOSALS = 3  # reports named for one problem, at most
# Countermeasures of a large study that are tried as proposals: chosen by their ids, so that the
# order of arrival does not matter. 3,000 are those of about 100 reports; beyond, the time would
# grow with the square of the reports.
ANSWERS_AT_MOST = 3_000
BATCH = 64  # problems compared at a time with all countermeasures: bounds the memory
SAME_ORDER = -0.1  # “equally far”: the places in the two lists differ by a tenth at most
WORDS_SHOWN = 3
NO_ANSWER = "本报告未见对策"
NO_MEASURES = "本报告没有对策句"
PROPOSAL = "这一问题，{level}报告已有对策可借鉴"
UNSTATED = "层级未注明的"
COLUMNS = [
    *("problem", "countermeasure", "report_problem", "report_countermeasure", "score", "basis"),
]


class Told(NamedTuple):
    """A sentence as far as points depend on it."""

    sentence: str
    report: str
    passage: str
    role: str
    theme: str
    heading_level: int


def find_points(sentences: pd.DataFrame, mentions: pd.DataFrame) -> pd.Series:
    """Put the problem sentences together that tell one fault.

    A point is a run of problem sentences. A new one begins after any other sentence, with a new
    passage, with another theme, and where two neighbours name issues but none in common; but a
    heading always belongs to what comes first under it. Of the neighbours of nine labelled reports
    .86 are put together or kept apart as a reader did (by the passage alone .72, one point a
    sentence .84).

    Parameters
    ----------
    sentences, mentions : pandas.DataFrame
        Tables of any number of reports, sentences with themes.

    Returns
    -------
    pandas.Series
        Id of the point, which is that of its first sentence; the index is the problem sentences.
    """
    issues = _issues(mentions)
    rows = sentences[sentences["role"] != "noise"].sort_values(["report", "start"], kind="stable")
    points: dict[str, str] = {}
    before = None
    for row in map(Told._make, zip(*(rows[c].tolist() for c in Told._fields), strict=True)):
        if row.role == "problem":
            joins = before is not None and _joins(row, before, issues)
            points[row.sentence] = points[before.sentence] if joins else row.sentence
        before = row if row.role == "problem" else None
    return pd.Series(points, dtype="str", name="problem").rename_axis("sentence")


def _joins(row: Told, before: Told, issues: dict[str, set]) -> bool:
    if row.report != before.report:
        return False
    level, above = row.heading_level, before.heading_level
    if pd.notna(above) and (pd.isna(level) or level > above):
        return True
    ours, theirs = (issues.get(one.sentence, set()) for one in (row, before))
    others = bool(ours and theirs and not ours & theirs)
    return row.passage == before.passage and row.theme == before.theme and not others


def _issues(mentions: pd.DataFrame) -> dict[str, set]:
    found: dict[str, set] = {}
    pairs = zip(mentions["sentence"].tolist(), mentions["issue"].tolist(), strict=True)
    for sentence, issue in pairs:
        found.setdefault(sentence, set()).add(issue)
    return found


def find_links(
    sentences: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame, book: Codebook
) -> pd.DataFrame:
    """Find the countermeasures of the same report that answer each problem point.

    Parameters
    ----------
    sentences, passages, mentions : pandas.DataFrame
        Tables of whole reports, sentences with themes; no report changes the links of another.
    book : Codebook

    Returns
    -------
    pandas.DataFrame
        Table ``links``, in the order of the points: answers from :data:`LEAST_SCORE`, best first;
        where there are none, one row without countermeasure. ``problem`` is the id of the point's
        first sentence, see :func:`find_points`.

    Notes
    -----
    A countermeasure sentence without a row answers no problem told there: an orphan of the other
    side.
    """
    told, rows = _find_told(sentences, passages, mentions), []
    for _, part in told.groupby("report", sort=False):
        rows += _link_report(part.reset_index(drop=True), book, load_tokenizer(book))
    return check("links", pd.DataFrame(rows, columns=COLUMNS))


def propose_answers(
    links: pd.DataFrame,
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    mentions: pd.DataFrame,
    reports: pd.DataFrame,
    book: Codebook,
) -> pd.DataFrame:
    """Add what other reports propose for the problems that their own leaves unanswered.

    Returns
    -------
    pandas.DataFrame
        ``links`` with, behind each point without an answer, the best countermeasure of at most
        :data:`PROPOSALS` other reports from :data:`LEAST_ELSEWHERE`; ``report_countermeasure``
        differs from ``report_problem``.
    """
    told = _find_told(sentences, passages, mentions)
    levels = dict(zip(reports["report"], reports["level"].map(LEVELS), strict=True))
    more = _propose(links, told, levels, book)
    place = {point: at for at, point in enumerate(links["problem"].drop_duplicates())}
    both = pd.concat([links, check("links", pd.DataFrame(more, columns=COLUMNS))])
    order = both["problem"].map(place).to_numpy()
    return both.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _find_told(sentences, passages, mentions) -> pd.DataFrame:
    """The problem and countermeasure sentences in their order, with point, path and issues."""
    issues = _issues(mentions)
    told = sentences[sentences["role"].isin(["problem", "countermeasure"])]
    told = told.sort_values(["report", "start"], kind="stable").reset_index(drop=True)
    return told.assign(
        point=told["sentence"].map(find_points(sentences, mentions)),
        path=told["passage"].map(passages.set_index("passage")["heading_path"]),
        issues=[issues.get(sentence, set()) for sentence in told["sentence"]],
    )


def tag_links(sentences: pd.DataFrame, mentions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Say of each problem whether its own report answers it, and of measures whether they answer.

    Returns
    -------
    pandas.DataFrame
        ``sentences`` with ``link``: ``answered`` or ``unanswered`` for the sentences of a problem
        point; ``unasked`` for countermeasures of passages of which none answers a problem.
    """
    own = links[links["report_problem"] == links["report_countermeasure"]]
    points = find_points(sentences, mentions)
    answered = points.isin(own["problem"]).map({True: "answered", False: "unanswered"})
    measures = sentences[sentences["role"] == "countermeasure"]
    asked = measures.loc[measures["sentence"].isin(own["countermeasure"]), "passage"]
    free = measures.loc[~measures["passage"].isin(asked), "sentence"]
    states = answered.to_dict() | dict.fromkeys(free, "unasked")
    return check("sentences", sentences.assign(link=sentences["sentence"].map(states)))


def _link_report(told: pd.DataFrame, book: Codebook, tokenizer: Tokenizer) -> list[dict]:
    """Rows of one report; ``told`` has its problem and countermeasure sentences."""
    points = list(told.groupby("point", sort=False).indices.items())
    answers = np.flatnonzero(told["role"] == "countermeasure")
    report = told["report"].iloc[0]
    if not len(answers):
        return [_row(point, report, basis=NO_MEASURES) for point, _ in points]
    if not points:
        return []
    topics, lists = find_topics(told["text"], book, tokenizer), _lists(told)
    groups, paths = [group for _, group in points], drop_labels(told["path"]).to_numpy(object)
    pooled = pool_answers(answers, told["passage"].to_numpy(object))
    evidence = compare_topics(topics, pool_points(groups, len(told)), pooled)
    evidence |= compare_places(paths[[group[-1] for group in groups]], paths[answers])
    scores, rows = score_pairs(evidence), []
    for at, (point, group) in enumerate(points):
        best = np.argsort(-scores[at], kind="stable")
        best = best[scores[at, best] >= LEAST_SCORE]
        for j in best:
            said = _say_content(lists, topics, group, answers[j], book)
            if evidence["together"][at, j]:
                said.append("在同一标题之下")
            elif evidence["order"][at, j] >= SAME_ORDER:
                said.append("先后次序相应")
            answer = lists["sentence"][answers[j]]
            rows.append(_row(point, report, answer, report, scores[at, j], said))
        if not len(best):
            rows.append(_row(point, report, basis=NO_ANSWER))
    return rows


def _propose(links: pd.DataFrame, told: pd.DataFrame, levels, book: Codebook) -> list[dict]:
    """Rows that name countermeasures of other reports for problems without an answer."""
    orphans = set(links.loc[links["countermeasure"].isna(), "problem"])
    lists, answers = _lists(told), np.flatnonzero(told["role"] != "problem")
    if not orphans or told["report"].nunique() < 2 or not len(answers):
        return []
    owners, answers = lists["report"], _sample(answers, lists["sentence"])
    topics, rows = find_topics(told["text"], book, load_tokenizer(book)), []
    pooled = pool_answers(answers, told["passage"].to_numpy(object))
    points = told.groupby("point", sort=False).indices.items()
    points = [(point, group) for point, group in points if point in orphans]
    for first in range(0, len(points), BATCH):
        batch = points[first : first + BATCH]
        groups = pool_points([group for _, group in batch], len(told))
        scores = score_pairs(compare_topics(topics, groups, pooled))
        for (point, group), own in zip(batch, scores, strict=True):
            ours = owners[group[0]]
            for j in _best_elsewhere(own, owners[answers], ours):
                theirs = owners[answers[j]]
                level = levels.get(theirs)
                said = [PROPOSAL.format(level=UNSTATED if pd.isna(level) else level)]
                said += _say_content(lists, topics, group, answers[j], book)
                answer = lists["sentence"][answers[j]]
                rows.append(_row(point, ours, answer, theirs, own[j], said))
    return rows


def _best_elsewhere(scores: np.ndarray, owners: np.ndarray, ours: str) -> list[int]:
    """Positions of the best countermeasure of each of the best other reports."""
    best: dict[str, int] = {}
    for j in np.argsort(-scores, kind="stable"):
        if scores[j] < LEAST_ELSEWHERE or len(best) == PROPOSALS:
            break
        if owners[j] != ours:
            best.setdefault(owners[j], int(j))
    return list(best.values())


def _lists(told: pd.DataFrame) -> dict[str, np.ndarray]:
    """Columns that are asked for cell by cell."""
    return {c: told[c].to_numpy(object) for c in ("sentence", "report", "issues", "theme")}


def _sample(answers: np.ndarray, names: np.ndarray) -> np.ndarray:
    """At most :data:`ANSWERS_AT_MOST` of these positions, in their order."""
    chance = [crc32(names[at].encode("utf-8", "surrogatepass")) for at in answers]
    return answers[np.sort(np.argsort(chance, kind="stable")[:ANSWERS_AT_MOST])]


def _say_content(told: Mapping, topics: Topics, group, answer: int, book) -> list[str]:
    """What a problem point and a countermeasure have in common, in Chinese."""
    shared = set().union(*told["issues"][group]) & told["issues"][answer]
    said = ["点名该问题：" + "、".join(sorted(book.names[key] for key in shared))] if shared else []
    theme = told["theme"][answer]
    if theme in set(told["theme"][group]):
        said.append(f"主题相同：{book.names[theme]}")
    words = topics.shared_words(group, answer)[:WORDS_SHOWN]
    if words:
        said.append("共同用词：" + "、".join(words))
    return said


def _row(problem, ours, answer=None, theirs=None, score=None, basis=()) -> dict:
    return {
        "problem": problem,
        "countermeasure": answer,
        "report_problem": ours,
        "report_countermeasure": theirs,
        "score": None if score is None else round(float(score), 4),
        "basis": basis if isinstance(basis, str) else "；".join(basis) or "内容相近",
    }

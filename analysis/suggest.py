"""Propose rows of the codebook from what it does not explain; a person accepts or rejects them.

Patterns come from problem and cause sentences in which no issue was found: phrases that recur there
in several reports and hardly stand in sentences about anything else (log-likelihood, Dunning 1993;
spread over reports, Gries 2008). Phrases and sentences are grouped together: a phrase most of whose
sentences stand behind a stronger one joins that one's row. The row's issue is the one to which its
sentences are nearest. Theme terms
come from passages whose theme is doubtful: words that elsewhere keep company with one theme.
A proposal is offered only if it passes the codebook's own test: it hits its example and misses its
counterexample. It is a guess of words, not of meaning, hence never used before a person says 是.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.doubt import JUDGED, is_doubtful
from analysis.regexes import compile_regex
from analysis.schema import check, empty
from analysis.terms import Tokenizer, load_tokenizer
from analysis.unexplained import NearestIssues

FINDINGS = ("problem", "cause")
# One author's habit is no wording of the trade.
LEAST_REPORTS, LEAST_PASSAGES = 2, 2
KEYNESS = 3.84  # log-likelihood: what chance exceeds once in twenty times (chi-squared, 1 df)
COMMON = 0.03  # a phrase may not begin or end with a word of more than this share of sentences
HITS_ELSEWHERE = 0.25  # of all its hits at most; more would name issues where nothing is wrong
AGREEMENT = 0.6  # of its sentences that have its issue among their nearest three
LONGEST_PHRASE, WORDS, SKIPPED = 8, 4, 5  # characters, words in a row, characters between two words
EXAMINED = 1000  # phrases, the strongest first: bounds the time of large studies
MOST = 40  # as many rows as a person judges at a sitting
GAP = "<near>"  # a word class of the codebook: up to five characters of the same clause
FACT = "_fact"  # such patterns count in problem and cause sentences only, see analysis.issues
BESIDE = 4  # other phrases of the same sentences, as a hint how to widen the pattern
BY_PROGRAM = "由 suggest 提出"
LEAST_SENTENCES = 10  # unexplained ones; fewer say nothing
TERM_SHARE = 0.7  # of a term's sure passages that have its theme
LEAST_TERM_PASSAGES = 4
COMMON_TERM = 0.2  # of the passages: a more frequent word tells no theme
TERM_WEIGHT = 0.3  # as common words have: the company a word keeps is not yet its meaning
NOTHING = "材料不足，不提新写法。"
HAN = re.compile("[\u4e00-\u9fd5]+")


def find_phrases(text: str, tokenizer: Tokenizer, common: Iterable[str] = ()) -> set[str]:
    """Phrases of a sentence as regular expressions: words in a row, or two with a short gap."""
    found = set()
    for run in HAN.findall(text):
        words = tokenizer.words(run)
        for i, first in enumerate(words):
            if first in common:
                continue
            for j in range(i, min(i + WORDS, len(words))):
                row = "".join(words[i : j + 1])
                if words[j] in common or not 3 <= len(row) <= LONGEST_PHRASE:
                    continue
                found.add(row)
                if j > i + 1 and len("".join(words[i + 1 : j])) <= SKIPPED:
                    found.add(f"{first}{GAP}{words[j]}")
    return found


def keyness(here: int, elsewhere: int, size: int, rest: int) -> float:
    """Log-likelihood of a phrase in ``here`` of ``size`` texts, ``elsewhere`` of ``rest`` others.

    Negative where it is rarer here than elsewhere.
    """
    share = (here + elsewhere) / (size + rest)
    parts = [(here, size * share), (elsewhere, rest * share)]
    value = 2 * sum(n * math.log(n / expected) for n, expected in parts if n)
    return value if here * rest >= elsewhere * size else -value


def propose_patterns(
    sentences: pd.DataFrame, mentions: pd.DataFrame, book: Codebook
) -> pd.DataFrame:
    """Propose rows of ``patterns.csv``.

    Parameters
    ----------
    sentences, mentions : pandas.DataFrame
        Tables of a run.

    Returns
    -------
    pandas.DataFrame
        Table ``proposed_patterns``, the strongest first; empty where there is too little.
    """
    named = sentences["sentence"].isin(mentions["sentence"])
    finding = sentences["role"].isin(FINDINGS)
    here = sentences[finding & ~named].reset_index(drop=True)
    other = sentences[~finding & sentences["role"].isin(JUDGED)].reset_index(drop=True)
    if len(here) < LEAST_SENTENCES or here["report"].nunique() < LEAST_REPORTS or other.empty:
        return empty("proposed_patterns")
    explained = sentences[finding & named].reset_index(drop=True)
    issues = mentions.groupby("sentence")["issue"].agg(set)
    explained = explained.assign(issues=explained["sentence"].map(issues))
    places = _key_phrases(here, other, load_tokenizer(book))
    nearest = NearestIssues(book, sentences, mentions)
    scores = nearest.similarities(here["text"])
    classes = dict(book["word_classes"][["word_class", "words"]].itertuples(index=False))
    keys = set(book["patterns"]["pattern"])
    rows, owner = [], {}
    for phrase in islice(places, EXAMINED):
        mine = places[phrase]
        groups = Counter(owner[at] for at in mine if at in owner)
        if 2 * groups.total() > len(mine):  # its sentences are proposed already: the same group
            rows[groups.most_common(1)[0][0]]["beside"].append(phrase)
            continue
        row = _pattern_row(phrase, mine, (here, other, explained), scores, nearest.issues, classes)
        if row is not None:
            owner |= dict.fromkeys(set(mine) - owner.keys(), len(rows))
            rows.append(row | {"pattern": _free_key(row["issue"], keys), "beside": []})
    if not rows:
        return empty("proposed_patterns")
    for row in rows:
        beside = "、".join(row.pop("beside")[:BESIDE]).replace(GAP, "…")
        row["note"] = f"{BY_PROGRAM}；同在这些句子里：{beside}" if beside else BY_PROGRAM
    return check("proposed_patterns", pd.DataFrame(rows[:MOST]).assign(采纳=None))


def _key_phrases(here, other, tokenizer: Tokenizer) -> dict[str, list[int]]:
    """Phrases with the rows of ``here`` that hold them, by keyness, then the longer ones first."""
    texts = [*here["text"], *other["text"]]
    words = Counter(w for text in texts for w in set(tokenizer.words(text)))
    common = {word for word, n in words.items() if n > max(COMMON * len(texts), LEAST_SENTENCES)}
    places = defaultdict(list)
    for row, text in enumerate(here["text"]):
        for phrase in find_phrases(text, tokenizer, common):
            places[phrase].append(row)
    outside = Counter(p for text in other["text"] for p in find_phrases(text, tokenizer, common))
    kept = {}
    for phrase, rows in places.items():
        spread = here.loc[rows, ["report", "passage"]].nunique()
        value = round(keyness(len(rows), outside[phrase], len(here), len(other)), 6)
        if (spread >= [LEAST_REPORTS, LEAST_PASSAGES]).all() and value >= KEYNESS:
            kept[phrase] = value
    order = sorted(kept, key=lambda p: (-kept[p], -len(p), p))
    return {phrase: places[phrase] for phrase in order}


def _pattern_row(phrase, rows, texts, scores, issues, classes) -> dict | None:
    """Make a row of ``patterns.csv`` with its support, or None where the phrase fails a test."""
    if GAP in phrase and GAP.strip("<>") not in classes:
        return None
    compiled, (here, other, explained) = compile_regex(phrase, classes), texts
    pooled = scores[rows].mean(axis=0).round(6)
    best = int(pooled.argmax())
    wrong = [bool(compiled.search(text)) for text in other["text"]]
    elsewhere = sum(wrong) + sum(
        issues[best] not in named and bool(compiled.search(text))
        for text, named in zip(explained["text"], explained["issues"], strict=True)
    )
    if elsewhere > HITS_ELSEWHERE * (elsewhere + len(rows)) or all(wrong):
        return None
    near = np.argsort(-scores[rows], axis=1, kind="stable")[:, :3]
    if not pooled[best] or (near == best).any(axis=1).mean() < AGREEMENT:
        return None
    behind = here.loc[rows]
    example = min(behind["text"], key=lambda text: (len(text), text)).strip()
    missed = other["text"][[not hit for hit in wrong]]
    like = {text: len(set(text) & set(example)) / len(set(text) | set(example)) for text in missed}
    counterexample = max(sorted(like), key=like.get).strip()
    if not compiled.search(example) or compiled.search(counterexample):
        return None
    return {
        "issue": issues[best],
        "regex": phrase,
        "example": example,
        "counterexample": counterexample,
        "passages": behind["passage"].nunique(),
        "reports": behind["report"].nunique(),
        "elsewhere": elsewhere,
        "similarity": round(float(pooled[best]), 4),
        "quotes": "\n".join(f"{row.report}：{row.text.strip()}" for row in behind.itertuples()),
    }


def _free_key(issue: str, keys: set[str]) -> str:
    """A key of a pattern that is not taken yet; it is added to ``keys``."""
    number = 1
    while f"{issue}_own{number}{FACT}" in keys:
        number += 1
    keys.add(f"{issue}_own{number}{FACT}")
    return f"{issue}_own{number}{FACT}"


def propose_terms(passages: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Propose rows of ``theme_terms.csv``.

    Parameters
    ----------
    passages : pandas.DataFrame
        Table of a run, with themes.

    Returns
    -------
    pandas.DataFrame
        Table ``proposed_terms``, the most useful first: words of doubtful passages that keep
        company with one theme in the sure ones; empty where there is too little.
    """
    counted = (passages["problem_sentences"] > 0) | (passages["countermeasure_sentences"] > 0)
    rows = passages[counted & passages["theme"].notna()].reset_index(drop=True)
    doubtful = is_doubtful(rows, "theme").to_numpy()
    tokenizer, known = load_tokenizer(book), set(book["theme_terms"]["term"])
    places = defaultdict(list)
    for row, text in enumerate(rows["text"]):
        for word in set(tokenizer.words(text)) - known:
            if len(word) > 1:
                places[word].append(row)
    sure, found = int((~doubtful).sum()), []
    for word in sorted(places):
        inside = np.array(places[word])
        item = _term_row(word, rows.loc[inside], doubtful[inside], rows.loc[~doubtful, "theme"])
        if item and len(inside) <= COMMON_TERM * sure:
            found.append(item)
    if not found:
        return empty("proposed_terms")
    found.sort(key=lambda item: (-item["doubtful"], -item["share"], -item["passages"]))
    return check("proposed_terms", pd.DataFrame(found[:MOST]).assign(采纳=None))


def _term_row(word, rows, doubtful, themes) -> dict | None:
    """Make a row of ``theme_terms.csv`` with its support, or None where that is too thin."""
    sure = rows[~doubtful]
    if len(sure) < LEAST_TERM_PASSAGES or not doubtful.any():
        return None
    counts = sure["theme"].value_counts(sort=False)
    theme = min(counts.index, key=lambda key: (-counts[key], key))
    mine, rest = sure[sure["theme"] == theme], len(sure) - counts[theme]
    size = int((themes == theme).sum())
    enough = keyness(len(mine), rest, size, max(len(themes) - size, 1)) >= KEYNESS
    if mine["report"].nunique() < LEAST_REPORTS or len(mine) < TERM_SHARE * len(sure) or not enough:
        return None
    return {
        "theme": theme,
        "term": word,
        "weight": TERM_WEIGHT,
        "note": BY_PROGRAM,
        "passages": len(mine),
        "reports": mine["report"].nunique(),
        "share": round(len(mine) / len(sure), 4),
        "doubtful": int(doubtful.sum()),
        "quotes": "\n".join(f"{row.report}：{row.text.strip()}" for row in mine.itertuples()),
    }

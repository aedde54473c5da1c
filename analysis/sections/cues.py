"""What the wording of ``role_patterns.csv`` says about a text or a heading."""

from __future__ import annotations

import re
from collections import defaultdict

from analysis.codebook import Codebook, for_patterns

TEXT_ROLES = ("problem", "cause", "countermeasure", "practice", "background")
# A heading whose best role does not lead by this much names no section (“问题与对策”).
HEADING_LEAD = 1.0
CLEAR_HEADING = 3.5  # a heading that scores this much names the kind of its section outright
# How much of a hit is shown as a reason, without punctuation at its edges.
HIT_LENGTH, EDGES = 8, "，。、；： “”（）"


def score_patterns(text: str, patterns) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Sum the weights of the patterns that hit, by role, and keep what they hit.

    Parameters
    ----------
    patterns : list of (role, weight, compiled)
        From :func:`select_patterns`.
    """
    text = for_patterns(text)
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for role, weight, compiled in patterns:
        match = compiled.search(text)
        if match:
            scores[role] += weight
            if weight > 0:
                words[role].append(match[0].strip(EDGES)[:HIT_LENGTH])
    for role in scores:  # patterns of negative weight take back, but never accuse
        scores[role] = max(scores[role], 0.0)
    return scores, words


def total_scores(texts, patterns) -> dict[str, float]:
    """Sum the scores of many texts by role, a key for each of :data:`TEXT_ROLES`."""
    totals = dict.fromkeys(TEXT_ROLES, 0.0)
    for text in texts:
        for role, score in score_patterns(text, patterns)[0].items():
            totals[role] += score
    return totals


def select_patterns(book: Codebook, scope: str) -> list[tuple]:
    """Return (role, weight, compiled) of the rows of ``role_patterns.csv`` with this scope."""
    table = book["role_patterns"]
    rows = table[table["scope"] == scope]
    return list(zip(rows["role"], rows["weight"], rows["compiled"], strict=True))


def heading_role(text: str, patterns) -> tuple[str | None, float]:
    """Return the role that a heading's wording gives to its section, and how clearly."""
    scores, _ = score_patterns(text, patterns)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return None, 0.0
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if ranked[0][1] - second < HEADING_LEAD:
        return None, ranked[0][1]
    return ranked[0][0], ranked[0][1]


def names_a_section(text: str, patterns) -> bool:
    """Whether one pattern alone says that a heading names a kind of section.

    Headings that say what is to be done or what is wrong add up weaker patterns: they are claims.
    """
    text = for_patterns(text)
    return any(w >= CLEAR_HEADING and compiled.search(text) for _, w, compiled in patterns)


def asks_for_something(text: str, patterns) -> bool:
    """Whether a heading of several phrases demands: “提高认识，把握……的重要性”."""
    text = for_patterns(text)
    return "，" in text and any(
        role == "countermeasure" and weight < CLEAR_HEADING and compiled.search(text)
        for role, weight, compiled in patterns
    )


HEADING_NUMBER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、．.，,：:\s]*|[◎●■◆★▲▶]\s*|第[一二三四五六七八九十]+[章部分，、\s]*)+"
)

# A sentence that opens with 【成因】 or ⑵ 原因： says itself what it and those behind it are.
OPENING_LABEL = re.compile(
    r"\s*(?:[①-⒛]|[（(]?\d{1,2}[）)、．.])?\s*"
    r"(?:[【\[［〔](?P<label>[^】\]］〕]{1,14})[】\]］〕]|(?P<name>[\u4e00-\u9fff]{2,6})[：:])"
)


def opening_label(text: str, patterns) -> tuple[str, str] | None:
    """Return the label that opens a sentence and the role that it gives, if it gives one."""
    match = OPENING_LABEL.match(text)
    if not match:
        return None
    name = match["label"] or match["name"]
    role, score = heading_role(f"【{name}】", patterns)
    return (name, role) if role and score >= CLEAR_HEADING else None

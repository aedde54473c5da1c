"""Whether a text is a report on Party building at all: if not, nothing in it may be counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import as_lists

# Share of the sentences of running text that name the Party or a branch (rows `subject` of
# catalogue_patterns.csv). In 21 labelled reports and speeches it is .43 to .94; in a poem, a price
# list, a recipe, a story and a report on a county's economy it is 0.
SUBJECT_SHARE = 0.1
# Characters without a full stop: no sentence, and the cost of judging one grows with its square.
# The longest sentence of those 21 has 318.
LONGEST_SENTENCE = 3000
SENTENCE_END = re.compile("[。！？；：…!?;:][”’」』）)]*\\s*$")
LONGEST_TOPIC = 30  # characters: a longer line is a sentence, with a stop or without
ENTER_GENRE = "如果确是要分析的报告，请在 data/reports.csv 填写它的文种（genre），再运行一次"
UNLIKE = f"不像党建调研报告：{{reason}}，没有判断问题和对策；{ENTER_GENRE}"
TOO_LONG = f"有 {{n}} 处超过 {LONGEST_SENTENCE} 字没有句号，没有分析，请核对原文件的标点和分行"


def set_aside(
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    book: Codebook,
    *,
    entered: Collection[str] = (),
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Mark as noise, with margin 0, what cannot be a report or a sentence of one.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        From :mod:`analysis.structure`; ``role`` is preset for noise only.
    book : Codebook
        Rows of ``catalogue_patterns`` with field ``subject``; without any, every subject will do.
    entered : collection of str
        Reports of which a person said what kind they are: there only endless sentences go.

    Returns
    -------
    sentences, passages : pandas.DataFrame
        The same rows, with ``role``, ``role_basis`` and ``role_margin`` of those set aside; in a
        report where all are, no passage stands under a heading.
    messages : dict of str to str
        By report: what was set aside and what can be done about it, in Chinese.
    """
    patterns = book["catalogue_patterns"]
    subject = patterns.loc[patterns["field"] == "subject", "compiled"].tolist()
    columns = as_lists(sentences[["report", "text", "role", "heading_level"]])
    bodies: dict[str, list[str]] = {report: [] for report in columns["report"]}
    endless: Counter[str] = Counter()
    for report, text, role, level in zip(*columns.values(), strict=True):
        if len(text) > LONGEST_SENTENCE:
            endless[report] += 1
        elif role is None and level is None:
            bodies[report].append(text)
    reasons = {r: _reason(texts, subject) for r, texts in bodies.items() if r not in entered}
    messages = {report: TOO_LONG.format(n=n) for report, n in endless.items()}
    messages |= {report: UNLIKE.format(reason=why) for report, why in reasons.items() if why}
    if not messages:
        return sentences, passages, {}
    unlike = [report for report, why in reasons.items() if why]
    sentences = sentences.copy()
    too_long = sentences["text"].str.len() > LONGEST_SENTENCE
    for rows, basis in (
        (too_long, "太长，不成句"),
        (sentences["report"].isin(unlike), "不像党建调研报告"),
    ):
        sentences.loc[rows, ["role", "role_basis"]] = ["noise", basis]
        sentences.loc[rows, "role_margin"] = 0.0
    bare = passages[["section", "heading_path"]].mask(passages["report"].isin(unlike))
    return sentences, passages.assign(**bare), messages


def _reason(texts: list[str], subject: list[re.Pattern]) -> str | None:
    """Why a text is no report, or None."""
    body = [text for text in texts if len(text) > LONGEST_TOPIC or SENTENCE_END.search(text)]
    if not body:
        return "没有成句的正文，只有标题、短行或噪声"
    named, enough = 0, SUBJECT_SHARE * len(body)
    for text in body:
        named += any(regex.search(text) for regex in subject)
        if not subject or named >= enough:
            return None
    return f"正文 {len(body)} 句，提到党组织或党建的只有 {named} 句"

"""Whether a text is a report on Party building at all: if not, nothing in it may be counted."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook

# Share of the sentences of running text that name the Party or a branch (rows `subject` of
# catalogue_patterns.csv). In 21 labelled reports and speeches it is .43 to .94; in a poem, a price
# list, a recipe, a story and a report on a county's economy it is 0.
SUBJECT_SHARE = 0.1
# Characters without a full stop: no sentence, and the cost of judging one grows with its square.
# The longest sentence of those 21 has 318.
LONGEST_SENTENCE = 3000
SENTENCE_END = "[。！？；：…!?;:][”’」』）)]*\\s*$"
LONGEST_TOPIC = 30  # characters: a longer line is a sentence, with a stop or without
ENTER_GENRE = "如果确是要分析的报告，请在 data/reports.csv 填写它的文种（genre），再运行一次"


def set_aside(
    sentences: pd.DataFrame, passages: pd.DataFrame, book: Codebook, *, entered: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, str | None]:
    """Mark as noise, with margin 0, what cannot be a report or a sentence of one.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        Of one report, from :mod:`analysis.structure`; ``role`` is preset for noise only.
    book : Codebook
        Rows of ``catalogue_patterns`` with field ``subject``; without any, every subject will do.
    entered : bool
        Whether a person said which kind of report this is: then only endless sentences go.

    Returns
    -------
    sentences, passages : pandas.DataFrame
        The same rows, with ``role``, ``role_basis`` and ``role_margin`` of those set aside; where
        all are, no passage stands under a heading.
    message : str or None
        What was set aside and what can be done about it, in Chinese.
    """
    endless = sentences["text"].str.len() > LONGEST_SENTENCE
    reason = None if entered else _reason(sentences[~endless], book)
    if reason:
        message = f"不像党建调研报告：{reason}，没有判断问题和对策；{ENTER_GENRE}"
        passages = passages.assign(section=pd.NA, heading_path=pd.NA).astype(passages.dtypes)
        return _as_noise(sentences, slice(None), "不像党建调研报告"), passages, message
    if not endless.any():
        return sentences, passages, None
    told = f"有 {endless.sum()} 处超过 {LONGEST_SENTENCE} 字没有句号"
    message = f"{told}，没有分析，请核对原文件的标点和分行"
    return _as_noise(sentences, endless, "太长，不成句"), passages, message


def _reason(sentences: pd.DataFrame, book: Codebook) -> str | None:
    """Why the text is no report, or None."""
    body = sentences[sentences["role"].isna() & sentences["heading_level"].isna()]
    ends = body["text"].str.contains(SENTENCE_END) | (body["text"].str.len() > LONGEST_TOPIC)
    body = body[ends]
    if body.empty:
        return "没有成句的正文，只有标题、短行或噪声"
    patterns = book["catalogue_patterns"]
    subject = patterns.loc[patterns["field"] == "subject", "compiled"]
    named = sum(any(regex.search(text) for regex in subject) for text in body["text"])
    if subject.empty or named >= SUBJECT_SHARE * len(body):
        return None
    return f"正文 {len(body)} 句，提到党组织或党建的只有 {named} 句"


def _as_noise(sentences: pd.DataFrame, rows, basis: str) -> pd.DataFrame:
    sentences = sentences.copy()
    sentences.loc[rows, ["role", "role_basis"]] = ["noise", basis]
    sentences.loc[rows, "role_margin"] = 0.0
    return sentences

"""One issue in focus, first step: the frame to draw, one row per report."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts.quotes import choose_quotes
from analysis.charts.words import check_issue, list_reports, select_rates
from analysis.codebook import Codebook
from analysis.compare import cell_states
from analysis.vocabulary import STANCES

# How a quote is introduced: as the rows are named; other stances are told to count for nothing.
OTHERS = ("improved", "supposed", "quoted", "negated")
STANCE_WORDS = {key: f"{name}（不计入）" for key, name in STANCES.items()} | {
    "asserted": "认定存在",
    "addressed": "拟解决",
}
RATE_COLUMNS = ["rate", "reports_with", "passages_with", "passages", "says", "state"]
CSV_COLUMNS = {
    "group_name": "组",
    "report": "报告",
    "title": "报告标题",
    "asserted_state": "提到",
    "asserted_passages_with": "提到的问题段数",
    "asserted_passages": "问题段数",
    "addressed_state": "拟解决",
    "addressed_passages_with": "拟解决的对策段数",
    "addressed_passages": "对策段数",
    **{f"{stance}_mentions": f"{STANCES[stance]}的处数" for stance in OTHERS},
    "mentions": "谈到的总处数",
    "quote_stance_name": "引文的态度",
    "quote": "引文",
    "sentence": "句子编号",
    "section": "所在部分",
    "asserted_rate": "数字编号（提到）",
    "addressed_rate": "数字编号（拟解决）",
    "asserted_says": "说明（提到）",
    "addressed_says": "说明（拟解决）",
}


def count_focus(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    book: Codebook,
    *,
    issue: str,
    by: str = "level",
) -> pd.DataFrame:
    """Make the frame to draw: one row per report, in the order of the columns.

    Parameters
    ----------
    tables, sources : mapping
        As for :func:`analysis.charts.plot_standard`.

    Returns
    -------
    pandas.DataFrame
        Columns of :func:`analysis.charts.words.list_reports`; ``asserted_…`` and ``addressed_…``
        (rate, reports_with, passages_with, passages, says, state); ``improved_mentions`` … for each
        stance of :data:`OTHERS`, ``mentions`` of all stances; ``stance``, ``sentence``, ``quote``,
        ``section`` of the quote, missing where there is none.
    """
    check_issue(issue, book)
    mentions, passages = tables["mentions"], tables["passages"]
    frame = list_reports(tables["reports"], by)
    found = select_rates(tables["rates"], "report", "issue")
    found = found[found["key"] == issue]
    found = found.assign(state=cell_states(found), report=found["group"])
    frame = frame.merge(pair_stances(found, "report"), left_on="report", right_index=True)
    named = mentions[mentions["issue"] == issue]
    counts = pd.crosstab(named["report"], named["stance"]).reindex(frame["report"], fill_value=0)
    for stance in OTHERS:
        frame[f"{stance}_mentions"] = counts.get(stance, pd.Series(0, counts.index)).to_numpy(int)
    frame["mentions"] = counts.sum(axis=1).to_numpy(int)
    short = book["issues"].set_index("issue").loc[issue, "short"]
    options = {"sources": sources, "edits": tables.get("edits")}
    quotes = choose_quotes(mentions, tables["sentences"], issue, short, **options)
    frame = frame.merge(quotes, on="report", how="left")
    frame = frame.merge(passages[["passage", "section"]], on="passage", how="left")
    return frame.assign(quote_stance_name=frame["stance"].map(STANCE_WORDS))


def pair_stances(rates: pd.DataFrame, on: str) -> pd.DataFrame:
    """Put asserted and addressed side by side: one row per value of ``on``."""
    parts = [
        rates[rates["stance"] == stance].set_index(on)[RATE_COLUMNS].add_prefix(f"{stance}_")
        for stance in ("asserted", "addressed")
    ]
    return pd.concat(parts, axis=1)


def say_focus(total: pd.DataFrame, short: str) -> str:
    """Return the title: reports and passages that assert the issue, and that address it."""
    asserted, addressed = total.loc["asserted"], total.loc["addressed"]
    judged = "能够判断的 " if asserted["reports_unknown"] else ""
    k, n = asserted["reports_with"], asserted["reports"]
    if not n:
        first = f"{asserted['reports_unknown']} 份报告是否提到“{short}”都无从判断"
    elif k:
        all_of_them = "都" if k == n > 1 else ""
        first = f"{judged}{n} 份报告中 {k} 份{all_of_them}提到“{short}”"
        first += f"（{asserted['passages_with']}/{asserted['passages']} 个问题段）"
    else:
        first = f"{judged}{n} 份报告均未提到“{short}”"
    k, n = addressed["reports_with"], addressed["reports"]
    second = f"{n} 份中 {k} 份" if n != asserted["reports"] else f"{k} 份"
    passages = f"{addressed['passages_with']}/{addressed['passages']} 个对策段"
    return f"{first}，{second}拟解决（{passages}）" if k else f"{first}，{n} 份均未见拟解决"

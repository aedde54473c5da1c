"""One report on a page, first step: the frames to draw and the words about the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.charts import style
from analysis.charts.composition import count_composition
from analysis.charts.focus import STANCE_WORDS, pair_stances
from analysis.charts.matrix import find_gaps
from analysis.charts.quotes import choose_quotes
from analysis.charts.sheet import ChartError
from analysis.charts.words import (
    UNKNOWN_WHY,
    UNSTABLE,
    genre_name,
    list_unstable,
    name_items,
    select_rates,
)
from analysis.codebook import Codebook
from analysis.compare import MENTIONED, UNKNOWN, cell_states
from analysis.schema import suggest
from analysis.vocabulary import LEVELS

QUOTES = 2
LONGEST_BASIS = 40  # characters of a basis
CSV_COLUMNS = {
    "kind_name": "类别",
    "name": "名称",
    "asserted_state": "提到（问题段）",
    "asserted_passages_with": "提到的问题段数",
    "asserted_passages": "问题段数",
    "addressed_state": "拟解决（对策段）",
    "addressed_passages_with": "拟解决的对策段数",
    "addressed_passages": "对策段数",
    "gap": "有问题未见对策",
    "characters": "字数",
    "percent": "占全文百分比",
    "quote": "引文",
    "sentence": "句子编号",
    "asserted_rate": "数字编号（问题）",
    "addressed_rate": "数字编号（对策）",
}


@dataclass
class Profile:
    """What a page about one report shows.

    Attributes
    ----------
    row : pandas.Series
        Of ``reports``.
    issues, themes : pandas.DataFrame
        One row per issue or theme of the codebook: ``key``, ``name``, ``asserted_…`` and
        ``addressed_…`` (rate, passages_with, passages, state …), ``gap``; those with most problem
        passages first.
    roles : pandas.DataFrame
        From :func:`analysis.charts.composition.count_composition`.
    quotes : pandas.DataFrame
        ``name`` of an issue, ``quote``, ``stance``, ``sentence``, ``passage``, ``section``.
    """

    row: pd.Series
    issues: pd.DataFrame
    themes: pd.DataFrame
    roles: pd.DataFrame
    quotes: pd.DataFrame


def count_profile(
    tables: Mapping[str, pd.DataFrame], sources: Mapping[str, str], book: Codebook, report: str
) -> Profile:
    """Gather what the page of ``report`` shows.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        As for :func:`analysis.charts.plot_standard`.

    Raises
    ------
    ChartError
        No report that was read has this name.
    """
    reports = tables["reports"]
    known = list(reports.loc[reports["status"] == "ok", "report"])
    if report not in known:
        raise ChartError(
            f"没有报告 “{report}”{suggest(report, known) or '。'}可用：{'、'.join(known)}"
        )
    own = {n: tables[n][tables[n]["report"] == report] for n in ("reports", "sentences")}
    issues, themes = (_items(tables["rates"], book, report, k) for k in ("issue", "theme"))
    gaps = find_gaps(tables["rates"]).set_index(["report", "key"])["gaps"]
    themes["gap"] = [bool(gaps[report, key]) for key in themes["key"]]
    unstable = themes["key"].isin(list_unstable(tables))
    themes["name"] = themes["name"] + unstable.map({True: UNSTABLE, False: ""})
    return Profile(
        own["reports"].iloc[0],
        issues,
        themes,
        count_composition(own["reports"], own["sentences"], book, by="report"),
        _quotes(tables, sources, issues, report),
    )


def _items(rates: pd.DataFrame, book: Codebook, report: str, kind: str) -> pd.DataFrame:
    found = select_rates(rates, "report", kind)
    found = found[found["group"] == report]
    items = name_items(book, kind).drop(columns="name").rename(columns={"short": "name"})
    frame = pair_stances(found.assign(state=cell_states(found)), "key")
    frame = items.merge(frame, left_on="key", right_index=True)
    order = [
        f"{s}_{c}" for s in ("asserted", "addressed") for c in ("reports_with", "passages_with")
    ]
    return frame.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)


def _quotes(tables, sources, issues: pd.DataFrame, report: str) -> pd.DataFrame:
    """Quotes for the issues named most, each sentence once."""
    mentions, passages = tables["mentions"], tables["passages"]
    mine = mentions[mentions["report"] == report]
    sentences = tables["sentences"][tables["sentences"]["report"] == report]
    quotes: list[pd.DataFrame] = []
    used: set[str] = set()
    for issue in issues[issues["key"].isin(mine["issue"])].itertuples():
        rest = mine[~mine["sentence"].isin(used)]
        options = {"sources": sources, "edits": tables["edits"]}
        found = choose_quotes(rest, sentences, issue.key, issue.name, **options)
        found = found[found["stance"].isin(["asserted", "addressed"])]
        used |= set(found["sentence"])
        quotes += [found.assign(name=issue.name)] if len(found) else []
        if len(quotes) == QUOTES:
            break
    columns = ["report", "stance", "sentence", "passage", "quote", "name"]
    chosen = pd.concat(quotes) if quotes else pd.DataFrame(columns=columns, dtype="str")
    chosen = chosen.merge(passages[["passage", "section"]], on="passage", how="left")
    return chosen.assign(stance_name=chosen["stance"].map(STANCE_WORDS))


def say_profile(profile: Profile) -> str:
    """Return the title: how many issues the report names, and how many it sets out to solve."""
    issues = profile.issues
    named = issues["asserted_state"] == MENTIONED
    solved = int((named & (issues["addressed_state"] == MENTIONED)).sum())
    k, n = int(named.sum()), len(issues)
    title = f"《{title_of(profile)}》"
    unknown = int((issues["asserted_state"] == UNKNOWN).sum())
    rest = f"（其余 {unknown} 种无从判断）" if unknown else ""
    if not k:
        return f"{title}：{n} 种问题表现{'均无从判断' if unknown == n else f'均未提到{rest}'}"
    solved = f"其中 {solved} 种拟解决" if solved else "均未见拟解决"
    return f"{title}提到 {n} 种问题表现中的 {k} 种{rest}，{solved}"


def title_of(profile: Profile) -> str:
    """Return the report's title, or its name where it has none."""
    title = profile.row["title"]
    return style.clean(profile.row["report"] if pd.isna(title) else title)


def say_about(profile: Profile) -> tuple[str, str]:
    """Return level, genre, date and length in one line; the basis of each in another."""
    row = profile.row
    level = LEVELS["unstated"] if pd.isna(row["level"]) else LEVELS[row["level"]]
    parts = [level, genre_name(row["genre"])]
    parts += [row[c] for c in ("region", "issuer") if not pd.isna(row[c])]
    parts += ["日期未注明" if pd.isna(row["date"]) else row["date"]]
    about = " · ".join([*parts, f"全文 {profile.roles['total'].iloc[0]:,} 字"])
    basis = [
        f"{name}{_say_basis(row[f'{field}_basis'], row[field])}"
        for field, name in {"level": "层级", "genre": "文种", "date": "日期"}.items()
    ]
    return about, f"依据：{'；'.join(basis)}"


def _say_basis(basis, value) -> str:
    if basis == "catalogue":
        return "由人工填写"
    if pd.isna(basis):
        return "没有依据" if pd.isna(value) else "未注明依据"
    words = style.clean(basis)
    if len(words) > LONGEST_BASIS:
        words = words[: LONGEST_BASIS - 1] + style.ELLIPSIS
    return f"，{words}" if pd.isna(value) or value == "unstated" else f"见“{words}”"


def say_remarks(profile: Profile) -> str:
    """Return what must be known before the report is quoted, or an empty string."""
    row = profile.row
    why = UNKNOWN_WHY.get(row["problem_section"])
    message = "" if pd.isna(row["message"]) else style.clean(row["message"])
    said = [] if why is None or "问题部分" in message else [why]
    said += [message.rstrip("。")] if message else []
    said += ["未提到的问题无从判断"] if why else []
    return f"请注意：{'；'.join(said)}。" if said else ""


def name_profile(profile: Profile) -> pd.DataFrame:
    """Return the page's numbers as the CSV beside it: issues, themes, roles, then quotes."""
    parts = {
        "问题表现": profile.issues,
        "主题": profile.themes,
        "构成": profile.roles.rename(columns={"role_name": "name", "rate": "asserted_rate"}),
        "引文": profile.quotes,
    }
    frame = pd.concat([part.assign(kind_name=kind) for kind, part in parts.items()])
    frame = frame.reindex(columns=list(CSV_COLUMNS)).reset_index(drop=True)
    counts = [c for c in CSV_COLUMNS if c.endswith(("passages", "passages_with", "characters"))]
    frame["name"] = frame["name"].str.removesuffix(UNSTABLE)
    frame["gap"] = frame["gap"].map({True: "是", False: "否"})
    return frame.astype(dict.fromkeys(counts, "Int64")).rename(columns=CSV_COLUMNS)

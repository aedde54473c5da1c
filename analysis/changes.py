"""Compare a run with another: what differs, and because of which report or rule.

A report is labelled by itself, so a report that comes in moves no label of another; where the file
of a report is the same and a label is not, a person's entry, the codebook or the program did it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.compare import NOT_MENTIONED, UNKNOWN, cell_states
from analysis.counting import group_reports
from analysis.says import PASSAGE_NAMES, column_name
from analysis.schema import check, own_columns
from analysis.vocabulary import LEVELS, STANCES

NAMED = 5  # reports or files that a cause names; of more it gives the number
NUMERATORS = ["reports_with", "passages_with", "sentences_with"]
FIGURES = [*NUMERATORS, "reports", "reports_unknown", "passages", "sentences"]
CELL = ["kind", "key", "stance"]
GROUPED_BY = ("all", "level", "report")
ENTERED = ("title", "level", "region", "issuer", "date", "genre")  # what a person may enter
SPAN = ["report", "start", "end"]
FIELDS = {"role": "角色", "theme": "主题", "issues": "问题表现"}
CORRECTIONS = "人工更正 corrections.csv"
CODE, PACKAGES, CATALOGUE = "程序", "程序所用的软件包", "报告目录 reports.csv"
ADDED, GONE, EDITED = "新增", "不再有", "文件有改动"


@dataclass(frozen=True)
class Run:
    """What is compared of a run.

    Attributes
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``rates``, ``clusters``; ``sentences`` and ``mentions`` are asked for only
        where labels may differ.
    inputs : mapping
        What the manifest tells of codebook, code and packages.
    """

    tables: Mapping[str, pd.DataFrame]
    inputs: Mapping


@dataclass(frozen=True)
class Causes:
    """Why figures may differ: the reports that did, each with its cause, and the rules."""

    by_report: Mapping[str, str]
    rules: str

    def of(self, reports: Iterable[str]) -> str | None:
        """Name what changed some reports: files first, then entries and rules, each once."""
        found = list(dict.fromkeys(self.by_report.get(name) or self.rules for name in reports))
        files = [cause for cause in found if cause in self.by_report]
        others = [cause for cause in found if cause and cause not in self.by_report]
        return "；".join([*([listed(files)] if files else []), *others]) or None


def find_changes(before: Run, now: Run, names: Mapping[str, str]) -> pd.DataFrame:
    """List everything that differs between two runs.

    Parameters
    ----------
    before, now : Run
        The older and the newer run.
    names : mapping of str to str
        Chinese names of issues, themes and roles (``Codebook.names``).

    Returns
    -------
    pandas.DataFrame
        Table ``changes``. Figures of one report are listed where both runs have the report.
    """
    rules = _list_rules(before.inputs, now.inputs)
    reports, causes = _list_reports(before, now, _say_rules(rules))
    rows = rules + reports + _list_figures(before, now, causes)
    if causes.rules or any(cause not in causes.by_report for cause in causes.by_report.values()):
        rows += _list_labels(before, now, causes, names)
    rows += _list_proposed(before, now)
    columns = ["kind", "key", "before", "after", "because_of"]
    return check("changes", pd.DataFrame(rows, columns=columns, dtype=object))


def listed(names: Iterable[str]) -> str:
    """Join names, the first :data:`NAMED` of many with their number."""
    names = list(names)
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 份" if len(names) > NAMED else "")


def _list_rules(before: Mapping, now: Mapping) -> list[tuple]:
    """One row for each file of the codebook that differs, one for the code, one for packages."""

    def marks(inputs: Mapping) -> dict[str, str]:
        book = {f"编码手册 {name}": value for name, value in inputs.get("codebook", {}).items()}
        rest = {CODE: inputs.get("code"), PACKAGES: inputs.get("packages")}
        rest[CORRECTIONS] = inputs.get("corrections")
        return book | {k: _digest(value) for k, value in rest.items() if value}

    old, new = marks(before), marks(now)
    keys = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    return [("rules", k, _short(old.get(k)), _short(new.get(k)), None) for k in sorted(keys)]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _short(mark: str | None) -> str | None:
    return mark and mark[:12]


def _say_rules(rows: list[tuple]) -> str:
    keys = [key for _, key, *_ in rows]
    files = [key.removeprefix("编码手册 ") for key in keys if key.startswith("编码手册 ")]
    book = [f"编码手册 {'、'.join(files)}"] if files else []
    return "；".join([*book, *(key for key in keys if key in (CODE, PACKAGES, CORRECTIONS))])


def _list_reports(before: Run, now: Run, rules: str) -> tuple[list[tuple], Causes]:
    old, new = (run.tables["reports"].set_index("report") for run in (before, now))
    own = own_columns("reports", {**old, **new})
    unlike = _compare_reports(old, new, ["sha256", "status", *ENTERED, *own, "problem_section"])
    said = [_describe_reports(run, set(unlike)) for run in (before, now)]
    rows, causes = [], {}
    for name, changed in sorted(unlike.items()):
        if name not in old.index or name not in new.index:
            why, causes[name] = ADDED if name in new.index else GONE, name
        elif {"sha256", "status"} & set(changed):
            why, causes[name] = EDITED, name
        else:
            pair = (old.loc[name], new.loc[name])
            entered = any(_is_entered(row, column) for row in pair for column in changed)
            causes[name] = f"{CATALOGUE}（{name}）" if entered or not rules else rules
            why = f"{causes[name]}：{'、'.join(column_name(c) for c in changed)}"
        rows.append(("report", name, said[0].get(name), said[1].get(name), why))
    return rows, Causes(causes, rules)


def _compare_reports(old: pd.DataFrame, new: pd.DataFrame, columns: list) -> dict[str, list[str]]:
    """Columns that differ, of each report where some do; none for one that comes or goes."""
    unlike: dict[str, list[str]] = {name: [] for name in old.index.symmetric_difference(new.index)}
    shared = old.index.intersection(new.index)
    for column in columns:
        pair = [t.reindex(columns=columns)[column].reindex(shared).fillna("") for t in (old, new)]
        for name in shared[(pair[0] != pair[1]).to_numpy()]:
            unlike.setdefault(name, []).append(column)
    return unlike


def _is_entered(row: pd.Series, column: str) -> bool:
    return column not in ENTERED or row.get(f"{column}_basis") == "catalogue"


def _describe_reports(run: Run, wanted: set[str]) -> dict[str, str]:
    rates, reports = run.tables["rates"], run.tables["reports"]
    roles = rates[(rates["by"] == "report") & (rates["kind"] == "role")]
    counts = roles[roles["group"].isin(wanted)].set_index(["group", "key"])["passages_with"]
    texts = {}
    for row in reports[reports["report"].isin(wanted)].itertuples():
        if row.status != "ok":
            texts[row.report] = "未能读取"
            continue
        title = row.title if isinstance(row.title, str) else row.report
        level = LEVELS.get(row.level, LEVELS["unstated"])
        problems, answers = (counts[row.report, r] for r in ("problem", "countermeasure"))
        texts[row.report] = f"{level}《{title}》，问题段 {problems}、对策段 {answers}"
    return texts


def _list_figures(before: Run, now: Run, causes: Causes) -> list[tuple]:
    """Rows of issues and themes that come or go, of counts, and of what is said of them."""
    reasons = _find_reasons(before, now, causes)
    ids = ["rate", "by", "group", *CELL]
    shared = {*before.tables["reports"]["report"]} & {*now.tables["reports"]["report"]}
    shared = shared if causes.rules else shared & {*causes.by_report}
    old, new = (_figures(run.tables["rates"], shared) for run in (before, now))
    both = new.merge(old, on=ids, how="outer", suffixes=("", "_old"), sort=False)
    figures = both[[*FIGURES, *(f"{c}_old" for c in FIGURES)]].fillna(0).astype(int)
    moved = sum(figures[c] != figures[f"{c}_old"] for c in NUMERATORS) > 0
    differs = moved | (sum(figures[c] != figures[f"{c}_old"] for c in FIGURES) > 0)
    unlike = (both["says"] != both["says_old"]) & (both["says"].notna() | both["says_old"].notna())
    # A group or key that only one run has is worth a row where something was counted in it.
    counted = figures[NUMERATORS].sum(axis=1) + figures[[f"{c}_old" for c in NUMERATORS]].sum(
        axis=1
    )
    in_both = both["text"].notna() & both["text_old"].notna()
    keep = (differs | unlike) & (in_both | (counted > 0))
    states, counts, says = [], [], []
    both = both.assign(moved=moved, differs=differs, unlike=unlike)[keep].astype(object)
    for row in both.where(both.notna(), None).itertuples():
        why = causes.of(reasons.get((row.by, row.group, row.kind, row.key, row.stance), ()))
        if row.differs:
            kind = "count" if row.moved else "base"
            counts.append((kind, row.rate, row.text_old, row.text, why))
        if row.unlike:
            says.append(("says", row.rate, row.says_old, row.says, why))
        seen = row.by == "all" and row.stance == "asserted" and row.state != row.state_old
        if seen and row.kind in ("issue", "theme"):
            pair = (row.state_old or NOT_MENTIONED, row.state or NOT_MENTIONED)
            states += [(row.kind, row.key, *pair, why)] if pair[0] != pair[1] else []
    return states + counts + says


def _figures(rates: pd.DataFrame, reports: set[str]) -> pd.DataFrame:
    """The figures of all reports, of the levels, and of these reports, with words for them."""
    rates = rates[(rates["by"] != "report") | rates["group"].isin(reports)]
    kept = rates[["rate", "by", "group", *CELL, *FIGURES, "says"]]
    return kept.assign(state=cell_states(rates), text=[*map(_say_figures, rates.itertuples())])


def _say_figures(row) -> str:
    """“5 份中 3 份，40 个问题段中 8 段，共 9 句；另有 1 份无从判断”."""
    if not row.reports and row.reports_unknown:
        return f"{row.reports_unknown} 份{UNKNOWN}"
    unit = "段" if row.kind == "role" else f"个{PASSAGE_NAMES[row.stance]}"
    unknown = f"；另有 {row.reports_unknown} 份{UNKNOWN}" if row.reports_unknown else ""
    return (
        f"{row.reports} 份中 {row.reports_with} 份，"
        f"{row.passages} {unit}中 {row.passages_with} 段，共 {row.sentences_with} 句{unknown}"
    )


def _find_reasons(before: Run, now: Run, causes: Causes) -> dict[tuple, list[str]]:
    """Reports whose own figures differ, for each count: those that moved what is counted first."""
    reasons: dict[tuple, list[str]] = {}
    for by in GROUPED_BY:
        old, new = (_contributions(run, by, causes) for run in (before, now))
        both = new.join(old, how="outer", suffixes=("", "_old"), sort=True).fillna(0)
        moved = sum(both[c] != both[f"{c}_old"] for c in NUMERATORS) > 0
        differs = sum(both[c] != both[f"{c}_old"] for c in FIGURES) > 0
        for part in (both.index[moved], both.index[differs & ~moved]):
            for report, group, *cell in part:
                reasons.setdefault((by, group, *cell), []).append(report)
    return reasons


def _contributions(run: Run, by: str, causes: Causes) -> pd.DataFrame:
    """Figures of single reports, in the group that they count in; of all where rules differ."""
    rates = run.tables["rates"]
    rows = rates[rates["by"] == "report"]
    if not causes.rules:
        rows = rows[rows["group"].isin(causes.by_report)]
    groups = group_reports(run.tables["reports"], by).astype(object)
    rows = rows.assign(report=rows["group"], group=rows["group"].map(groups))
    return rows.set_index(["report", "group", *CELL])[FIGURES].astype(int)


def _list_labels(before: Run, now: Run, causes: Causes, names: Mapping) -> list[tuple]:
    """Labels that differ in reports whose files are the same."""
    shas = [run.tables["reports"].set_index("report")["sha256"] for run in (before, now)]
    same = [r for r in shas[1].index.intersection(shas[0].index) if shas[0][r] == shas[1][r]]
    old, new = (_labels(run.tables, same, names) for run in (before, now))
    both = new.join(old, how="outer", suffixes=("", "_old"), sort=True).fillna("")
    rows = []
    for field, label in FIELDS.items():
        changed = both[both[field] != both[f"{field}_old"]]
        pairs = zip(changed.index, changed[f"{field}_old"], changed[field], strict=True)
        for (report, start, end), was, is_now in pairs:
            key = f"{report}/{start}-{end}/{label}"
            rows.append(("label", key, was or None, is_now or None, causes.of([report])))
    return rows


def _labels(tables: Mapping, reports: list[str], names: Mapping) -> pd.DataFrame:
    sentences, mentions = tables["sentences"], tables["mentions"]
    sentences = sentences[sentences["report"].isin(reports)]
    called = mentions["issue"].map(lambda key: names.get(key, key))
    said = called + "（" + mentions["stance"].map(STANCES) + "）"
    issues = said.groupby(mentions["sentence"]).agg(lambda texts: "、".join(sorted(set(texts))))
    table = sentences[SPAN].astype({"start": int, "end": int})
    for field in ("role", "theme"):
        table[field] = sentences[field].map(lambda key: names.get(key, key), na_action="ignore")
    return table.assign(issues=sentences["sentence"].map(issues)).set_index(SPAN)


def _list_proposed(before: Run, now: Run) -> list[tuple]:
    """Proposed themes, by their words, that one run has and the other has not."""
    clusters = (run.tables["clusters"] for run in (before, now))
    old, new = (dict(zip(t["words"][m], t["says"][m], strict=True))
                for t in clusters for m in [t["proposed"].astype(bool)])  # fmt: skip
    keys = sorted(old.keys() ^ new.keys())
    return [("proposed", key, old.get(key), new.get(key), None) for key in keys]

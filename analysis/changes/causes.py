"""Why figures may differ: reports that came, went or were edited, entries, codebook, program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.digest import ENTERED, Digest
from analysis.says import column_name
from analysis.schema import own_columns
from analysis.vocabulary import LEVELS, STATUSES

NAMED = 5  # reports or files that a cause names; of more it gives the number
BOOK, CODE, PACKAGES = "编码手册", "程序", "程序所用的软件包"
CATALOGUE, CORRECTIONS = "报告目录 reports.csv", "人工更正 corrections.csv"
TWIN, TWINS = "twin", "相同报告的认定"
ADDED, GONE, EDITED, RENAMED = "新增", "不再有", "文件有改动", "改名"


@dataclass(frozen=True)
class Causes:
    """The reports that differ, each with its cause, and the rules that do."""

    by_report: Mapping[str, str]
    rules: str

    def of(self, reports: Iterable[str]) -> str | None:
        """Name what changed some reports: files first, then entries and rules, each once."""
        found = list(dict.fromkeys(self.by_report.get(name) or self.rules for name in reports))
        files = [cause for cause in found if cause in self.by_report]
        others = [cause for cause in found if cause and cause not in self.by_report]
        return "；".join([*([listed(files)] if files else []), *others]) or None

    def all(self) -> str | None:
        """Everything that may have changed what all reports make together."""
        return self.of([*self.by_report, ""])

    @property
    def besides_files(self) -> bool:
        """Whether anything but the files of reports may have changed a label."""
        return bool(self.rules) or any(why not in self.by_report for why in self.by_report.values())


def listed(names: Iterable[str]) -> str:
    """Join names, the first :data:`NAMED` of many with their number."""
    names = list(names)
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 份" if len(names) > NAMED else "")


def list_rules(before: Mapping, now: Mapping) -> list[tuple]:
    """One row for each file of the codebook that differs, for corrections, code and packages."""

    def marks(inputs: Mapping) -> dict[str, str]:
        book = {f"{BOOK} {name}": value for name, value in inputs.get("codebook", {}).items()}
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


def say_rules(keys: Iterable[str]) -> str:
    """“编码手册 patterns.csv、issues.csv；程序”."""
    keys = list(keys)
    files = [key.removeprefix(f"{BOOK} ") for key in keys if key.startswith(f"{BOOK} ")]
    book = [f"{BOOK} {'、'.join(files)}"] if files else []
    return "；".join([*book, *(key for key in keys if not key.startswith(f"{BOOK} "))])


def follow_names(before: Digest, now: Digest) -> tuple[Digest, dict[str, str]]:
    """Call the reports of the older run by their newer names.

    Returns
    -------
    before : Digest
    renamed : dict of str to str
        The older name by the newer; of copies of one file the first by name goes with the first.
    """
    old, new = (d.frames["reports"] for d in (before, now))
    gone = old[~old["report"].isin(new["report"])].dropna(subset="sha256")
    came = new[~new["report"].isin(old["report"])].dropna(subset="sha256")
    places = {}
    for sha, names in gone.groupby("sha256")["report"]:
        pairs = zip(sorted(came.loc[came["sha256"] == sha, "report"]), sorted(names), strict=False)
        places |= dict(pairs)
    names = old["report"].replace({was: name for name, was in places.items()})
    frames = {**before.frames, "reports": old.assign(report=names)}
    return replace(before, frames=frames), places


def list_reports(
    before: Digest, now: Digest, rules: str, renamed: Mapping[str, str]
) -> tuple[list[tuple], Causes]:
    """One row for each report that differs, and what follows for everything else."""
    old, new = (d.frames["reports"].set_index("report") for d in (before, now))
    unlike = dict.fromkeys(renamed, []) | _compare(old, new)
    said = [_describe(digest, set(unlike)) for digest in (before, now)]
    rows, causes = [], {}
    for name, changed in sorted(unlike.items()):
        pair = (said[0].get(name), said[1].get(name))
        if name not in old.index or name not in new.index:
            why, causes[name] = ADDED if name in new.index else GONE, name
        elif "status" in changed and TWIN in (old.loc[name, "status"], new.loc[name, "status"]):
            why = causes[name] = f"{TWINS}（{name}）"
        elif {"sha256", "status"} & set(changed):
            why, causes[name] = EDITED, name
        elif changed:
            rows_of = (old.loc[name], new.loc[name])
            entered = any(_is_entered(row, column) for row in rows_of for column in changed)
            causes[name] = f"{CATALOGUE}（{name}）" if entered or not rules else rules
            why = f"{causes[name]}：{'、'.join(column_name(c) for c in changed)}"
        else:
            why = RENAMED
        if name in renamed:
            pair = (renamed[name], name)
            why = why if why == RENAMED else f"{RENAMED}；{why}"
        rows.append(("report", name, *pair, why))
    return rows, Causes(causes, rules)


def _compare(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, list[str]]:
    """Columns that differ, of each report where some do; none for one that comes or goes."""
    unlike: dict[str, list[str]] = {name: [] for name in old.index.symmetric_difference(new.index)}
    shared = old.index.intersection(new.index)
    own = [c for c in own_columns("reports", {**old, **new}) if c != "group"]
    columns = ["sha256", "status", *ENTERED, *own, "problem_section"]
    pair = [t.reindex(columns=columns).loc[shared].fillna("") for t in (old, new)]
    for column in columns:
        for name in shared[(pair[0][column] != pair[1][column]).to_numpy()]:
            unlike.setdefault(name, []).append(column)
    return unlike


def _is_entered(row: pd.Series, column: str) -> bool:
    return column not in ENTERED or row.get(f"{column}_basis") == "catalogue"


def _describe(digest: Digest, wanted: set[str]) -> dict[str, str]:
    reports, cells = digest.frames["reports"], digest.frames["cells"]
    roles = cells[cells["kind"] == "role"].reset_index().set_index("key")["index"]
    texts = {}
    for row in reports[reports["report"].isin(wanted)].itertuples():
        if row.status != "ok":
            texts[row.report] = STATUSES[row.status]
            continue
        title = row.title if isinstance(row.title, str) else row.report
        level = LEVELS.get(row.level, LEVELS["unstated"])
        problems, answers = (
            digest.counts[row.Index, roles[r], 1] for r in ("problem", "countermeasure")
        )
        texts[row.report] = f"{level}《{title}》，问题段 {problems}、对策段 {answers}"
    return texts

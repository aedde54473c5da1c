"""Which figures differ between two runs, and which reports moved each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.changes.causes import Causes
from analysis.compare import MENTIONED, NOT_MENTIONED, UNKNOWN
from analysis.counting import CELL
from analysis.digest import FIGURES, WITH, Digest
from analysis.says import PASSAGE_NAMES

IDS = ["by", "group", *CELL]
SAID = re.compile(
    r"(?P<reports>\d+) 份中 (?P<reports_with>\d+) 份，(?P<passages>\d+) (?P<unit>.+)中 "
    r"(?P<passages_with>\d+) 段，共 (?P<sentences_with>\d+) 句(?:；另有 (?P<unknown>\d+) 份)?"
)


@dataclass(frozen=True)
class Block:
    """Figures of single reports in both runs: reports × cells × :data:`FIGURES`.

    ``groups`` tells the level a report counts in, missing where it was not read; ``has`` whether a
    cell stands in the codebook of the run; ``shared`` whether both runs have the report.
    """

    reports: pd.Index
    cells: pd.MultiIndex
    counts: tuple[np.ndarray, np.ndarray]
    groups: tuple[np.ndarray, np.ndarray]
    has: tuple[np.ndarray, np.ndarray]
    shared: np.ndarray

    def reasons(self, by: str, group: str, cell: tuple) -> list[str]:
        """Reports that moved a count, first those that moved what is counted in it."""
        place = self.cells.get_loc(cell)
        old, new = (
            counts[:, place] if by == "all" else counts[:, place] * (groups == group)[:, None]
            for counts, groups in zip(self.counts, self.groups, strict=True)
        )
        moved = (old != new)[:, : len(WITH)].any(axis=1)
        differs = (old != new).any(axis=1)
        return [*self.reports[moved], *self.reports[differs & ~moved]]


def list_figures(before: Digest, now: Digest, causes: Causes) -> list[tuple]:
    """Rows of issues and themes that come or go, of counts, and of what is said of them.

    Figures of all reports and of the levels; of single reports that both runs have only what is
    counted in them, since their totals and words say no more.
    """
    block = _block(before, now, causes)
    states, counts, says = [], [], []
    for row in _unlike(before, now).itertuples():
        cell = (row.kind, row.key, row.stance)
        why = causes.of(block.reasons(row.by, row.group, cell))
        rate = "/".join((row.by, row.group, *cell))
        was, is_now = row.figures_old, row.figures
        if row.differs:
            kind = "count" if row.moved else "base"
            counts.append((kind, rate, _say(was, *cell), _say(is_now, *cell), why))
        if row.says != row.says_old:
            says.append(("says", rate, row.says_old, row.says, why))
        if row.by == "all" and row.stance == "asserted" and row.kind in ("issue", "theme"):
            pair = (_state(was), _state(is_now))
            states += [(row.kind, row.key, *pair, why)] if pair[0] != pair[1] else []
    return states + counts + says + _of_single_reports(block, causes)


def _unlike(before: Digest, now: Digest) -> pd.DataFrame:
    """Rates of all and of the levels that differ; ``figures`` is None where a run has no such."""
    old, new = (d.frames["rates"].astype(dict.fromkeys(IDS, object)) for d in (before, now))
    both = new.merge(old, on=IDS, how="outer", suffixes=("", "_old"), sort=False, indicator=True)
    sides = [
        both[[f"{c}{end}" for c in FIGURES]].fillna(0).to_numpy(np.int64) for end in ("_old", "")
    ]
    differs, moved = sides[0] != sides[1], (sides[0] != sides[1])[:, : len(WITH)].any(axis=1)
    there = [both["_merge"] != "left_only", both["_merge"] != "right_only"]
    for end, side, has in zip(("_old", ""), sides, there, strict=True):
        figures = zip(side.tolist(), has, strict=True)
        both[f"figures{end}"] = pd.Series([f if h else None for f, h in figures], dtype=object)
        both[f"says{end}"] = both[f"says{end}"].astype(object).where(has, None)
    both = both.assign(differs=differs.any(axis=1), moved=moved)
    # A group or key that only one run has is worth a row where something was counted in it.
    counted = (sides[0] + sides[1])[:, : len(WITH)].any(axis=1)
    unlike = both["differs"] | (both["says"] != both["says_old"])
    return both[unlike & ((both["_merge"] == "both") | counted)]


def _state(figures: Sequence[int] | None) -> str:
    if figures is None:
        return NOT_MENTIONED
    named = dict(zip(FIGURES, figures, strict=True))
    if named["reports_with"]:
        return MENTIONED
    return UNKNOWN if named["reports_unknown"] and not named["reports"] else NOT_MENTIONED


def _say(figures: Sequence[int] | None, kind: str, _key: str, stance: str) -> str | None:
    """“5 份中 3 份，40 个问题段中 8 段，共 9 句；另有 1 份无从判断”."""
    if figures is None:
        return None
    n = dict(zip(FIGURES, figures, strict=True))
    if not n["reports"] and n["reports_unknown"]:
        return f"{n['reports_unknown']} 份{UNKNOWN}"
    unit = "段" if kind == "role" else f"个{PASSAGE_NAMES[stance]}"
    unknown = f"；另有 {n['reports_unknown']} 份{UNKNOWN}" if n["reports_unknown"] else ""
    return (
        f"{n['reports']} 份中 {n['reports_with']} 份，"
        f"{n['passages']} {unit}中 {n['passages_with']} 段，共 {n['sentences_with']} 句{unknown}"
    )


def parse_figures(said: object) -> dict | None:
    """The numbers, and the ``unit`` of passages, of what :func:`_say` wrote; None for others."""
    found = SAID.match(said) if isinstance(said, str) else None
    return found and {k: v if k == "unit" else int(v or 0) for k, v in found.groupdict().items()}


def _block(before: Digest, now: Digest, causes: Causes) -> Block:
    """The reports that differ; all of them where rules do."""
    tables = [d.frames["reports"].set_index("report") for d in (before, now)]
    names = tables[0].index.union(tables[1].index)
    names = names if causes.rules else names[names.isin(list(causes.by_report))]
    keys = [pd.MultiIndex.from_frame(d.frames["cells"][CELL].astype(object)) for d in (before, now)]
    cells = keys[1].append(keys[0].difference(keys[1], sort=False))
    counts, groups, has = [], [], []
    for digest, table, own in zip((before, now), tables, keys, strict=True):
        at, of = table.index.get_indexer(names), own.get_indexer(cells)
        block = digest.counts[np.ix_(at, of)]
        block[at < 0], block[:, of < 0] = 0, 0
        counts.append(block)
        groups.append(table["group"].astype(object).reindex(names).to_numpy())
        has.append(of >= 0)
    shared = names.isin(tables[0].index) & names.isin(tables[1].index)
    return Block(names, cells, *map(tuple, (counts, groups, has)), shared)


def _of_single_reports(block: Block, causes: Causes) -> list[tuple]:
    read = [pd.notna(groups) for groups in block.groups]
    missing = [~(r[:, None] & has) for r, has in zip(read, block.has, strict=True)]
    moved = (block.counts[0] != block.counts[1])[:, :, : len(WITH)].any(axis=2)
    rows = []
    for report, cell in np.argwhere(moved & block.shared[:, None]):
        name, what = block.reports[report], block.cells[cell]
        pair = (
            None if gone[report, cell] else _say(counts[report, cell].tolist(), *what)
            for counts, gone in zip(block.counts, missing, strict=True)
        )
        rows.append(("count", "/".join(("report", name, *what)), *pair, causes.of([name])))
    return rows

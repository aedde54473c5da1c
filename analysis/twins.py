"""The same report twice: read once where the bytes are the same, proposed where the wording is.

Nothing is merged on suspicion: reports that are nearly alike both count until a person says in the
catalogue that they are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.reading import one_line, readable
from analysis.same_as import SameAs
from analysis.schema import check, empty
from analysis.shingles import LENGTH, Pairs, Plain

# Reports with this share of the longer one's shingles in common are proposed as one. With one
# character in ten changed .59 are left; of the 51 reports in `data/` no two have more than .06.
TWIN_FROM = 0.5
TWIN_HINT = 0.1  # below it, by the passages that share wording, nothing more is looked at
QUOTED = 120  # characters of the longest common text that the table keeps


def drop_byte_twins(names: Mapping[Path, str]) -> tuple[dict[Path, str], dict[Path, Path]]:
    """Keep, of files with the same bytes and suffix, the first by the name of the report.

    Returns
    -------
    kept : dict of pathlib.Path to str
    twins : dict of pathlib.Path to pathlib.Path
        File left out → file with the same bytes that was kept.
    """
    alike: dict[tuple, list[Path]] = {}
    for path in sorted(names, key=names.get):
        if path.is_file() and not path.is_symlink():
            alike.setdefault((path.stat().st_size, path.suffix.lower()), []).append(path)
    twins: dict[Path, Path] = {}
    for paths in alike.values():
        first: dict[str, Path] = {}
        for path in paths if len(paths) > 1 else ():
            try:
                mark = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:  # told where it is read
                continue
            if (same := first.setdefault(mark, path)) is not path:
                twins[path] = same
    return {path: name for path, name in names.items() if path not in twins}, twins


def byte_twin_rows(
    twins: Mapping[Path, Path], names: Mapping[Path, str], rows: Iterable[dict]
) -> list[dict]:
    """Rows of ``reports`` for the files that were left out, by the rows of those kept.

    What cannot be read is told of each.
    """
    kept, made = {row["report"]: row for row in rows}, []
    for path, same in twins.items():
        row, file = kept[names[same]], readable(path.name)
        own = {"report": names[path], "file": file, "status": row["status"]}
        if row["status"] == "failed":
            own["message"] = row["message"].replace(one_line(row["file"]), one_line(file), 1)
        else:
            own |= {"status": "twin", "sha256": row["sha256"]}
            own["message"] = f"{file}：与 {row['file']} 逐字节相同，只计后者。"
        made.append(dict.fromkeys(row) | own)
    return made


def find_twins(plain: Plain, pairs: Pairs, same_as: SameAs, reports: pd.DataFrame) -> pd.DataFrame:
    """List the reports that are one: those left out, and those proposed.

    Parameters
    ----------
    plain, pairs
        From :func:`analysis.shingles.read_plain` and :func:`~analysis.shingles.find_pairs`.
    reports : pandas.DataFrame
        Table ``reports``: rows with ``status`` ``twin`` are byte twins.

    Returns
    -------
    pandas.DataFrame
        Table ``twins``; ``report`` is the one left out or, where nothing is decided, the later by
        name.
    """
    by_hash = {row.sha256: row.report for row in reports[reports["status"] == "ok"].itertuples()}
    rows = [
        (row.report, by_hash[row.sha256], "byte", "dropped", 1.0, None)
        for row in reports[reports["status"] == "twin"].itertuples()
    ]
    likely = _likely_twins(plain, pairs, same_as.kept)
    wording = _Wording(plain) if likely or same_as.kept else None
    for report in sorted(likely.keys() | same_as.kept.keys()):
        if report in same_as.kept:
            pair = (report, same_as.kept[report])
            rows.append((*pair, "near", "confirmed", *wording.compare(*pair)))
        else:
            rows += _propose(report, likely[report], wording, same_as.apart)
    return check("twins", pd.DataFrame(rows, columns=empty("twins").columns, dtype=object))


def _propose(report: str, others: Iterable[str], wording: _Wording, apart: set[str]) -> list[tuple]:
    """The first report by name that this one is like; one that a person set apart comes last."""
    for other in sorted(others, key=lambda name: (name in apart, name)):
        if wording.share(report, other) >= TWIN_FROM:
            state = "rejected" if apart & {report, other} else "proposed"
            return [(report, other, "near", state, *wording.compare(report, other))]
    return []


def _likely_twins(plain: Plain, pairs: Pairs, left_out: Iterable[str]) -> dict[str, list[str]]:
    """Reports whose passages share much with those of earlier ones, and these."""
    number = len(plain.names)
    ends = plain.reports[pairs.first], plain.reports[pairs.second]
    keys, which = np.unique(_both(ends, number), return_inverse=True)
    shared = np.bincount(which, weights=pairs.shared, minlength=len(keys))
    of = np.bincount(plain.reports, weights=pairs.of, minlength=number)
    found: dict[str, list[str]] = {}
    for key in keys[shared >= TWIN_HINT * np.maximum(*of[[*np.divmod(keys, max(number, 1))]])]:
        other, report = sorted(plain.names[[*divmod(int(key), number)]])
        if not {other, report} & set(left_out):
            found.setdefault(report, []).append(other)
    return found


def _both(reports: tuple[np.ndarray, np.ndarray], number: int) -> np.ndarray:
    """One key for two reports, whichever comes first."""
    return np.minimum(*reports) * number + np.maximum(*reports)


class _Wording:
    """The shingles of each report, sorted out once."""

    def __init__(self, plain: Plain):
        self.plain = plain
        cuts = plain.begin[np.searchsorted(plain.reports, np.arange(len(plain.names) + 1))]
        self._rows = {name: slice(*cuts[n : n + 2]) for n, name in enumerate(plain.names)}
        self._sets: dict[str, np.ndarray] = {}

    def share(self, report: str, other: str) -> float:
        """Shingles in common, of those of the report that has more."""
        sets = [self._set(name) for name in (report, other)]
        common = np.intersect1d(*sets, assume_unique=True)
        return round(len(common) / max(1, *map(len, sets)), 4)

    def _set(self, report: str) -> np.ndarray:
        if report not in self._sets:
            own = np.sort(self.plain.shingle[self._rows.get(report, slice(0))])
            self._sets[report] = own[np.diff(own, prepend=np.uint64(0)) > 0]
        return self._sets[report]

    def compare(self, report: str, other: str) -> tuple[float, str | None]:
        """The share, and the longest text of a passage of one that stands in the other."""
        share = self.share(report, other)
        return share, self._longest(report, other) if share else None

    def _longest(self, report: str, other: str) -> str:
        own, there = self._rows[report], self._rows[other]
        common = np.isin(self.plain.shingle[own], self._set(other))
        run = np.cumsum(~common)
        rows = np.flatnonzero(common & (run == np.bincount(run[common]).argmax()))
        start, end = own.start + int(rows[0]), own.start + int(rows[-1]) + LENGTH
        text = self.plain.slice(there.start, there.stop)
        while self.plain.slice(start, end) not in text:  # its shingles stand there in another order
            end -= 1
        printed = self.plain.printed(start, end)
        return printed if len(printed) <= QUOTED else f"{printed[:QUOTED]}…"

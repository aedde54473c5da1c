"""All reports: from the cache or computed some at a time, in several processes, and joined."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from analysis.casting import DTYPES
from analysis.catalogue.entries import same_name
from analysis.codebook import Codebook
from analysis.reading import readable
from analysis.schema import TABLES, as_lists
from analysis.study.cache import ReportCache
from analysis.study.per_report import MADE, read_batch

# Reports that go through the stages together: what tables cost once is little for each by then, and
# a worker that is sent them has enough to do.
BATCH = 40


def read_reports(
    names: dict[Path, str],
    book: Codebook,
    catalogue: pd.DataFrame,
    cache: ReportCache | None = None,
    jobs: int = 1,
    decisions: pd.DataFrame | None = None,
) -> Iterator[dict]:
    """Yield what :func:`read_batch` says of each report, in the order of ``names``.

    Parameters
    ----------
    names : dict of pathlib.Path to str
        Name of the report in each file.
    cache : ReportCache, optional
        Asked first; what it lacks is computed and put into it.
    jobs : int
        Number of processes, as joblib counts them (−1: one per core). Any joblib backend will do.
    decisions : pandas.DataFrame, optional
        What the analyst decided, see :func:`analysis.study.overlay.fit_decisions`.
    """
    entries, decided = _entries(catalogue, names), _by_report(decisions)
    tasks = [(r, path, entries[path], decided.get(r, [])) for path, r in names.items()]
    keys = [cache.key(*task) if cache else None for task in tasks]
    kept = [key is not None and cache.has(key) for key in keys]
    computed = _compute([t for t, k in zip(tasks, kept, strict=True) if not k], book, jobs)
    for task, key, is_kept in zip(tasks, keys, kept, strict=True):
        found = cache.get(key) if is_kept else next(computed)
        if found is None:  # damaged
            found, is_kept = read_batch([task], book)[0], False
        if key and not is_kept:
            cache.put(key, found)
        yield found


def _entries(catalogue: pd.DataFrame, names) -> dict[Path, dict[str, str | None]]:
    """The catalogue's row of each file; where it has none, nothing in any of its columns."""
    columns = as_lists(catalogue)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    found, none = {same_name(row["file"]): row for row in rows}, dict.fromkeys(columns)
    return {path: found.get(same_name(readable(path.name)), none) for path in names}


def _by_report(decisions: pd.DataFrame | None) -> dict[str, list[dict]]:
    """The decisions about each report, as plain data."""
    found: dict[str, list[dict]] = {}
    columns = {} if decisions is None else as_lists(decisions)
    for row in zip(*columns.values(), strict=True):
        one = dict(zip(columns, row, strict=True))
        found.setdefault(one["report"], []).append(one)
    return found


def _compute(tasks: Sequence[tuple], book: Codebook, jobs: int) -> Iterator[dict]:
    batches = [tasks[at : at + BATCH] for at in range(0, len(tasks), BATCH)]
    if jobs == 1 or len(batches) < 2:
        return chain.from_iterable(read_batch(batch, book) for batch in batches)
    packed = pickle.dumps(book)
    done = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_read_batch)(batch, packed) for batch in batches
    )
    return chain.from_iterable(done)


def _read_batch(tasks: Sequence[tuple], packed: bytes) -> list[dict]:
    """Run in a worker."""
    return read_batch(tasks, _unpack(packed))


@lru_cache(maxsize=1)
def _unpack(packed: bytes) -> Codebook:
    """The codebook, once per worker: models are made anew for every codebook object."""
    return pickle.loads(packed)


def join_reports(found: Iterable[dict]) -> tuple[dict[str, pd.DataFrame], list[dict], dict]:
    """Put what :func:`read_reports` yields below each other.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Those of :data:`MADE`.
    rows : list of dict
        Of ``reports``, with those that failed.
    sources : dict of str to str
        Source string of each report that was read.
    """
    parts, rows, sources, found = [_join([], {})], [], {}, iter(found)
    same: dict[str, str] = {}  # equal strings, of which there are many, are kept once
    while some := list(islice(found, BATCH)):  # tables are a third as large as plain data
        rows += [one["row"] for one in some]
        sources |= {one["row"]["report"]: one["source"] for one in some if one["tables"]}
        parts.append(_join([one["tables"] for one in some if one["tables"]], same))
    return {n: pd.concat([p[n] for p in parts], ignore_index=True) for n in MADE}, rows, sources


def _join(parts: list[dict], same: dict[str, str]) -> dict[str, pd.DataFrame]:
    return {
        name: pd.DataFrame(
            {
                c.name: _column([part[name][c.name] for part in parts], c.kind, same)
                for c in TABLES[name].columns
            }
        )
        for name in MADE
    }


def _column(parts: list[list], kind: str, same: dict[str, str]) -> pd.api.extensions.ExtensionArray:
    values = list(chain.from_iterable(parts))
    if kind == "str":
        values = [*map(same.setdefault, values, values)]
    return pd.array(values, dtype=DTYPES[kind])

"""What is computed of each report by itself: as plain data, so that it can be kept and sent.

The stage is a pure function of the report's bytes and name, its entry in the catalogue and the
codebook. Its result is made of dicts, lists, strings, numbers and None only: the same whether it
was computed here, in another process, or read from the cache.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from analysis.catalogue import apply_catalogue, describe_report, set_aside
from analysis.catalogue.entries import same_name
from analysis.codebook import Codebook
from analysis.corrections.places import Placed, place_decisions
from analysis.corrections.replay import correct_mentions, correct_roles
from analysis.issues import find_mentions
from analysis.reading import ReadingError, read_source, readable
from analysis.roles import tag_roles
from analysis.schema import DTYPES, TABLES, empty
from analysis.sections import find_problem_section
from analysis.structure import split_report
from analysis.study.cache import ReportCache
from analysis.tables import TABLES_OF_PARTS

BY_HAND = "catalogue"  # the basis of a field that a person entered
# What is cut out of the running text counts as noise; wraps and repairs do not.
NOISE_EDITS = ("marker", "page", "advert", "phonetic")
MADE = (*TABLES_OF_PARTS, "mentions")
# Reports a worker is sent at once, with the codebook: some .8 s of work for 4 MB.
BATCH = 8


def read_reports(
    names: dict[Path, str],
    book: Codebook,
    catalogue: pd.DataFrame,
    cache: ReportCache | None = None,
    jobs: int = 1,
    decisions: pd.DataFrame | None = None,
) -> Iterator[dict]:
    """Yield what :func:`read_report` says of each report, in the order of ``names``.

    Parameters
    ----------
    names : dict of pathlib.Path to str
        Name of the report in each file.
    cache : ReportCache, optional
        Asked first; what it lacks is computed and put into it.
    jobs : int
        Number of processes, as joblib counts them (−1: one per core). Any joblib backend will do.
    """
    entries = _entries(catalogue, names)
    decided = _decisions(decisions, names.values())
    tasks = [(report, path, entries[path], decided[report]) for path, report in names.items()]
    keys = [cache.key(*task) if cache else None for task in tasks]
    kept = [cache.get(key) if key else None for key in keys]
    computed = _compute([t for t, k in zip(tasks, kept, strict=True) if k is None], book, jobs)
    for key, found in zip(keys, kept, strict=True):
        if found is None:
            found = next(computed)
            if key:
                cache.put(key, found)
        yield found


def _entries(catalogue: pd.DataFrame, names) -> dict[Path, pd.DataFrame]:
    """The catalogue's row of each file, or none of its rows; always all of its columns."""
    rows = {same_name(file): at for at, file in enumerate(catalogue["file"])}
    found = {path: rows.get(same_name(readable(path.name))) for path in names}
    return {path: catalogue.iloc[[] if at is None else [at]] for path, at in found.items()}


def _decisions(decisions: pd.DataFrame | None, reports) -> dict[str, list[dict]]:
    """The analyst's decisions about each report, as plain rows."""
    found: dict[str, list[dict]] = {report: [] for report in reports}
    if decisions is not None:
        for row in zip(*(_plain(decisions[c]) for c in decisions), strict=True):
            cells = dict(zip(decisions, row, strict=True))
            if cells["report"] in found:
                found[cells["report"]].append(cells)
    return found


def _compute(tasks: Sequence[tuple], book: Codebook, jobs: int) -> Iterator[dict]:
    batches = [tasks[at : at + BATCH] for at in range(0, len(tasks), BATCH)]
    if jobs == 1 or len(batches) < 2:
        return (read_report(*task[:3], book, task[3]) for task in tasks)
    packed = pickle.dumps(book)
    done = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_read_batch)(batch, packed) for batch in batches
    )
    return chain.from_iterable(done)


def _read_batch(tasks: Sequence[tuple], packed: bytes) -> list[dict]:
    """Run in a worker."""
    return [read_report(*task[:3], _unpack(packed), task[3]) for task in tasks]


@lru_cache(maxsize=1)
def _unpack(packed: bytes) -> Codebook:
    """The codebook, once per worker: models are made anew for every codebook object."""
    return pickle.loads(packed)


def read_report(
    report: str, path: Path, entry: pd.DataFrame, book: Codebook, decisions: Sequence[dict] = ()
) -> dict:
    """Read one report and find its parts, roles and issues.

    Parameters
    ----------
    report : str
        Its name.
    path : pathlib.Path
        Its file; one that cannot be read gives a row with ``status`` ``failed``.
    entry : pandas.DataFrame
        Table ``catalogue`` with at most this report's row.
    decisions : list of dict
        What the analyst decided about it, see :func:`analysis.study.overlay.fit_decisions`.

    Returns
    -------
    dict
        ``row``: columns of ``reports``; ``tables``: name of :data:`MADE` → column → list of
        values, None where there is none; ``source``: the source string. The latter two are None
        for a report that failed.
    """
    blank = dict.fromkeys(empty("reports").columns)
    try:
        read = read_source(path)
    except ReadingError as error:
        row = {
            "report": report,
            "file": readable(path.name),
            "status": "failed",
            "message": str(error),
        }
        return {"row": blank | row, "tables": None, "source": None}
    parts = split_report(report, read.text, book)
    row = blank | describe_report(report, readable(path.name), read.text, parts.sentences, book)
    row |= {"sha256": read.sha256, "status": "ok", "message": read.note}
    row = apply_catalogue(pd.DataFrame([row], dtype=object), entry).iloc[0].to_dict()
    genre = row["genre"]
    entered = row["genre_basis"] == BY_HAND
    kept = set_aside(parts.sentences, parts.passages, book, entered=entered)
    sentences, passages, aside = kept
    sentences, passages = tag_roles(sentences, passages, book, genre=genre)
    placed = _place(decisions, {report: read.text}, sentences, passages)
    sentences, passages = correct_roles(sentences, passages, placed, book)
    state, basis = find_problem_section(sentences, passages, book, genre=genre)
    row["problem_section"] = state
    row["message"] = "；".join(part for part in (row["message"], aside, basis) if part) or None
    row["characters"] = len("".join(read.text.split()))
    row["noise_characters"] = _count_noise(read.text, sentences, parts.edits)
    made = {"edits": parts.edits, "passages": passages, "sentences": sentences}
    mentions = find_mentions(sentences, parts.edits, {report: read.text}, book)
    made["mentions"] = correct_mentions(mentions, sentences, placed, {report: read.text}, book)
    row = {name: _plain(pd.Series([value], dtype=object))[0] for name, value in row.items()}
    tables = {name: {c: _plain(made[name][c]) for c in made[name]} for name in MADE}
    return {"row": row, "tables": tables, "source": read.text}


def _place(decisions: list[dict], sources, sentences, passages) -> list[Placed]:
    """Where the decisions are about; those that fit nowhere are told by the run as a whole."""
    return (
        place_decisions(pd.DataFrame(decisions), sources, sentences, passages)[0]
        if decisions
        else []
    )


def _plain(values: pd.Series) -> list:
    """Values as Python's own, None where there is none."""
    cells = values.astype(object).where(values.notna(), None).tolist()
    return [cell.item() if hasattr(cell, "item") else cell for cell in cells]


def _count_noise(source: str, sentences: pd.DataFrame, edits: pd.DataFrame) -> int:
    noise = sentences[sentences["role"] == "noise"]
    inside = edits[edits["kind"].isin(NOISE_EDITS)]
    spans = [*zip(noise["start"], noise["end"], strict=True)]
    spans += [*zip(inside["start"], inside["end"], strict=True)]
    return sum(len("".join(source[start:end].split())) for start, end in spans)


def join_tables(parts: Sequence[dict]) -> dict[str, pd.DataFrame]:
    """Put the tables of :func:`read_report` below each other."""
    return {
        name: pd.DataFrame(
            {
                column.name: pd.Series(
                    list(chain.from_iterable(part["tables"][name][column.name] for part in parts)),
                    dtype=DTYPES[column.kind],
                )
                for column in TABLES[name].columns
            }
        )
        for name in MADE
    }

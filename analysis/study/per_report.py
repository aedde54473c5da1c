"""What is computed of each report by itself: as plain data, so that it can be kept and sent.

The stage is a pure function of the report's bytes and name, its entry in the catalogue and the
codebook. Its result is made of dicts, lists, strings, numbers and None only: the same whether it
was computed here, in another process, or read from the cache.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from analysis.catalogue import apply_catalogue, describe_report, set_aside
from analysis.catalogue.entries import same_name
from analysis.codebook import Codebook
from analysis.issues import find_mentions
from analysis.reading import ReadingError, Source, read_source, readable
from analysis.roles import tag_roles
from analysis.schema import DTYPES, TABLES, as_lists
from analysis.sections import find_problem_sections
from analysis.structure import split_reports
from analysis.study.cache import ReportCache
from analysis.tables import TABLES_OF_PARTS
from analysis.themes import tag_themes

BY_HAND = "catalogue"  # the basis of a field that a person entered
# What is cut out of the running text counts as noise; wraps and repairs do not.
NOISE_EDITS = ("marker", "page", "advert", "phonetic")
MADE = (*TABLES_OF_PARTS, "mentions")
# Reports that go through the stages together: what tables cost once is little for each by then, and
# a worker that is sent them has enough to do.
BATCH = 40


def read_reports(
    names: dict[Path, str],
    book: Codebook,
    catalogue: pd.DataFrame,
    cache: ReportCache | None = None,
    jobs: int = 1,
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
    """
    entries = _entries(catalogue, names)
    tasks = [(report, path, entries[path]) for path, report in names.items()]
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


def read_batch(tasks: Sequence[tuple[str, Path, pd.DataFrame]], book: Codebook) -> list[dict]:
    """Read some reports and find the parts, roles, issues and themes of each by itself.

    They go through the stages together only because a table of many costs little more than a table
    of one; no report changes what is found in another.

    Parameters
    ----------
    tasks : sequence of tuple
        For each report its name; its file; table ``catalogue`` with at most its row. A file that
        cannot be read gives a row with ``status`` ``failed``.

    Returns
    -------
    list of dict
        One per task. ``row``: columns of ``reports``; ``tables``: name of :data:`MADE` → column →
        list of values, None where there is none; ``source``: the source string. The latter two are
        None for a report that failed.
    """
    found, read = {}, {}
    blank = dict.fromkeys(TABLES["reports"].names)
    for report, path, _ in tasks:
        row = {"report": report, "file": readable(path.name)}
        try:
            read[report] = read_source(path)
            row |= {"status": "ok", "message": read[report].note, "sha256": read[report].sha256}
        except ReadingError as error:
            row |= {"status": "failed", "message": str(error)}
        found[report] = {"row": blank | row, "tables": None, "source": None}
    if read:
        entries = pd.concat([entry for report, _, entry in tasks if report in read])
        rows = {report: found[report]["row"] for report in read}
        for report, row, tables in _find_all(rows, read, entries, book):
            found[report] = {"row": row, "tables": tables, "source": read[report].text}
    return [found[report] for report, *_ in tasks]


def _find_all(rows: dict[str, dict], read: dict[str, Source], entries, book: Codebook) -> Iterator:
    """Yield name, row and tables of each report that could be read."""
    sources = {report: source.text for report, source in read.items()}
    parts = split_reports(sources, book)
    places = rows_by_report(parts.sentences["report"])
    for report in sources:
        own = parts.sentences.iloc[places.get(report, slice(0))]
        rows[report] |= describe_report(report, rows[report]["file"], sources[report], own, book)
    reports = apply_catalogue(pd.DataFrame([*rows.values()], dtype=object), entries)
    rows = dict(zip(rows, reports.astype(object).to_dict("records"), strict=True))
    genres = {report: row["genre"] for report, row in rows.items()}
    entered = {report for report, row in rows.items() if row["genre_basis"] == BY_HAND}
    sentences, passages, aside = set_aside(parts.sentences, parts.passages, book, entered=entered)
    sentences, passages = tag_roles(sentences, passages, book, genre=genres)
    states = find_problem_sections(sentences, passages, book, genres)
    mentions = find_mentions(sentences, parts.edits, sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    made = {"edits": parts.edits, "passages": passages, "sentences": sentences}
    for report, tables in _split_tables(made | {"mentions": mentions}, rows).items():
        row, source, (state, basis) = rows[report], sources[report], states[report]
        notes = (row["message"], aside.get(report), basis)
        row |= {
            "problem_section": state,
            "message": "；".join(note for note in notes if note) or None,
            "characters": len("".join(source.split())),
            "noise_characters": _count_noise(source, tables["sentences"], tables["edits"]),
        }
        yield report, row, tables


def rows_by_report(reports: Iterable[str]) -> dict[str, slice]:
    """Where the rows of each report stand in a table that holds reports below each other."""
    found, at = {}, 0
    for report, group in groupby(reports):
        end = at + sum(1 for _ in group)
        found[report], at = slice(at, end), end
    return found


def _split_tables(made: dict[str, pd.DataFrame], reports: Iterable[str]) -> dict[str, dict]:
    """Report → table → column → values."""
    found: dict[str, dict] = {report: {} for report in reports}
    for name in MADE:
        columns, places = as_lists(made[name]), rows_by_report(made[name]["report"])
        for report, tables in found.items():
            at = places.get(report, slice(0))
            tables[name] = {column: values[at] for column, values in columns.items()}
    return found


def _count_noise(source: str, sentences: dict[str, list], edits: dict[str, list]) -> int:
    spans = [
        (start, end)
        for rows, key, noise in ((sentences, "role", ("noise",)), (edits, "kind", NOISE_EDITS))
        for start, end, value in zip(rows["start"], rows["end"], rows[key], strict=True)
        if value in noise
    ]
    return sum(len("".join(source[start:end].split())) for start, end in spans)


def join_tables(parts: Sequence[dict]) -> dict[str, pd.DataFrame]:
    """Put the tables of :func:`read_batch` below each other."""
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

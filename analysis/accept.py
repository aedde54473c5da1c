"""Proposed rows as files that a person judges, and accepted ones as rows of the codebook.

Nothing enters the codebook but rows marked 是, all of them or none: each is tested first, the whole
codebook is read once with the new rows in it, and only then are its files replaced.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.cell_reading import read_cells
from analysis.cell_writing import write_cells
from analysis.cells import place
from analysis.codebook import FILE_NAMES, Codebook, load_codebook
from analysis.errors import AnalysisError
from analysis.regexes import RegexError, compile_regex
from analysis.schema import TABLES, empty, read_table, suggest, write_table

DECISION, YES, NO = "采纳", "是", "否"
TARGETS = {"proposed_patterns": "patterns", "proposed_terms": "theme_terms"}
IDENTITY = {"proposed_patterns": ["issue", "regex"], "proposed_terms": ["theme", "term"]}


class ProposalError(AnalysisError):
    """A proposal cannot be accepted, or is still undecided; one line of Chinese for the analyst."""


def read_proposals(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the files of proposals; a missing one is an empty table."""
    paths = {name: folder / f"{name}.csv" for name in TARGETS}
    return {n: read_table(n, p) if p.is_file() else empty(n) for n, p in paths.items()}


def save_proposals(folder: Path, proposals: Mapping[str, pd.DataFrame]) -> None:
    """Write proposals for a person to judge; what was rejected before is kept and not asked again.

    Raises
    ------
    ProposalError
        Rows marked 是 are not in the codebook yet; they would be lost.
    """
    before = read_proposals(folder)
    waiting = sum(int((rows[DECISION] == YES).sum()) for rows in before.values())
    if waiting:
        raise ProposalError(
            f"上次的建议中有 {waiting} 条填了“{YES}”，还没有写入编码手册；请先运行 "
            f"python -m analysis suggest --accept，或把它们改成“{NO}”。"
        )
    for name, new in proposals.items():
        rejected = before[name][before[name][DECISION] == NO]
        rows = pd.concat([rejected, new]).drop_duplicates(IDENTITY[name])
        rows = rows.sort_values(DECISION, kind="stable", na_position="first")
        _write(name, rows, folder)


def judge_proposal(folder: Path, name: str, identity: Sequence[str], decision: str) -> None:
    """Write :data:`YES` or :data:`NO` beside one proposed row.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the proposals.
    name : {"proposed_patterns", "proposed_terms"}
    identity : sequence of str
        The row's cells of :data:`IDENTITY`.
    decision : str

    Raises
    ------
    ProposalError
        The row is not there any more.
    """
    rows = read_proposals(folder)[name]
    mine = (rows[IDENTITY[name]] == list(identity)).all(axis=1)
    if not mine.any():
        raise ProposalError(f"{name}.csv 里已经没有“{identity[-1]}”这一条，请重新找建议。")
    rows.loc[mine, DECISION] = decision
    _write(name, rows, folder)


def accept_proposals(folder: Path, codebook: Path) -> dict[str, int]:
    """Append the rows marked 是 to ``patterns.csv`` and ``theme_terms.csv``.

    Parameters
    ----------
    folder, codebook : pathlib.Path
        Folder of the proposals; folder of the codebook.

    Returns
    -------
    dict of str to int
        Number of rows appended, by name of the codebook's table.

    Raises
    ------
    ProposalError, SchemaError
        A row is not fit; the codebook stays as it was. The message names file, row and fix.
    """
    book, proposals = load_codebook(codebook), read_proposals(folder)
    accepted = {name: rows[rows[DECISION] == YES] for name, rows in proposals.items()}
    _check_patterns(accepted["proposed_patterns"], book)
    _check_terms(accepted["proposed_terms"], book)
    if any(len(rows) for rows in accepted.values()):
        _append(accepted, folder, codebook)
    for name, rows in proposals.items():
        if len(accepted[name]):
            _write(name, rows.drop(accepted[name].index), folder)
    return {TARGETS[name]: len(rows) for name, rows in accepted.items()}


def _check_patterns(rows: pd.DataFrame, book: Codebook) -> None:
    table = book["patterns"]
    classes = dict(book["word_classes"][["word_class", "words"]].itertuples(index=False))
    keys = set(table["pattern"])
    known = set(zip(table["issue"], table["regex"], strict=True))
    for at, row in rows.iterrows():
        where = place("proposed_patterns.csv", at)
        _check_key(row["issue"], set(book["issues"]["issue"]), "issue", where)
        if (row["issue"], row["regex"]) in known or row["pattern"] in keys:
            raise ProposalError(
                f"{where}：编码手册里已有这一条（{row['pattern']}），请改成“{NO}”。"
            )
        try:
            compiled = compile_regex(row["regex"], classes)
        except RegexError as error:
            raise ProposalError(f"{where}：{error}。") from None
        for column, wanted in (("example", True), ("counterexample", False)):
            if bool(compiled.search(row[column])) != wanted:
                fault = "没有命中例句" if wanted else "命中了反例"
                raise ProposalError(
                    f"{where}：regex “{row['regex']}” {fault}“{row[column]}”，请改正其中之一。"
                )
        keys.add(row["pattern"])


def _check_terms(rows: pd.DataFrame, book: Codebook) -> None:
    known = set(zip(book["theme_terms"]["theme"], book["theme_terms"]["term"], strict=True))
    for at, row in rows.iterrows():
        where = place("proposed_terms.csv", at)
        _check_key(row["theme"], set(book["theme_names"]["theme"]), "theme", where)
        if (row["theme"], row["term"]) in known:
            raise ProposalError(f"{where}：编码手册里已有“{row['term']}”，请改成“{NO}”。")


def _check_key(value: str, allowed: set[str], column: str, where: str) -> None:
    if value not in allowed:
        hint = suggest(value, sorted(allowed)) or f"；可用：{'、'.join(sorted(allowed))}。"
        raise ProposalError(f"{where}：{column} “{value}” 不在编码手册中{hint}")


def _append(accepted: Mapping[str, pd.DataFrame], folder: Path, codebook: Path) -> None:
    """Write the new files beside the old ones' copies, read them all, then replace."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        trial = Path(temporary) / "codebook"
        shutil.copytree(codebook, trial)
        changed = [TARGETS[name] for name, rows in accepted.items() if len(rows)]
        for name, rows in accepted.items():
            path = trial / FILE_NAMES[TARGETS[name]]
            columns = TABLES[TARGETS[name]].names
            cells = read_cells(path)
            new = rows[columns].astype(object).where(rows[columns].notna(), None)
            if "weight" in new:
                new["weight"] = [f"{weight:g}" for weight in new["weight"]]
            whole = pd.concat([cells, new])[list(cells.columns)]
            write_cells(path, list(cells.columns), whole.itertuples(index=False, name=None))
        load_codebook(trial)
        for name in changed:
            (trial / FILE_NAMES[name]).replace(codebook / FILE_NAMES[name])


def _write(name: str, rows: pd.DataFrame, folder: Path) -> None:
    unfinished = folder / f"{name}.csv.part"
    folder.mkdir(parents=True, exist_ok=True)
    write_table(name, rows, unfinished)
    unfinished.replace(folder / f"{name}.csv")

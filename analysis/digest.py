"""What a comparison needs of a run, small and typed, so that no large table is read for it.

A digest is saved beside the results as one ``.npz`` file without pickled objects: numbers as they
are, texts as codes into a list. It is never the only copy of anything: where it is missing, damaged
or of another :data:`VERSION`, the tables say the same.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.counting import CELL, group_reports, number_cells
from analysis.schema import own_columns

VERSION = 1
WITH = ("reports_with", "passages_with", "sentences_with")
FIGURES = (*WITH, "reports", "reports_unknown", "passages", "sentences")
SPAN = ["report", "start", "end"]
ENTERED = ("title", "level", "region", "issuer", "date", "genre")  # what a person may enter
QUOTED = 40  # characters of a passage that say which one is meant
TABLES = ("reports", "sentences", "mentions", "clusters", "rates")
LATER_TABLES = ("unexplained", "themes")  # an older program did not write them


@dataclass(frozen=True)
class Digest:
    """What is compared of a run.

    Attributes
    ----------
    inputs : mapping
        As in the manifest.
    frames : mapping of str to pandas.DataFrame
        ``reports`` (what was read and entered; ``group``: the level it counts in, missing for one
        that failed), ``cells`` (:data:`CELL`), ``rates`` (of all reports and of the levels),
        ``labels`` and ``mentions`` of sentences, ``unexplained``, ``themes``, ``proposed``.
        ``report`` in ``labels`` and ``unexplained`` is a row of ``reports``, ``sentence`` in
        ``mentions`` one of ``labels``.
    counts : numpy.ndarray
        Rows of ``reports`` × ``cells`` × :data:`FIGURES`.
    """

    inputs: Mapping
    frames: Mapping[str, pd.DataFrame]
    counts: np.ndarray


class DigestError(ValueError):
    """The bytes are no digest of this version."""


def make_digest(tables: Mapping[str, pd.DataFrame], inputs: Mapping) -> Digest:
    """Pick out of the tables of a run what is compared.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        :data:`TABLES`, and :data:`LATER_TABLES` where they are; in the table ``reports`` columns
        may be missing. What is missing is not compared.
    inputs : mapping
        As in the manifest.
    """
    reports = _reports(tables["reports"])
    names = pd.Index(reports["report"])
    cells, counts = _counts(tables["rates"], names)
    labels = _spans(tables["sentences"], names, ["role", "theme"])
    mentions = tables["mentions"]
    place = pd.Index(tables["sentences"]["sentence"]).get_indexer(mentions["sentence"])
    clusters, rates = tables["clusters"], tables["rates"]
    frames = {
        "reports": reports,
        "cells": cells,
        "rates": rates.loc[rates["by"] != "report", ["by", "group", *CELL, *FIGURES, "says"]],
        "labels": labels,
        "mentions": mentions[["issue", "stance"]].assign(sentence=place),
        "proposed": clusters.loc[clusters["proposed"].astype(bool), ["words", "says"]],
    }
    if "unexplained" in tables:
        quotes = tables["unexplained"].assign(quote=tables["unexplained"]["quote"].str[:QUOTED])
        frames["unexplained"] = _spans(quotes, names, ["quote"])
    if "themes" in tables:
        frames["themes"] = tables["themes"][["theme", "unstable"]].astype({"unstable": int})
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    return Digest(inputs, frames, counts)


def _reports(reports: pd.DataFrame) -> pd.DataFrame:
    basis = [f"{column}_basis" for column in ENTERED]
    known = ["report", "sha256", "status", *ENTERED, *basis, "problem_section"]
    frame = reports.reindex(columns=[*known, *own_columns("reports", reports.columns)])
    for column in basis:  # only who decided is compared, not the words quoted
        frame[column] = frame[column].where(frame[column] == "catalogue")
    return frame.assign(group=frame["report"].map(group_reports(reports, "level").astype(object)))


def _counts(rates: pd.DataFrame, names: pd.Index) -> tuple[pd.DataFrame, np.ndarray]:
    """The figures of single reports as a block: they are most of the table ``rates``."""
    rows = rates[(rates["by"] == "report").to_numpy()]
    cell, cells = number_cells(rows)
    counts = np.zeros((len(names), len(cells), len(FIGURES)), dtype=np.int64)
    counts[names.get_indexer(rows["group"]), cell] = rows[list(FIGURES)].to_numpy(np.int64)
    return cells, counts


def _spans(frame: pd.DataFrame, names: pd.Index, columns: list[str]) -> pd.DataFrame:
    own, reports = pd.factorize(frame["report"])
    place = names.get_indexer(reports)[own] if len(frame) else own
    spans = {c: frame[c].to_numpy(np.int64) for c in ("start", "end")}
    return pd.DataFrame({"report": place, **spans} | {c: frame[c].to_numpy() for c in columns})


def pack(digest: Digest) -> bytes:
    """Return the bytes of a digest: the same for the same run."""
    arrays = {"version": np.array(VERSION), "inputs": _text(digest.inputs)}
    arrays["counts"] = _small(digest.counts)
    for name, frame in sorted(digest.frames.items()):
        arrays[name] = _text(list(frame.columns))
        for place, (_, values) in enumerate(frame.items()):
            if pd.api.types.is_integer_dtype(values.dtype):
                arrays[f"{name}/{place}"] = _small(values.to_numpy(np.int64))
                continue
            codes, texts = pd.factorize(values)
            arrays[f"{name}/{place}"] = _small(codes)
            arrays[f"{name}/{place}/texts"] = _text(list(texts))
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _text(value: object) -> np.ndarray:
    """JSON as bytes: quicker to read and smaller than numpy's text of fixed width."""
    return np.frombuffer(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), np.uint8)


def _small(values: np.ndarray) -> np.ndarray:
    least = values.min(initial=0), values.max(initial=0)
    return values.astype(np.result_type(*map(np.min_scalar_type, least)))


def unpack(raw: bytes) -> Digest:
    """Return the digest of these bytes.

    Raises
    ------
    DigestError
        They are none, or one of another version.
    """
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            if int(arrays["version"]) != VERSION:
                raise DigestError("version")
            names = {name for name in arrays.files if f"{name}/0" in arrays.files}
            frames = {name: _frame(arrays, name) for name in sorted(names)}
            return Digest(_json(arrays["inputs"]), frames, arrays["counts"].astype(np.int64))
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, EOFError):
        raise DigestError("no digest") from None


def _json(array: np.ndarray) -> object:
    return json.loads(array.tobytes())


def _frame(arrays, name: str) -> pd.DataFrame:
    columns = {}
    for place, column in enumerate(_json(arrays[name])):
        values, texts = arrays[f"{name}/{place}"], f"{name}/{place}/texts"
        if texts in arrays.files:
            texts = np.array([*_json(arrays[texts]), np.nan], dtype=object)
            columns[column] = pd.Series(texts[values], dtype="str")  # a missing one has code -1
        else:
            columns[column] = values.astype(np.int64)
    return pd.DataFrame(columns)

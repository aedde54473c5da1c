"""Train the codebook's models anew, on command; and without one report, to judge it fairly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis.codebook import FILE_NAMES, Codebook, load_codebook
from analysis.labels import LABEL_FILES, join_labels, load_labels
from analysis.reading import read_source
from analysis.results import file_hash
from analysis.schema import write_table
from analysis.study.training import (
    BANK,
    Example,
    load_bank,
    read_examples,
    train_models,
    train_without,
)
from analysis.workspace import Workspace, find_workspace

LEARNED = ("learned_ngrams", "learned_context")
RECIPE = "learned.json"


def train_codebook(workspace: Workspace | Path | str | None = None) -> dict:
    """Train the models on ``data/gold`` and ``data/training``; write them into the codebook.

    Returns
    -------
    dict
        The recipe, as written to ``learned.json``: what the models were made of.

    Raises
    ------
    LabelError
        There are no labels, or a row of them does not fit.
    """
    workspace = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    book, folders = load_codebook(workspace.codebook), training_folders(workspace)
    examples, bank = load_training(folders, book)
    trained = train_models(examples, bank, book)
    for name in LEARNED:
        write_table(name, trained[name], workspace.codebook / FILE_NAMES[name])
    recipe = {
        "command": "python -m analysis train",
        "labels": {str(p.relative_to(workspace.root)): file_hash(p) for p in _files(folders)},
        "reports": len(examples),
        "sentences": int(sum(len(example.sentences) for example in examples)),
        "bank": len(bank),
        "ngrams": len(trained["learned_ngrams"]),
        "scikit-learn": version("scikit-learn"),
    }
    text = json.dumps(recipe, ensure_ascii=False, indent=2) + "\n"
    (workspace.codebook / RECIPE).write_text(text, encoding="utf-8", newline="\n")
    return recipe


def training_folders(workspace: Workspace) -> list[Path]:
    """The label folders of a workspace that the models are trained on."""
    return [f for f in (workspace.gold, workspace.training) if f.is_dir()]


def load_training(folders: Iterable[Path], book: Codebook) -> tuple[list[Example], pd.DataFrame]:
    """Read the labelled reports and the bank of sentences of some folders."""
    folders = list(folders)
    examples = read_examples(join_labels([load_labels(folder) for folder in folders]), book)
    return examples, pd.concat([load_bank(folder) for folder in folders], ignore_index=True)


def make_retrain(workspace: Workspace, files: Iterable[Path], book: Codebook) -> Callable:
    """Return the ``retrain`` of :func:`analysis.leave_out.leave_out` for some labelled reports.

    A report left out is known again in the training data by its content, whatever its file is
    called there. Where there is nothing to train on, the models stay as they are.
    """
    folders = training_folders(workspace)
    if not folders:
        return lambda book, others: book
    examples, bank = load_training(folders, book)
    books = train_without(examples, bank, book)
    by_hash = {example.sha256: books[example.report] for example in examples}
    hashes = {path: read_source(path).sha256 for path in files}

    def retrain(book: Codebook, others: Iterable[Path]) -> Codebook:
        left_out = [hashes[path] for path in hashes.keys() - set(others)]
        trained = next((by_hash[h] for h in left_out if h in by_hash), book)
        return Codebook(book.tables | {name: trained[name] for name in LEARNED})

    return retrain


def _files(folders: list[Path]) -> list[Path]:
    names = (*LABEL_FILES, BANK)
    return sorted(folder / n for folder in folders for n in names if (folder / n).is_file())

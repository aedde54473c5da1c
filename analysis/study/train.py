"""Train the codebook's models anew, on command; and without one report, to judge it fairly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis.codebook import FILE_NAMES, Codebook, load_codebook
from analysis.labels import LABEL_FILES, LabelError, load_labels
from analysis.reading import read_source
from analysis.results import file_hash
from analysis.schema import write_table
from analysis.study.taught import TIMES, load_taught
from analysis.study.training import (
    BANK,
    Example,
    load_bank,
    read_examples,
    train_models,
    train_without,
)
from analysis.workspace import CHECKOUT, Workspace, find_workspace

LEARNED = ("learned_ngrams", "learned_context")
RECIPE = "learned.json"


def train_codebook(workspace: Workspace | Path | str | None = None) -> dict:
    """Train the models on ``data/gold`` and ``data/training``; write them into the codebook.

    Sentences that an analyst corrected or confirmed count too, see :mod:`analysis.study.taught`.

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
    if not folders:
        raise LabelError("没有可用来训练的标注：data/gold 和 data/training 都不存在。")
    examples, bank = load_training(folders, book)
    taught = load_taught(workspace, book)
    trained = train_models(examples, pd.concat([bank, *[taught] * TIMES]), book)
    for name in LEARNED:
        write_table(name, trained[name], workspace.codebook / FILE_NAMES[name])
    recipe = {
        "command": "python -m analysis train",
        "labels": {_shown(p, workspace): file_hash(p) for p in _files(folders)},
        "reports": {example.report: example.sha256 for example in examples},
        "sentences": int(sum(len(example.sentences) for example in examples)),
        "bank": len(bank),
        **({"corrected": len(taught)} if len(taught) else {}),
        "ngrams": len(trained["learned_ngrams"]),
        "scikit-learn": version("scikit-learn"),
    }
    text = json.dumps(recipe, ensure_ascii=False, indent=2) + "\n"
    (workspace.codebook / RECIPE).write_text(text, encoding="utf-8", newline="\n")
    return recipe


def training_folders(workspace: Workspace) -> list[Path]:
    """The label folders that the models are trained on: the workspace's and the program's own.

    An office adds its labels to those that the program came with; on a few reports alone the
    models would unlearn nearly everything.
    """
    shipped = Workspace(CHECKOUT)
    folders = (workspace.gold, workspace.training, shipped.gold, shipped.training)
    return list(dict.fromkeys(f.resolve() for f in folders if _has_labels(f)))


def _has_labels(folder: Path) -> bool:
    return any((folder / name).is_file() for name in LABEL_FILES)


def load_training(folders: Iterable[Path], book: Codebook) -> tuple[list[Example], pd.DataFrame]:
    """Read the labelled reports and the bank of sentences of some folders.

    A report that two folders have (a copy of ``data/gold``) counts once, as labelled in the first.
    """
    examples, banks = [], []
    for folder in folders:
        known = {example.sha256 for example in examples}
        own = [e for e in read_examples(load_labels(folder), book) if e.sha256 not in known]
        examples += own
        banks.append(load_bank(folder))
    names = [example.report for example in examples]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise LabelError(f"用来训练的报告中有重名的：{'、'.join(double)}，请把其中一份改名。")
    return examples, pd.concat(banks, ignore_index=True).drop_duplicates()


def make_retrain(workspace: Workspace, files: Iterable[Path], book: Codebook) -> Callable:
    """Return the ``retrain`` of :func:`analysis.leave_out.leave_out` for some labelled reports.

    A report left out is known again in the training data by its content, whatever its file is
    called there. One that the models of the codebook were not trained on (``learned.json``) is
    judged by them as they are.
    """
    recipe = workspace.codebook / RECIPE
    trained_on = json.loads(recipe.read_text("utf-8"))["reports"] if recipe.is_file() else {}
    hashes = {path: read_source(path).sha256 for path in files}
    folders = training_folders(workspace)
    if not folders or not set(trained_on.values()) & set(hashes.values()):
        return lambda book, others: book
    examples, bank = load_training(folders, book)
    books = train_without(examples, bank, book)
    by_hash = {example.sha256: books[example.report] for example in examples}

    def retrain(book: Codebook, others: Iterable[Path]) -> Codebook:
        left_out = [hashes[path] for path in hashes.keys() - set(others)]
        trained = next((by_hash[h] for h in left_out if h in by_hash), book)
        return Codebook(book.tables | {name: trained[name] for name in LEARNED})

    return retrain


def _shown(path: Path, workspace: Workspace) -> str:
    inside = path.is_relative_to(workspace.root)
    return path.relative_to(workspace.root if inside else CHECKOUT).as_posix()


def _files(folders: list[Path]) -> list[Path]:
    names = (*LABEL_FILES, BANK)
    return sorted(folder / n for folder in folders for n in names if (folder / n).is_file())

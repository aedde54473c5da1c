"""Train the models of the codebook from labels: on command only, never by a run.

Training data are label folders (reports labelled sentence by sentence) and a bank of labelled
single sentences, ``bank.tsv`` beside them. The result is plain tables of the codebook
(:mod:`analysis.textmodel`, :mod:`analysis.role_features`) that name every weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.agreement import match_best
from analysis.catalogue import describe_report
from analysis.codebook import Codebook
from analysis.labels import Labels
from analysis.reading import read_source
from analysis.roles import DEFAULT_GENRE
from analysis.schema import check
from analysis.structure import split_report
from analysis.study.context_training import list_issue_rows, list_role_rows, train_context
from analysis.study.word_training import WordTraining
from analysis.vocabulary import GENRES

# Parts of the reports, each judged by word models trained without it: the context models must
# learn how far to trust the words on reports that they have not seen.
FOLDS = 4
BANK = "bank.tsv"
LABELS = ["role", "theme", "issues", "stances"]
COLUMNS = ["report", "role", "theme", "issues", "stances", "text"]


@dataclass(frozen=True)
class Example:
    """A labelled report as structure sees it; ``sentences`` has the labels as ``label_…``.

    ``sha256`` tells it from others whatever the name of its file.
    """

    report: str
    sentences: pd.DataFrame
    passages: pd.DataFrame
    genre: str
    sha256: str


def load_bank(folder: Path) -> pd.DataFrame:
    """Read ``bank.tsv`` of a folder, :data:`COLUMNS` without reports; empty if there is none."""
    path = Path(folder) / BANK
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    table = pd.read_csv(path, sep="\t", quoting=3, dtype="str", encoding="utf-8")
    return table.assign(report=pd.NA)[COLUMNS]


def read_examples(labels: Labels, book: Codebook) -> list[Example]:
    """Read and split the labelled reports and give their sentences the labels."""
    return [_read_example(report, path, labels, book) for report, path in labels.files.items()]


def train_models(examples: list[Example], bank: pd.DataFrame, book: Codebook) -> Codebook:
    """Train every model anew.

    Parameters
    ----------
    examples : list of Example
        Reports labelled sentence by sentence, from :func:`read_examples`.
    bank : pandas.DataFrame
        Single sentences: :data:`COLUMNS`, as in :attr:`analysis.labels.Labels.sentences`.
    book : Codebook
        Everything but the tables ``learned_…`` is used.

    Returns
    -------
    Codebook
        The same with new tables ``learned_ngrams`` and ``learned_context``.
    """
    words, unseen = _train_words(examples, bank, book)
    return _with_context(words.train(), examples, _list_rows(examples, unseen))


def train_without(
    examples: list[Example], bank: pd.DataFrame, book: Codebook
) -> dict[str, Codebook]:
    """Train, for every report, models that have not seen it.

    Returns
    -------
    dict of str to Codebook
        By name of the report. The reports are left out in :data:`FOLDS` parts, so the models of
        one have not seen some others either.
    """
    _, unseen = _train_words(examples, bank, book)
    rows, made = _list_rows(examples, unseen), {}
    for part in {id(book): book for book in unseen.values()}.values():
        rest = [example for example in examples if unseen[example.report] is not part]
        trained = _with_context(part, rest or examples, rows)
        made |= {report: trained for report, book in unseen.items() if book is part}
    return made


def _train_words(examples, bank, book) -> tuple[WordTraining, dict[str, Codebook]]:
    """Word models in the making, and by report those trained without its part of the reports."""
    texts = pd.concat([*map(_list_texts, examples), bank], ignore_index=True)
    words, unseen = WordTraining(texts, book), {}
    for first in range(min(FOLDS, len(examples))):
        names = [example.report for example in examples[first::FOLDS]]
        rows = ~words.texts["report"].isin(names).to_numpy()
        if len(names) == len(examples):  # a single report: better judged by itself than not at all
            rows[:] = True
        unseen |= dict.fromkeys(names, words.train(rows))
    return words, unseen


def _list_rows(examples, unseen: dict[str, Codebook]) -> dict[str, tuple[list, list]]:
    books = {example.report: (example, unseen[example.report]) for example in examples}
    return {r: (list_role_rows(*pair), list_issue_rows(*pair)) for r, pair in books.items()}


def _with_context(book: Codebook, examples, rows) -> Codebook:
    own = [rows[example.report] for example in examples]
    context = train_context(
        [row for part, _ in own for row in part], [row for _, p in own for row in p]
    )
    return Codebook(book.tables | {"learned_context": check("learned_context", context)})


def _read_example(report: str, path: Path, labels: Labels, book: Codebook) -> Example:
    read = read_source(path)
    parts = split_report(report, read.text, book)
    row = describe_report(report, path.name, read.text, parts.sentences, book)
    genre = row["genre"] if row["genre"] in GENRES else DEFAULT_GENRE
    gold = labels.sentences[labels.sentences["report"] == report].reset_index(drop=True)
    spans = [list(zip(t["start"], t["end"], strict=True)) for t in (parts.sentences, gold)]
    best = [-1 if at is None else at for at in match_best(*spans)]
    taken = gold[LABELS].reindex(best).reset_index(drop=True)
    sentences = parts.sentences.assign(**{f"label_{c}": taken[c].to_numpy(object) for c in taken})
    return Example(report, sentences, parts.passages, genre, read.sha256)


def _list_texts(example: Example) -> pd.DataFrame:
    rows = example.sentences[example.sentences["role"] != "noise"]
    named = {c: rows[f"label_{c}"] for c in LABELS}
    return pd.DataFrame({"report": example.report, **named, "text": rows["text"]})[COLUMNS]

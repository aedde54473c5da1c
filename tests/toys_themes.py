"""Toy codebook and tables for the tests of themes, stability and clusters."""

import csv
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook, load_codebook
from analysis.reading import read_source
from analysis.schema import TABLES, check, empty
from analysis.structure import split_report
from analysis.tables import CODEBOOK_TABLES

DATA = Path(__file__).parents[1] / "data"
THEMES = {"staffing": "党务干部队伍", "assessment": "考核评价与督查", "digital": "信息化"}
# Every toy term has weight × idf = 4, but 平台 (2).
TERMS = [
    ("staffing", "兼职", 1.0),
    ("staffing", "培训", 1.0),
    ("assessment", "考核", 1.0),
    ("assessment", "督查", 1.0),
    ("digital", "信息化", 1.0),
    ("digital", "平台", 0.5),
]
ISSUES = {"thin_staffing": "staffing", "assessment_flaws": "assessment"}


def toy_book(terms=TERMS) -> Codebook:
    """Three themes, two issues, six terms."""
    tables = {name: empty(name) for name in CODEBOOK_TABLES}
    tables["theme_names"] = pd.DataFrame({"theme": [*THEMES], "name": [*THEMES.values()]})
    names = {"thin_staffing": "党务力量薄弱", "assessment_flaws": "考核评价不科学"}
    tables["issues"] = pd.DataFrame(
        {"issue": [*ISSUES], "name": [names[i] for i in ISSUES], "theme": [*ISSUES.values()]}
    )
    tables["theme_terms"] = pd.DataFrame(terms, columns=["theme", "term", "weight"])
    tables["idf"] = pd.DataFrame({"term": ["考核"], "idf": [4.0]})
    return Codebook(tables)


def with_learned(book: Codebook, ngrams=(), context=()) -> Codebook:
    """The codebook with these models only: (ngram, idf, weights) and (feature, key, weight)."""
    tables = {"learned_ngrams": ngrams, "learned_context": context}
    made = {
        name: check(name, pd.DataFrame(list(rows), columns=TABLES[name].names))
        for name, rows in tables.items()
    }
    return Codebook(book.tables | made)


def toy_tables(*reports):
    """Sentences, passages and mentions of reports ``(name, [(section, path, sentences)])``.

    A sentence is ``text``, ``(text, role)`` or ``(text, role, heading_level, issue)``.
    """
    sentences, passages, mentions = [], [], []
    for report, parts in reports:
        at = 0
        for number, (section, path, lines) in enumerate(parts, start=1):
            passage = f"{report}-p{number:04}"
            counts = dict.fromkeys(("problem", "countermeasure"), 0)
            start, texts = at, []
            for line in lines:
                given = (line,) if isinstance(line, str) else line
                text, role, level, issue = (*given, *("problem", None, None)[len(given) - 1 :])
                sentence = f"{report}-s{len(sentences):04}"
                counts[role] = counts.get(role, 0) + 1
                sentences.append((sentence, passage, report, at, at + len(text), text, role, level))
                if issue:
                    mentions.append((sentence, issue))
                at += len(text)
                texts.append(text)
            passages.append(
                (passage, report, number, section, path, start, at, "".join(texts))
                + (counts["problem"], counts["countermeasure"])
            )
    columns = ["sentence", "passage", "report", "start", "end", "text", "role", "heading_level"]
    frame = pd.DataFrame(sentences, columns=columns)
    frame["heading_level"] = frame["heading_level"].astype("Int64")
    columns = ["passage", "report", "number", "section", "heading_path", "start", "end", "text"]
    counted = ["problem_sentences", "countermeasure_sentences"]
    return (
        frame,
        pd.DataFrame(passages, columns=columns + counted),
        pd.DataFrame(mentions, columns=["sentence", "issue"]),
    )


@cache
def real_book() -> Codebook:
    """The codebook of the project."""
    return load_codebook(DATA / "codebook")


def report_files() -> list[Path]:
    """The five reports."""
    return sorted((DATA / "reports").glob("*.txt"))


@cache
def gold_tables():
    """The five reports split by the library, with role, theme and issues of the gold labels.

    A sentence takes those of the gold sentence that overlaps it most.
    """
    with (DATA / "gold" / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        gold = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    sentences, passages, mentions = [], [], []
    for path in report_files():
        parts = split_report(path.stem, read_source(path).text, real_book())
        labels = [(int(g["start"]), int(g["end"]), g) for g in gold if g["report"] == path.stem]
        rows = []
        for row in parts.sentences.itertuples():
            spans = [(min(end, row.end) - max(start, row.start), g) for start, end, g in labels]
            label = max(spans, key=lambda pair: pair[0])[1]
            rows.append((label["role"], label["theme"] or None))
            mentions += [(row.sentence, issue) for issue in label["issues"].split(";") if issue]
        frame = parts.sentences.assign(role=[r for r, _ in rows], gold=[t for _, t in rows])
        sentences.append(frame)
        counts = {
            f"{role}_sentences": frame["passage"][frame["role"] == role].value_counts()
            for role in ("problem", "countermeasure")
        }
        passages.append(
            parts.passages.assign(
                **{k: parts.passages["passage"].map(v).fillna(0) for k, v in counts.items()}
            )
        )
    return (
        pd.concat(sentences, ignore_index=True),
        pd.concat(passages, ignore_index=True),
        pd.DataFrame(mentions, columns=["sentence", "issue"]),
    )

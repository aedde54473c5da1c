"""Toy corpora for the tests of counting: tables made from a short description."""

import pandas as pd

from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.evidence import find_evidence
from analysis.schema import check, empty
from analysis.tables import CODEBOOK_TABLES
from analysis.vocabulary import ROLES

ISSUES = {"two_skins": "两张皮", "thin_staffing": "党务力量薄弱"}
BYS = ("level", "report", "all")
THEMES = {"integration": "党建业务融合", "staffing": "党务干部队伍"}


def toy_book() -> Codebook:
    """A codebook with two issues, two themes and all roles."""
    tables = {name: empty(name) for name in CODEBOOK_TABLES}
    tables["issues"] = pd.DataFrame({"issue": [*ISSUES], "name": [*ISSUES.values()]})
    tables["theme_names"] = pd.DataFrame({"theme": [*THEMES], "name": [*THEMES.values()]})
    tables["roles"] = pd.DataFrame({"role": [*ROLES], "name": [f"角色{r}" for r in ROLES]})
    return Codebook(tables)


def toy_tables(reports: list[dict]) -> dict[str, pd.DataFrame]:
    """Make tables from reports: each a dict of columns and ``passages``.

    A passage is a list of sentences (role, theme, {issue: stance}, characters). The source of a
    report is the sentences without anything between; it stands in ``sources``.
    """
    rows = {"reports": [], "passages": [], "sentences": [], "mentions": []}
    sources = {}
    for report in reports:
        facts = {"status": "ok", "problem_section": "found", **report}
        name, paragraphs = facts["report"], facts.pop("passages", [])
        rows["reports"].append({"file": f"{name}.txt", **facts})
        sources[name] = _add_passages(rows, name, paragraphs)
    tables = {name: _frame(name, values) for name, values in rows.items()}
    return tables | {"sources": sources}


def _add_passages(rows: dict, name: str, paragraphs: list) -> str:
    source = ""
    for number, sentences in enumerate(paragraphs, start=1):
        passage, start = f"{name}-p{number:04d}", len(source)
        for role, theme, issues, size in sentences:
            sentence = f"{name}-s{len(rows['sentences']):04d}"
            text = "字" * (size - 1) + "。"
            place = {
                "passage": passage,
                "report": name,
                "sentence": sentence,
                "start": len(source),
                "end": len(source) + size,
            }
            rows["sentences"].append({**place, "text": text, "role": role, "theme": theme})
            for issue, stance in issues.items():
                mention = f"{name}-m{len(rows['mentions']):04d}"
                found = {"issue": issue, "stance": stance, "role": role, "pattern": "p1"}
                found |= {"mention": mention, "end": len(source) + 1, "quote": text[0]}
                rows["mentions"].append({**place, **found})
            source += text
        roles = [sentence[0] for sentence in sentences]
        counts = {f"{r}_sentences": roles.count(r) for r in ("problem", "countermeasure")}
        span = {"start": start, "end": len(source), "text": source[start:]}
        path = f"第{number}节"
        rows["passages"].append(
            {"passage": passage, "report": name, "number": number, "heading_path": path}
            | span
            | counts
        )
    return source


def _frame(name: str, values: list[dict]) -> pd.DataFrame:
    frame = empty(name)
    if values:
        frame = pd.DataFrame(values).reindex(columns=frame.columns)
    return check(name, frame)


def four(tables: dict) -> tuple:
    """The four tables that counting needs."""
    return tuple(tables[name] for name in ("reports", "passages", "sentences", "mentions"))


def analysed(corpus: list[dict]) -> dict:
    """The tables of a corpus with its rates and what lies behind them."""
    tables = toy_tables(corpus)
    rates = [compare_rates(*four(tables), toy_book(), by=by) for by in BYS]
    tables["rates"] = pd.concat(rates, ignore_index=True)
    tables["evidence"] = find_evidence(tables["rates"], *four(tables))
    return tables

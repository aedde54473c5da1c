"""Sentences that an analyst has judged, as training data: corrections teach the models."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.corrections.log import standing
from analysis.corrections.places import assign_reports, check_values, place_decisions
from analysis.corrections.rows import load_corrections
from analysis.labels import LabelError
from analysis.results import load_results, read_manifest
from analysis.study.overlay import corrections_digest
from analysis.study.training import COLUMNS
from analysis.vocabulary import ROLES
from analysis.workspace import Workspace

# How often a judged sentence counts beside those of the bank. Forty sentences of five reports,
# judged whole, raise the issues' F1 on five others by .010 (once: .006), precision by .012.
TIMES = 3
TAUGHT = tuple(role for role in ROLES if role not in ("heading", "noise"))


def load_taught(workspace: Workspace, book: Codebook) -> pd.DataFrame:
    """The sentences of the last run that decisions stand about, with their labels as corrected.

    What was not corrected of such a sentence is taken as seen and found right.

    Returns
    -------
    pandas.DataFrame
        Columns as :func:`analysis.study.training.load_bank`, each sentence once; empty without
        decisions.

    Raises
    ------
    LabelError
        The last run does not know of all decisions yet.
    """
    decisions = standing(load_corrections(workspace.corrections)[0])
    if decisions.empty:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    inputs = (read_manifest(workspace.results) or {}).get("inputs", {})
    if inputs.get("corrections") != corrections_digest(workspace.corrections):
        raise LabelError("有人工更正还没有计入结果：请先重新运行分析，再训练。")
    tables, sources, _ = load_results(workspace.results)
    sentences, mentions = tables["sentences"], tables["mentions"]
    judged = _judged(decisions, tables, sources, book)
    rows = sentences[sentences["sentence"].isin(judged) & sentences["role"].isin(TAUGHT)]
    named = mentions.groupby("sentence")[["issue", "stance"]].agg(";".join)
    return pd.DataFrame(
        {
            "report": pd.NA,
            "role": rows["role"],
            "theme": rows["theme"],
            "issues": rows["sentence"].map(named["issue"]),
            "stances": rows["sentence"].map(named["stance"]),
            "text": rows["text"],
        }
    )[COLUMNS].reset_index(drop=True)


def _judged(decisions: pd.DataFrame, tables: dict, sources, book: Codebook) -> set[str]:
    """Sentences that a decision is about, in the tables as they are."""
    sentences, reports = tables["sentences"], tables["reports"]
    read = reports[reports["status"] == "ok"]
    known, _ = check_values(decisions, book)
    there, _ = assign_reports(known, dict(zip(read["report"], read["sha256"], strict=True)))
    placed, _ = place_decisions(there, sources, sentences, tables["passages"])
    units = {unit for one in placed if one.target != "passage" for unit in one.units}
    passages = {unit for one in placed if one.target == "passage" for unit in one.units}
    moved = sentences["corrected"] & sentences["passage"].isin(passages)
    return units | set(sentences.loc[moved, "sentence"])

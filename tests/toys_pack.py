"""Material for the tests of the pack: toy studies with evidence and links."""

import pandas as pd
from toys_charts import FIVE, PROBLEM, REMEDY, book, many, study

from analysis.evidence import find_evidence
from analysis.export.material import Material
from analysis.labels import NO_LABELS
from analysis.schema import TABLES, check, empty

FIRST = "# 本次更新说明\n\n第一次分析，没有可比的上一次。\n"
BACKGROUND = "机关党建是党的建设的重要组成部分。"
SIGNS = "=HYPERLINK(1) 两张皮\x0b\ue7ad\ud800\x01“各吹各的号”。"
TOLD = ("problem", PROBLEM, {"two_skins": "asserted"})
ANSWER = ("countermeasure", REMEDY, {"two_skins": "addressed"})


def one_level(reports: int) -> dict:
    """Some reports of one level, all of the same title."""
    facts = ("同名的调研报告", "county", "report", "found", [TOLD, ANSWER])
    return study([(f"c{n}", *facts) for n in range(reports)])


def cases() -> dict[str, dict]:
    """Studies that are out of the ordinary, by name."""
    none = [
        ("a", "背景材料", "city", "report", "none", [("background", BACKGROUND, {})]),
        ("b", "对策材料", "county", "report", "none", [("countermeasure", REMEDY, {})]),
    ]
    problem = ("problem", SIGNS, {"two_skins": "asserted"})
    return {
        "five": study(FIVE),
        "no problem": study(none),
        "one report": study(FIVE[:1]),
        "one level": one_level(4),
        "sixty, long names": many(15, long=True),
        "two a level": many(2, long=True),
        "signs": study([("=1+1", "@=SUM(A1)", "city", "report", "found", [problem])]),
    }


def links(tables: dict) -> pd.DataFrame:
    """The first problem of each report is answered by its first countermeasure, the others not."""
    rows, told = [], tables["sentences"]
    for report, own in told.groupby("report"):
        problems = own.loc[own["role"] == "problem", "sentence"].tolist()
        answers = own.loc[own["role"] == "countermeasure", "sentence"].tolist()
        if problems and answers:
            rows.append((problems.pop(0), answers[0], report, report, 0.9, "主题相同"))
        rows += [(problem, None, report, None, None, "本报告未见对策") for problem in problems]
    for problem, _, report, *_ in [row for row in rows if row[1] is None][:1]:
        for answer in told[told["role"] == "countermeasure"].tail(1).itertuples():
            rows.append((problem, answer.sentence, report, answer.report, 0.7, "已有对策可借鉴"))
    return check("links", pd.DataFrame(rows, columns=TABLES["links"].names))


def material(toy: dict, *, linked: bool = True, **more) -> Material:
    tables = {name: table for name, table in toy.items() if name != "sources"}
    tables["copies"] = empty("copies")
    names = ("reports", "passages", "sentences", "mentions")
    tables["evidence"] = find_evidence(tables["rates"], *(tables[name] for name in names))
    if linked:
        tables["links"] = links(tables)
    words = {"accuracy": NO_LABELS, "update": FIRST}
    return Material(tables, toy["sources"], book(), **(words | more))

"""Make a decision of what an analyst says about a passage, a sentence or a mention."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.corrections.anchors import make_anchor
from analysis.corrections.links import name_answer
from analysis.corrections.log import standing
from analysis.errors import AnalysisError
from analysis.points import find_points
from analysis.vocabulary import STANCES

FIELD_NAMES = {
    "role": "角色",
    "theme": "主题",
    "issue": "问题表现",
    "stance": "态度",
    "link": "对策",
}
NONE = ("无", "没有", "none")  # what takes an issue away
SHOWN, OFFERED = 20, 5  # characters of a quotation; places that a message offers


class CorrectionError(AnalysisError):
    """What is to be corrected, or to what, is not clear; one line of Chinese."""


def find_row(study, what: str) -> tuple[str, dict]:
    """Target and row of an id, or of words that stand in one sentence."""
    what = str(what).strip()
    for target in ("sentence", "passage", "mention"):
        rows = study.tables[f"{target}s"]
        rows = rows[rows[target] == what]
        if len(rows):
            return target, rows.iloc[0].to_dict()
    rows = study.tables["sentences"]
    rows = rows[rows["text"].str.contains(what, regex=False)] if what else rows[:0]
    if len(rows) == 1:
        return "sentence", rows.iloc[0].to_dict()
    if rows.empty:
        raise CorrectionError(
            f"没有找到“{what}”：请写段落、句子或提及的编号，或者抄一段句子里的原文。"
        )
    places = [f"{r.sentence}（{r.text[:SHOWN]}…）" for r in rows.head(OFFERED).itertuples()]
    raise CorrectionError(
        f"“{what}”在 {len(rows)} 句话里都有，请多抄几个字，或写编号：{'、'.join(places)}。"
    )


def decide_label(study, target: str, row: dict, role, theme, issue, stance) -> dict:
    """A decision about the role or the theme of a sentence or a passage."""
    if issue is not None or stance is not None or None not in (role, theme):
        raise CorrectionError("一次只改一项：请分几次写 role、theme、issue。")
    field = "theme" if role is None else "role"
    if target == "mention":
        target, row = "sentence", _sentence_of(study, row["sentence"])
    now = study.key(field, theme if role is None else role)
    decision = {"target": target, "field": field, "now": now} | _anchor_of(study, row)
    return decision | {"was": _last_said(study, decision) or _text(row[field])}


def decide_naming(study, target: str, row: dict, issue, stance) -> dict:
    """A decision about the issues of a sentence, or the stance of one."""
    if issue is None and stance is None:
        raise CorrectionError("请写明改成什么：role=、theme=、issue= 或 stance=。")
    if target == "passage":
        raise CorrectionError("问题表现和态度请指到句子或提及，不能是整段。")
    away = issue is not None and str(issue).strip() in NONE
    key = None if issue is None or away else study.key("issue", issue)
    said = None if stance is None else _stance_key(stance)
    mention = row if target == "mention" else _mention_of(study, row, key)
    if mention is None:
        if key is None:
            raise CorrectionError("这句话没有标出问题表现，请用 issue= 写明是哪一个。")
        now = "/".join(filter(None, (key, said)))
        return {"target": "sentence", "field": "issue", "now": now} | _anchor_of(study, row)
    there, sentence = mention["issue"], _sentence_of(study, mention["sentence"])
    decision = {"target": "mention"} | _anchor_of(study, mention, sentence)
    if said and key in (None, there):
        was, now = (f"{there}/{one}" for one in (mention["stance"], said))
        return decision | {"field": "stance", "was": was, "now": now}
    now = None if away else "/".join(filter(None, (key, said)))
    return decision | {"field": "issue", "was": there, "now": now}


def decide_link(study, row: dict, answer: str | None, no_answer: str | None) -> dict:
    """A decision about what answers a problem; confirming an answer is one."""
    if answer is not None and no_answer is not None:
        raise CorrectionError("一次只改一项：请分两次写 answer 和 no_answer。")
    problem = _one_sentence(study, row, "problem", "问题句")
    target, found = find_row(study, no_answer if answer is None else answer)
    found = _one_sentence(study, found, "countermeasure", "对策句")
    start, end = int(found["start"]), int(found["end"])
    text = study.sources[found["report"]][start:end]
    value = name_answer(found["report"], start, text)
    links = study.tables["links"].query("countermeasure == @found['sentence']")
    points = find_points(study.tables["sentences"], study.tables["mentions"])
    there = points[problem["sentence"]] in set(links["problem"])
    decision = {"target": "link", "field": "link"} | _anchor_of(study, problem)
    if answer is None:
        return decision | {"was": value, "now": None}
    return decision | {"was": value if there else None, "now": value}


def _one_sentence(study, row: dict, role: str, name: str) -> dict:
    """The sentence itself, or the one that a mention stands in."""
    if "sentence" not in row:
        raise CorrectionError(f"请指到一个{name}，不能是整段。")
    row = _sentence_of(study, row["sentence"])
    if row["role"] != role:
        raise CorrectionError(f"{_short(row['text'])}不是{name}；如果判错了，请先改角色再运行。")
    return row


def _mention_of(study, row: dict, issue: str | None) -> dict | None:
    """The sentence's mention of an issue, or its only one."""
    rows = study.tables["mentions"]
    rows = rows[rows["sentence"] == row["sentence"]]
    if issue is not None:
        rows = rows[rows["issue"] == issue]
    if len(rows) > 1:
        names = study.book.names
        each = (f"{r.mention}（{names[r.issue]}）" for r in rows.itertuples())
        raise CorrectionError(f"这句话有几处提及，请写提及的编号：{'、'.join(each)}。")
    return rows.iloc[0].to_dict() if len(rows) else None


def _sentence_of(study, name: str) -> dict:
    rows = study.tables["sentences"]
    return rows[rows["sentence"] == name].iloc[0].to_dict()


def _anchor_of(study, row: Mapping, sentence: Mapping | None = None) -> dict:
    reports, report = study.tables["reports"], row["report"]
    within = sentence and (int(sentence["start"]), int(sentence["end"]))
    span = int(row["start"]), int(row["end"])
    anchor = make_anchor(study.sources[report], *span, within=within)._asdict()
    sha256 = reports.loc[reports["report"] == report, "sha256"].iloc[0]
    return {"report": report, "sha256": sha256} | anchor


def _last_said(study, decision: Mapping) -> str | None:
    """What the analyst last said of the same thing: it may not be in the tables yet."""
    same = ("target", "field", "report", "sha256", "start", "end")
    rows = standing(study.corrections)
    for name in same:
        rows = rows[rows[name] == decision[name]]
    return rows["now"].iloc[-1] if len(rows) else None


def say_decision(study, decision: Mapping) -> str:
    """“：报告 “原文…” 角色 背景意义 → 问题”, or that it is a confirmation."""
    said = decision["field"]
    was, now = (_name_of(study, said, decision.get(name)) for name in ("was", "now"))
    change = f"{was} → {now}" if was != now else f"{now}（确认）"
    return f"：{decision['report']} {_short(decision['exact'])} {FIELD_NAMES[said]} {change}"


def _short(quote: str) -> str:
    return f"“{quote}”" if len(quote) <= SHOWN else f"“{quote[:SHOWN]}…”"


def _name_of(study, field: str, value) -> str:
    if field == "link" and _text(value):
        return _short(value.split("/", 2)[-1])
    names = study.book.names | STANCES
    return "/".join(names.get(part, part) for part in (_text(value) or "无").split("/"))


def _text(value) -> str | None:
    return value if isinstance(value, str) else None


def _stance_key(value: str) -> str:
    keys = {name: key for key, name in STANCES.items()} | {key: key for key in STANCES}
    if str(value).strip() not in keys:
        known = "、".join(f"{name}（{key}）" for key, name in STANCES.items())
        raise CorrectionError(f"没有叫“{value}”的态度；可用：{known}。")
    return keys[str(value).strip()]

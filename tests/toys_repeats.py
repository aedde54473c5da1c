"""Reports made of a few passages, some of which they share."""

import random

import pandas as pd

from analysis.duplicates import find_copies
from analysis.same_as import SameAs
from analysis.schema import check, empty
from analysis.shingles import find_pairs, read_plain
from analysis.twins import find_twins

NONE = SameAs({}, set(), [])
BODY = (
    "有的支部把“三会一课”当作任务来应付，学习资料照抄照搬，记录前后一个样，党员参加的积极性不高，"
    "讨论时你一言我一语，散会以后没有人再提起，"
)
OTHER = (
    "窗口单位实行错时服务，节假日轮流值守，企业办事最多跑一次，群众的满意度逐年提高，投诉明显减少。"
)


def table_of(reports, role="problem"):
    """``sentences`` and the sources of reports given as lists of passages."""
    rows, sources = [], {}
    for report, passages in reports.items():
        source = ""
        for number, text in enumerate(passages):
            one, role_of = text if isinstance(text, tuple) else (text, role)
            start, source = len(source), source + one + "\n"
            name = f"{report}-p{number:04d}"
            rows.append((f"{name}-s01", name, report, start, start + len(one), one, role_of))
        sources[report] = source
    columns = ["sentence", "passage", "report", "start", "end", "text", "role"]
    frame = pd.DataFrame(rows, columns=columns).reindex(columns=empty("sentences").columns)
    return check("sentences", frame), sources


def reports_of(names, **columns):
    rows = pd.DataFrame({"report": names, "file": [f"{n}.txt" for n in names], "status": "ok"})
    rows = rows.assign(sha256=names, **columns)
    return rows.reindex(columns=empty("reports").columns)


def repeats(reports, same_as=NONE):
    """Tables ``twins`` and ``copies`` of reports given as lists of passages."""
    sentences, sources = table_of(reports)
    plain = read_plain(sentences)
    pairs = find_pairs(plain)
    twins = find_twins(plain, pairs, same_as, reports_of(list(reports)))
    sources = {name: text for name, text in sources.items() if name not in same_as.kept}
    return twins, find_copies(plain, pairs, sources, twins)


def filler(number, words=6):
    """Passages that nobody else has."""
    chance = random.Random(number)
    characters = [chr(code) for code in range(0x4E00, 0x9000)]
    return ["".join(chance.choices(characters, k=60)) for _ in range(words)]

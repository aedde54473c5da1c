"""What `make bench` measured, as tables: ``python table.py [--readme]``.

They go to ``build/bench.md``; with ``--readme`` also between the marks of both READMEs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEASURED, TABLE = ROOT / "build" / "bench.json", ROOT / "build" / "bench.md"
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
BEGIN, END = "<!-- bench -->\n\n", "<!-- /bench -->"
MARGIN = 1.1  # 10,000 reports may cost a tenth more each than 1,000


@dataclass(frozen=True)
class Target:
    """A row: what is measured, how it is computed from the costs, and what it may be at most."""

    en: str
    zh: str
    value: Callable[[dict], float]
    most: float
    unit: str
    beside: str | None = None  # the process whose elapsed time and memory are told too


TARGETS = (
    Target(
        "five reports, new workspace, tables",
        "五份报告，新工作文件夹，出表",
        lambda m: m["five[tables]"]["cpu"],
        *(3, "s", "five[tables]"),
    ),
    Target(
        "… with all charts",
        "…… 并画全部图",
        lambda m: m["five[charts]"]["cpu"],
        *(8, "s", "five[charts]"),
    ),
    Target(
        "1,000 reports, tables: times the floor",
        "1,000 份，出表：是底线的几倍",
        lambda m: m["many[1000]"]["seconds"] / m["floor"]["seconds"],
        *(6, "×", "many[1000]"),
    ),
    Target(
        "10,000 reports: time per report, to that of 1,000",
        "10,000 份：每份用时，与 1,000 份之比",
        lambda m: m["many[10000]"]["seconds"] / m["many[1000]"]["seconds"] / 10,
        *(MARGIN, "×", "many[10000]"),
    ),
    Target(
        "… peak memory, to that of 1,000",
        "…… 内存峰值，与 1,000 份之比",
        lambda m: m["many[10000]"]["peak"] / m["many[1000]"]["peak"],
        *(MARGIN, "×"),
    ),
    Target("… peak memory", "…… 内存峰值", lambda m: m["many[10000]"]["peak"], *(300, "MB")),
    Target(
        "one report added to 1,000, beyond import",
        "1,000 份又添一份，不计导入",
        lambda m: m["added[1000]"]["seconds"],
        *(0.5, "s", "added[1000]"),
    ),
    Target(
        "one report added to 10,000, beyond import",
        "10,000 份又添一份，不计导入",
        lambda m: m["added[10000]"]["seconds"],
        *(1, "s", "added[10000]"),
    ),
    Target(
        "`import analysis`, beyond `import pandas`",
        "`import analysis`，比 `import pandas` 多用",
        lambda m: max(m["import[analysis]"]["cpu"] - m["import[pandas]"]["cpu"], 0),
        *(0.1, "s"),
    ),
    Target(
        "… and what `analysis.run` needs, beyond `import pandas`",
        "…… 连同 `analysis.run` 所用的，比 `import pandas` 多用",
        lambda m: m["import[run]"]["cpu"] - m["import[pandas]"]["cpu"],
        *(0.1, "s"),
    ),
    Target("`--help`", "`--help`", lambda m: m["help"]["cpu"], *(0.3, "s", "help")),
)
METHODS = {
    "kmeans": "jieba + TfidfVectorizer + KMeans",
    "lda": "jieba + CountVectorizer + LatentDirichletAllocation",
    "bertopic": "jieba + TF-IDF + SVD + BERTopic",
}
WORDS = {
    "en": {
        "head": "| CPU time of one process | at most | measured | |",
        "met": ("met", "**not met**"),
        "unknown": "not measured",
        "beside": " ({clock:.2f} s by the clock, {peak:.0f} MB)",
        "methods": "| themes | 1,000 reports: CPU, by the clock, memory "
        "| theme F1 at first look | agreement of two seeds (ARI) |",
        "own": "this program (everything, not only themes)",
        "same": "1 (no seed)",
        "absent": "not installed",
    },
    "zh": {
        "head": "| 一个进程的 CPU 时间 | 至多 | 实测 | |",
        "met": ("达到", "**未达到**"),
        "unknown": "未测",
        "beside": "（实际等待 {clock:.2f} s，内存 {peak:.0f} MB）",
        "methods": "| 主题 | 1,000 份：CPU、实际等待、内存 "
        "| 初次判断的主题 F1 | 换随机种子的一致程度（ARI） |",
        "own": "本程序（全部结果，不只是主题）",
        "same": "1（没有随机种子）",
        "absent": "未安装",
    },
}


def load_costs(path: Path = MEASURED) -> dict[str, dict]:
    """Costs by the name of the test; ``machine`` says where and when."""
    found = json.loads(path.read_text(encoding="utf-8"))
    costs = {one["name"].removeprefix("test_"): one["extra_info"] for one in found["benchmarks"]}
    info = found["machine_info"]
    cpu, version = info.get("cpu", {}), info["python_version"]
    name = f"{cpu.get('brand_raw', info.get('machine'))}, {cpu.get('count')} × CPU"
    machine = f"{name}, {info['system']}, Python {version}, {found['datetime'][:10]}"
    return costs | {"machine": machine}


def write_targets(costs: dict, language: str) -> str:
    """Return the table of targets in Markdown."""
    words = WORDS[language]
    lines = [words["head"], "| --- | ---: | --- | --- |"]
    for row in TARGETS:
        met, missed, shown, state = *words["met"], "", words["unknown"]
        with suppress(KeyError):  # not measured
            value = row.value(costs)
            state = met if value <= row.most else missed
            shown = f"{value:.0f} MB" if row.unit == "MB" else f"{value:.2f} {row.unit}"
            if row.beside:
                cost = costs[row.beside]
                shown += words["beside"].format_map({"clock": cost["elapsed"]} | cost)
        lines.append(f"| {getattr(row, language)} | {row.most:g} {row.unit} | {shown} | {state} |")
    return "\n".join(lines) + "\n"


def write_methods(costs: dict, language: str) -> str:
    """Return the table of what an analyst writes today, in Markdown."""
    words = WORDS[language]
    lines = [words["methods"], "| --- | --- | ---: | ---: |"]
    rows = [(name, f"baseline[{key}]", f"first_look[{key}]") for key, name in METHODS.items()]
    for name, large, small in [*rows, (words["own"], "many[1000]", "own_themes")]:
        cost, first = costs.get(large), costs.get(small)
        used = "{cpu:.0f} s, {elapsed:.0f} s, {peak:.0f} MB".format_map(cost) if cost else ""
        f1 = f"{first['f1']:.2f}" if first else ""
        ari = words["same"] if small == "own_themes" else f"{first['ari']:.2f}" if first else ""
        absent = "absent" if "bertopic" in large and "baseline[lda]" in costs else "unknown"
        lines.append(f"| {name} | {used or words[absent]} | {f1} | {ari} |")
    return "\n".join(lines) + "\n"


def write_all(costs: dict, language: str) -> str:
    """Return both tables and the machine."""
    tables = [write_targets(costs, language), write_methods(costs, language)]
    return "\n".join([*tables, costs["machine"] + "\n", ""])


if __name__ == "__main__":
    costs = load_costs()
    TABLE.write_text(write_all(costs, "en"), encoding="utf-8", newline="\n")
    print(write_all(costs, "zh"))
    if "--readme" in sys.argv:
        for language, path in READMES.items():
            text = path.read_text(encoding="utf-8")
            before, after = text.split(BEGIN)[0], text.split(END)[1]
            new = before + BEGIN + write_all(costs, language) + END + after
            path.write_text(new, encoding="utf-8", newline="\n")

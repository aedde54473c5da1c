"""Make a large corpus out of a few reports: their layouts, their sentences recombined and changed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.reading import READERS, find_reports, read_source

# A line that names something: kept with its mark, so that the structure stays a report's.
HEADING = re.compile(
    r"^[\s\u3000]*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])"
)
SENTENCE = re.compile(r"[^。！？]+[。！？]?")
NUMBER = re.compile(r"\d+")
# Words of one kind, each as likely as another in its place; they make sentences distinct.
CLASSES = (
    ("机关", "单位", "部门", "科室", "窗口", "中心", "系统", "条线"),
    ("支部", "总支", "党委", "党组", "党小组", "机关党委", "党支部", "工委"),
    ("干部", "职工", "党员", "同志", "青年", "骨干", "书记", "委员"),
    ("活动", "会议", "课堂", "讲座", "培训", "观摩", "走访", "座谈"),
    ("制度", "办法", "机制", "规定", "清单", "台账", "方案", "细则"),
    ("群众", "企业", "居民", "商户", "农户", "学生", "老人", "客商"),
    ("年初", "年中", "年底", "上半年", "下半年", "一季度", "三季度", "平时"),
)
SWAP = re.compile("|".join(sorted((w for group in CLASSES for w in group), key=len, reverse=True)))
GROUP = {word: group for group in CLASSES for word in group}
SWAPPED = 0.6  # share of such words that are exchanged
TAKEN = 0.75  # share of sentences that come from another report


def write_corpus(folder: Path, sources: Path, reports: int, seed: int = 0) -> list[Path]:
    """Write ``reports`` text files into ``folder``.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing.
    sources : pathlib.Path
        Folder of the reports they are made of.
    reports : int
    seed : int
        The same corpus for the same seed; report k is the same in a corpus of any size.

    Returns
    -------
    list of pathlib.Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    bases = [read_source(path).text for path in find_reports(sources)]
    pool = [s for text in bases for line in text.splitlines() for s in _sentences(line)]
    paths = []
    for number in range(reports):
        chance = random.Random(f"{seed}/{number}")
        lines = _change(bases[number % len(bases)], pool, chance)
        paths.append(folder / f"r{number:05d}.txt")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return paths


def _sentences(line: str) -> list[str]:
    found = SENTENCE.findall(line.strip())
    return [] if HEADING.match(line) else [s for s in found if len(s) > 12]


def _change(text: str, pool: list[str], chance: random.Random) -> Iterator[str]:
    for line in text.splitlines():
        if HEADING.match(line):
            yield line
            continue
        parts = SENTENCE.findall(line) or [line]
        yield "".join(
            _swap(chance.choice(pool) if len(p) > 12 and chance.random() < TAKEN else p, chance)
            for p in parts
        )


def _swap(sentence: str, chance: random.Random) -> str:
    def other(match: re.Match) -> str:
        return chance.choice(GROUP[match[0]]) if chance.random() < SWAPPED else match[0]

    return NUMBER.sub(lambda m: str(chance.randrange(2, 990)), SWAP.sub(other, sentence))

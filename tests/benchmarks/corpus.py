"""Make a large corpus out of nine labelled reports: their layouts, with sentences composed anew.

A report keeps the lines, headings, noise, line ends and script of one of the nine. Each of its
other sentences is put together from clauses of sentences of the same role, whichever report they
come from; words, names and figures in them are exchanged. So the structure and the roles are those
of real reports, and hardly a sentence occurs twice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import opencc

from analysis.labels import load_labels
from analysis.reading import read_source

DATA = Path(__file__).parents[2] / "data"
# The five of the study and four of other authors in other layouts; the five twice as often, which
# makes a report as long as theirs on average.
SOURCES = (("gold", r".*", 2), ("training", r"d\d", 1))
AS_THEY_ARE = ("heading", "noise")

# A quotation or a bracket is not cut; the mark at the start of a point stays where it stands.
CLAUSE = re.compile(r"(?:“[^”]*”|（[^）]*）|[^，；：“（]|[“（])+?(?:[，；：]|$)")
MARK = re.compile(
    r"\s*(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[）)、．]|\.(?!\d))|[◎㈠-㈩⑴-⑽]"
    r"|(?:第?[一二三四五六七八九十][是，、]))?\s*"
)
# With three clauses out of some hundreds, and words exchanged, sentences are distinct.
MIN_CLAUSES = 3
TO_FULL, TO_HALF = str.maketrans(",;:", "，；："), str.maketrans("，；：", ",;:")

NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d)\d+")
# Words of one kind, each as likely as another in its place.
CLASSES = (
    ("机关", "单位", "部门", "科室", "窗口", "系统", "条线"),
    ("支部", "总支", "党委", "党组", "党小组", "机关党委", "党支部"),
    ("干部", "职工", "党员", "同志", "青年", "骨干", "书记", "委员"),
    ("活动", "会议", "课堂", "讲座", "培训", "观摩", "走访", "座谈"),
    ("制度", "办法", "机制", "规定", "清单", "台账", "方案", "细则"),
    ("群众", "企业", "居民", "商户", "农户", "学生", "老人", "客商"),
    ("年初", "年中", "年底", "上半年", "下半年", "一季度", "三季度", "平时"),
    ("推进", "推动", "促进", "带动", "抓好", "落实", "深化"),
    ("不够", "不足", "不强", "不高", "不深", "不实"),
)
GROUP = {word: group for group in CLASSES for word in group}
PLACES = ("岚桥", "晏河", "淮岳", "望津", "临湾")
NAMES = "云江河湖海山岭峰川溪泉城桥津湾港阳安宁平和庆兴隆昌盛华丰瑞祥永长清明东南西北"
# Not inside 总书记 and 党组织.
WORD = re.compile(rf"(?<!总)(?:{'|'.join(sorted((*GROUP, *PLACES), key=len, reverse=True))})(?!织)")
EXCHANGED = 0.6  # share of such words


@dataclass
class Pool:
    """Clauses of the sentences of a role, by their place in the sentence."""

    first: list[str] = field(default_factory=list)
    middle: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        clauses = split_clauses(sentence)
        self.last.append(clauses[-1])
        self.first += clauses[:1] if len(clauses) > 1 else []
        self.middle += clauses[1:-1]

    def compose(self, clauses: int, chance: random.Random) -> str:
        inner = chance.choices(self.middle, k=max(clauses, MIN_CLAUSES) - 2)
        return "".join([chance.choice(self.first), *inner, chance.choice(self.last)])


@dataclass
class Layout:
    """A report as pieces in their order: text to keep, or role and sentence to replace."""

    pieces: list[tuple[str | None, str]]
    traditional: bool
    half_width: bool  # commas

    @property
    def width(self) -> int:
        """Characters of the longest line: where sentences are wrapped, the width of a line."""
        return max(map(len, "".join(text for _, text in self.pieces).splitlines()))


def write_corpus(folder: Path, reports: int, *, first: int = 0, seed: int = 0) -> list[Path]:
    """Write ``reports`` text files into ``folder``, from number ``first`` on.

    Report k depends on k and the seed alone, so it is the same in a corpus of any size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"r{number:05d}.txt" for number in range(first, first + reports)]
    for path in paths:
        number = int(path.stem[1:])
        layout = _layouts()[number % len(_layouts())]
        text = "".join(_change(layout, random.Random(f"{seed}/{number}")))
        path.write_text(text, encoding="utf-8", newline="")
    return paths


def split_clauses(sentence: str) -> list[str]:
    """Cut a sentence without its mark behind commas, semicolons and colons."""
    plain = sentence[MARK.match(sentence).end() :].replace("\n", "").replace("　", "")
    return CLAUSE.findall(plain) or [plain]


@cache
def _layouts() -> list[Layout]:
    found = []
    for folder, wanted, times in SOURCES:
        labels = load_labels(DATA / folder)
        for report, rows in labels.sentences.groupby("report", sort=False):
            if re.fullmatch(wanted, report):
                text = read_source(labels.files[report]).text
                found += [_layout(text, rows)] * times
    return found


def _layout(text: str, rows) -> Layout:
    pieces, at = [], 0
    for start, end, role in zip(rows["start"], rows["end"], rows["role"], strict=True):
        pieces += [(None, text[at:start]), (role, text[start:end])]
        at = end
    pieces.append((None, text[at:]))
    pieces = [(None if role in AS_THEY_ARE else role, piece) for role, piece in pieces]
    return Layout(pieces, "機關" in text, text.count(",") > text.count("，"))


@cache
def _pools() -> dict[str, Pool]:
    """The clauses of all layouts by role, in Simplified characters and full-width marks."""
    pools: dict[str, Pool] = {}
    simplify = opencc.OpenCC("tw2s").convert
    for layout in {id(layout): layout for layout in _layouts()}.values():
        for role, piece in layout.pieces:
            if role:
                piece = simplify(piece) if layout.traditional else piece
                pools.setdefault(role, Pool()).add(piece.translate(TO_FULL))
    return pools


def _change(layout: Layout, chance: random.Random) -> Iterator[str]:
    column = 0
    for role, piece in layout.pieces:
        new = piece
        if role:
            mark = MARK.match(piece)[0]
            new = _pools()[role].compose(len(split_clauses(piece)), chance)
            new = mark + _exchange(new, chance)
            new = new.translate(TO_HALF) if layout.half_width else new
            new = _traditional().convert(new) if layout.traditional else new
            new = _wrap(new, column, layout.width) if "\n" in piece else new
        yield new
        column = len(new) - new.rfind("\n") - 1 + (0 if "\n" in new else column)


def _exchange(text: str, chance: random.Random) -> str:
    def other(match: re.Match) -> str:
        word = match[0]
        if word in PLACES:
            return "".join(chance.choices(NAMES, k=2))
        return chance.choice(GROUP[word]) if chance.random() < EXCHANGED else word

    return NUMBER.sub(lambda match: str(chance.randrange(2, 990)), WORD.sub(other, text))


def _wrap(text: str, column: int, width: int) -> str:
    starts = [0, *range(width - column, len(text), width)]
    return "\n".join(text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True))


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")

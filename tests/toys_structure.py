"""Short toy reports and layouts for the tests of structure, sections and roles."""

import random
import re

import pandas as pd

from analysis.roles import tag_roles
from analysis.structure import Edit, split_report

TITLE = "关于机关党建工作的调研报告\n"
BODY = "各单位党组织要把责任扛起来，认真研究解决工作中的各种困难，一件一件抓出成效来。"
PLAIN = "支部党员大会每季度一次。"  # no word of it says a role
DEFECT = "支部活动吸引力不强。"
DEMAND = "要建立考核评价制度。"


def split(source, book):
    return split_report("toy", source, book)


def texts(parts):
    """Texts of the sentences that are the report."""
    rows = parts.sentences
    return rows.loc[rows["role"] != "noise", "text"].tolist()


def noise(parts):
    rows = parts.sentences
    return rows.loc[rows["role"] == "noise", "text"].tolist()


def headings(parts):
    """(level, text) of every heading, the title (0) included."""
    rows = parts.sentences.dropna(subset="heading_level")
    return list(zip(rows["heading_level"], rows["text"], strict=True))


def edits_of(parts):
    """The edits table as the values that ``apply_edits`` takes."""
    rows = parts.edits.astype(object).where(parts.edits.notna(), None)
    return [Edit(r.start, r.end, r.kind, r.replacement, r.basis) for r in rows.itertuples()]


def cleaned(source, parts):
    """(kind, as printed, replacement) of every edit."""
    return [(e.kind, source[e.start : e.end], e.replacement) for e in edits_of(parts)]


def tagged(source, book, genre="report"):
    """Sentences with roles by text; where a text stands twice, the last."""
    sentences, passages = tag(source, book, genre)
    return sentences.set_index("text"), passages


def tag(source, book, genre="report"):
    parts = split(source, book)
    return tag_roles(parts.sentences, parts.passages, book, genre=genre)


def genre_of(report):
    return "speech" if report.endswith("-speech") else "report"


# Layouts: the same report printed in another way.


def wrap(source, width, indent, *, page_after=None):
    out, printed = [], 0
    for line in filter(None, map(str.strip, source.splitlines())):
        rest = indent + line
        while rest:
            out.append(rest[:width])
            rest, printed = rest[width:], printed + 1
            if page_after and printed % page_after == 0:
                out.append(f"— {printed // page_after} —")
    return "\n".join(out)


def on_one_line(source):
    return "".join(line.strip() for line in source.splitlines())


def spaced(source):
    lines = filter(None, map(str.strip, source.splitlines()))
    return "\r\n\r\n".join("　　" + line for line in lines)


def with_contents(source, book):
    """A table of contents of its first two levels above the body."""
    rows = split(source, book).sentences
    listed = rows[rows["heading_level"].isin([1, 2])]
    title = rows.loc[rows["heading_level"] == 0, "end"].max()
    entries = [
        f"{source[start:end].rstrip('。')}……{page}"
        for page, (start, end) in enumerate(zip(listed["start"], listed["end"], strict=True), 1)
    ]
    return source[:title] + "\n" + "\n".join(["目  录", *entries]) + source[title:]


def sprinkle(source, what, share, seed=1):
    """Put ``what`` behind a share of all Han characters."""
    chance = random.Random(seed)
    return "".join(
        c + (what if "\u4e00" <= c <= "\u9fff" and chance.random() < share else "") for c in source
    )


FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
CHROME_ABOVE = [
    "某某机关党建网",
    "首页 | 要闻 | 调查研究 | 学习园地",
    "您的位置：首页 > 调查研究 > 正文",
]
CHROME_BETWEEN = ["[广告]遴选培训班火热报名中", "点击展开全文", "扫码关注本公众号，获取更多资料"]
CHROME_BELOW = [
    *("责任编辑：某某", "【打印本页】【关闭窗口】", "上一篇：市直机关召开推进会", "下一篇：没有了"),
    *("分享到：微信 新浪微博", "版权所有：某某市直机关工委　某ICP备12345678号"),
]


def on_a_web_page(source):
    """Chrome above, between every twelve paragraphs and below."""
    out = list(CHROME_ABOVE)
    for number, line in enumerate(filter(None, map(str.strip, source.splitlines())), start=1):
        out.append(line)
        if number % 12 == 0:
            out.append(CHROME_BETWEEN[number // 12 % 3])
    return "\n".join([*out, *CHROME_BELOW])


def paged(source, book):
    """Hard-wrapped, with a page number and the title as running header on every page."""
    rows = split(source, book).sentences
    title = rows.loc[rows["heading_level"] == 0, ["start", "end"]].iloc[0]
    lines = wrap(source, 38, "　　", page_after=26).splitlines()
    header = source[title["start"] : title["end"]]
    return "\n".join(f"{line}\n{header}" if line.startswith("— ") else line for line in lines)


LAYOUTS = {
    "wrapped_indented": lambda source, book: wrap(source, 38, "　　"),
    "wrapped_plain": lambda source, book: wrap(source, 36, ""),
    "page_numbers": lambda source, book: wrap(source, 38, "　　", page_after=30),
    "one_line": lambda source, book: on_one_line(source),
    "wrapped_narrow": lambda source, book: wrap(source, 30, "　　"),
    "running_header": paged,
    "one_line_blanks": lambda source, book: " ".join(map(str.strip, source.splitlines())),
    "web_page": lambda source, book: on_a_web_page(source),
    "tabs": lambda source, book: re.sub(r"(?m)^\s*", "\t", source),
    "full_width_digits": lambda source, book: source.translate(FULL_WIDTH_DIGITS),
    "blank_lines": lambda source, book: spaced(source),
    "contents": with_contents,
    "pinyin": lambda source, book: sprinkle(source, "(yè)", 0.01),
    "stray_question": lambda source, book: sprinkle(source, "?", 0.005),
}


def bare(text):
    """The text without blanks, with digits of one width."""
    return re.sub(
        r"\s", "", text.translate({full: half for half, full in FULL_WIDTH_DIGITS.items()})
    )


def sentences_and_headings(source, book):
    """Texts without blanks of what is not noise; level of every heading text."""
    rows = split(source, book).sentences
    kept = {bare(text) for text in rows.loc[rows["role"] != "noise", "text"]}
    leveled = rows[pd.notna(rows["heading_level"])]
    return kept, dict(zip(leveled["text"].map(bare), leveled["heading_level"], strict=True))

"""The same report in two formats, compared: characters, paragraphs, labels."""

import difflib
from collections import Counter
from itertools import accumulate
from pathlib import Path

from analysis.study import analyse

DATA = Path(__file__).parents[1] / "data"
NAMES = [f"reports/{path.stem}" for path in sorted((DATA / "reports").glob("*.txt"))]
NAMES += [f"training/{name}" for name in ("d1", "t11", "t21", "t41")]
MARGINS = ("【页眉】", "【页脚】")
MAX_ERROR = 0.005  # of the characters
MIN_BOUNDARIES = 0.98  # of the ends of paragraphs


def report_lines(name):
    """The paragraphs of a report of the project."""
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def body(text):
    """The paragraphs of a source, without what stands in its margins."""
    return [line for line in text.split("\n") if not line.startswith(MARGINS)]


def compare_lines(wanted, got):
    """Return the character error and the share of paragraph boundaries that agree, both ways.

    Characters are aligned first, so that one lost character does not move all that follow.
    """
    wanted, got = (["".join(line.split()) for line in lines] for lines in (wanted, got))
    one, other = "".join(wanted), "".join(got)
    blocks = [(0, 0, len(one))]
    if one != other:
        blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    places = {b + at: a + at for a, b, size in reversed(blocks) for at in range(size + 1)}
    ends = set(accumulate(map(len, wanted)))
    found = {places.get(end, -end) for end in accumulate(map(len, got))}
    error = 1 - sum(size for _, _, size in blocks) / max(len(one), len(other))
    return error, len(ends & found) / max(len(ends), len(found))


def labels(folder, book):
    """By report: its sentences with role, theme and heading level, and its mentions."""
    tables = analyse(sorted(folder.iterdir()), book).tables
    sentences = tables["sentences"].query("role != 'noise'").fillna({"theme": ""})
    mentions = tables["mentions"].merge(sentences[["sentence", "text"]], on="sentence")
    return {
        report: (
            some[["text", "role", "theme", "heading_level"]].values.tolist(),
            Counter(map(tuple, mentions.query("report == @report")[KEYS].values)),
        )
        for report, some in sentences.groupby("report")
    }


KEYS = ["issue", "stance", "quote", "text"]

"""Reports that changed since a decision was made, with the truth about where everything is now."""

import random
from itertools import pairwise

import opencc
import pandas as pd

from analysis.corrections.anchors import plain

HALF = str.maketrans("，；：？！（）０１２３４５６７８９", ",;:?!()0123456789")
FULL = str.maketrans(",;:?!()0123456789", "，；：？！（）０１２３４５６７８９")
FAR = 20  # pieces: what is said again nearer than that has only moved
NEW = (
    "今年以来，各级机关党组织又作了新的部署。",
    "同时，有关部门对责任清单逐项作了梳理，并于年底前完成整改。",
    "这一点在座谈中也有同志提到。",
)


class Changed:
    """A report after some changes.

    Attributes
    ----------
    source : str
        The new text.
    now : dict of str to (int, int) or None
        Of each sentence: which non-blank characters it is now; None where it was cut or edited.
    """

    def __init__(self, source: str, sentences: pd.DataFrame, draw: random.Random, heavy: bool):
        pieces = cut_pieces(source, sentences)
        share = 0.06 if heavy else 0.02
        self.now: dict[str, tuple[int, int] | None] = {}
        out: list[str] = []
        at = 0

        def put(text: str) -> tuple[int, int]:
            nonlocal at
            out.append(text)
            begin, at = at, at + len(plain(text))
            return begin, at

        for number, (name, text) in enumerate(pieces):
            if name is None:
                put(text)
                continue
            self.now[name] = None
            fate = draw.random()
            if fate < share:  # cut
                continue
            if fate < 2 * share:  # edited
                put(edit(text, draw))
                continue
            if fate < 3 * share:
                put(draw.choice(NEW))
            if fate < 3.5 * share:  # said again elsewhere
                far = [t for n, (i, t) in enumerate(pieces) if i and abs(n - number) > FAR]
                put("\n" + draw.choice(far) + "\n")
            self.now[name] = put(text)
        self.source = dress("".join(out), draw)


def cut_pieces(source: str, sentences: pd.DataFrame) -> list[tuple[str | None, str]]:
    """The source in order: sentences with their ids, and what lies between them."""
    rows = list(sentences[["sentence", "start", "end"]].itertuples(index=False, name=None))
    rows = [("", 0, 0), *rows, ("", len(source), len(source))]
    pieces = []
    for (_, _, end), (name, start, stop) in pairwise(rows):
        pieces.append((None, source[end:start]))
        pieces.append((name or None, source[start:stop]))
    return [piece for piece in pieces if piece[1]]


def edit(text: str, draw: random.Random) -> str:
    """Change, add or drop one character that is no blank."""
    spots = [n for n, char in enumerate(text) if plain(char)]
    at = draw.choice(spots)
    return text[:at] + draw.choice(["", "不" + text[at], "甲"]) + text[at + 1 :]


def dress(text: str, draw: random.Random) -> str:
    """Change what does not matter: line ends, blanks, width of punctuation, script."""
    ways = draw.sample(["wrap", "half", "full", "traditional", "blanks", "crlf"], 2)
    if "traditional" in ways:
        text = opencc.OpenCC("s2t").convert(text)
    if "half" in ways or "full" in ways:
        text = text.translate(HALF if "half" in ways else FULL)
    if "blanks" in ways:
        text = "\n\n".join(f"\u3000\u3000{line}" for line in text.split("\n"))
    if "wrap" in ways:
        width = draw.randint(20, 45)
        text = "\n".join("\n".join(split(line, width)) for line in text.split("\n"))
    return text.replace("\n", "\r\n") if "crlf" in ways else text


def split(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), width)] or [""]

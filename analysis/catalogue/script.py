"""Which script a text is printed in."""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.grams import code_points
from analysis.structure import to_simplified


def find_script(text: str) -> str:
    """Tell ``simplified`` from ``traditional`` by the characters only one of them has.

    Traditional: those that OpenCC ``tw2s`` changes. Simplified: those that ``s2t`` changes and Big5
    does not have (so 后, 里, 干, which both scripts use, do not count). The majority decides; a
    text with neither is Simplified.
    """
    counts = np.bincount(code_points([text]), minlength=1)
    codes = np.flatnonzero(counts)
    leans = [*map(_lean, map(chr, codes.tolist()))]
    return "traditional" if counts[codes] @ np.array(leans, dtype=np.int64) > 0 else "simplified"


@cache
def _lean(character: str) -> int:
    """1 where only traditional script has a character, −1 where only simplified has it."""
    if not "\u3400" <= character <= "\u9fff":
        return 0
    return (to_simplified(character) != character) - _is_simplified_only(character)


def _is_simplified_only(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return _to_traditional().convert(character) != character
    return False


@cache
def _to_traditional():
    import opencc  # heavy to import; not needed where only help is asked for

    return opencc.OpenCC("s2t")

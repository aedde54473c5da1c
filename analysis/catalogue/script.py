"""Which script a text is printed in."""

from __future__ import annotations

from collections import Counter
from functools import cache

from analysis.structure import to_simplified


def find_script(text: str) -> str:
    """Tell ``simplified`` from ``traditional`` by the characters only one of them has.

    Traditional: those that OpenCC ``tw2s`` changes. Simplified: those that ``s2t`` changes and Big5
    does not have (so 后, 里, 干, which both scripts use, do not count). The majority decides; a
    text with neither is Simplified.
    """
    counts = {c: n for c, n in Counter(text).items() if "\u3400" <= c <= "\u9fff"}
    # A space between, so that the converter sees characters, not words.
    converted = to_simplified(" ".join(counts))[::2]
    traditional = sum(n for (c, n), new in zip(counts.items(), converted, strict=True) if new != c)
    simplified = sum(n for c, n in counts.items() if _is_simplified_only(c))
    return "traditional" if traditional > simplified else "simplified"


@cache
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

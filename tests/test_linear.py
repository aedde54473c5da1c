"""Every pattern takes time in proportion to the text, also where it nearly matches all the time.

Such text is made from a pattern's own example: the hit without its last character, its first half,
and the hit itself, again and again.
"""

import re
import time
from pathlib import Path

import pytest

from analysis.codebook import PATTERN_TABLES, load_codebook

BOOK = load_codebook(Path(__file__).parents[1] / "data" / "codebook")
SMALL, LARGE = 100_000, 200_000  # bytes
MOST = 3  # t(200 kB) / t(100 kB): 2 where it is linear, 4 where it is quadratic
FLOOR = 0.05  # seconds for 200 kB; below that the ratio measures the machine, not the pattern
TRIES = 3  # another process may take the machine away for a moment


def near_misses(row):
    example = re.sub("[【】]", "", row["example"])
    found = row["compiled"].search(example) or row["compiled"].search(row["example"])
    hit = found[0] if found else example
    return sorted({hit[:-1] or hit, hit[: max(1, len(hit) // 2)], hit})


def seconds(compiled, unit, size):
    text = unit * (size // len(unit.encode()) + 1)
    start = time.process_time()
    for _ in compiled.finditer(text):
        pass
    return time.process_time() - start


def is_linear(compiled, unit):
    """Try again before calling it slow; 25 and 50 kB first, so that no test takes minutes."""
    for _ in range(TRIES):
        small = seconds(compiled, unit, SMALL // 4)
        large = seconds(compiled, unit, LARGE // 4)
        if large < FLOOR or large <= MOST * small:
            break
    else:
        return False
    for _ in range(TRIES):
        large = seconds(compiled, unit, LARGE)
        if large < FLOOR or large <= MOST * seconds(compiled, unit, SMALL):
            return True
    return False


@pytest.mark.parametrize("table", PATTERN_TABLES)
def test_every_pattern_is_linear_in_time(table):
    slow = {
        row["pattern"]: unit[:20]
        for row in BOOK[table].to_dict("records")
        for unit in near_misses(row)
        if not is_linear(row["compiled"], unit)
    }
    assert slow == {}


def test_a_quadratic_pattern_is_found_out():
    assert not is_linear(re.compile("都能(?=[^，]{2,}，)"), "都能")
    assert is_linear(re.compile("都能(?=[^，]{2})"), "都能")

"""Damaged files of every format: each is read or refused in one line, soon and in little memory.

`FUZZ=10000 make test-slow ARGS=tests/test_fuzz.py` tries ten times as many.
"""

import io
import os
import random
import re
import sys
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from make_fixtures_pdf import Paper, columns_pdf, report_pdf
from toys_reading import report_lines

from analysis.reading import READERS, UNFORESEEN, ReadingError, Source, read_source

MUTANTS = int(os.environ.get("FUZZ", "1000"))
BLOCKS = 20  # tests that the workers share
MAX_SECONDS = 5  # of processor time, so that a busy machine fails no test
MAX_MEMORY = 700_000_000  # bytes, beyond what the process had before
MAX_MUTANT = 2_000_000  # bytes: repeated repetition would make hundreds of millions
HERE = Path(__file__).parent


def seeds():
    """Real files of every format, by name: (suffix, bytes)."""
    files = [*(HERE / "data").rglob("*"), *(HERE.parent / "data" / "reports").glob("*.txt")]
    found = {
        path.name: (path.suffix, path.read_bytes())
        for path in sorted(files)
        if path.suffix in READERS and path.parent.name != "nasty"
    }
    lines = report_lines("training/t11")
    loose = Paper("页眉")
    loose.set_compression(False)  # so that what is changed is what is read
    loose.add_page()
    for line in lines[3:7]:
        loose.paragraph(line)
    found["report.pdf"] = (".pdf", report_pdf(lines[:12]))
    found["columns.pdf"] = (".pdf", columns_pdf("两栏", lines[3:8]))
    found["loose.pdf"] = (".pdf", bytes(loose.output()))
    return found


SEEDS = seeds()


def flip(chance, raw):
    out = bytearray(raw)
    for _ in range(chance.choice((1, 3, 10, 100))):
        out[chance.randrange(len(out))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
    return bytes(out)


def cut(chance, raw):
    return raw[: chance.randrange(1, len(raw))]


def insert(chance, raw):
    at = chance.randrange(len(raw))
    piece = chance.choice((b"\0" * 50, b"\xff" * 4, chance.randbytes(20), raw[:at][-200:] * 20))
    return raw[:at] + piece + raw[at:]


def swap(chance, raw):
    a, b, c = sorted(chance.randrange(len(raw)) for _ in range(3))
    return raw[:a] + raw[b:c] + raw[a:b] + raw[c:]


def drop(chance, raw):
    a, b = sorted(chance.randrange(len(raw)) for _ in range(2))
    return raw[:a] + raw[min(b, a + chance.choice((1, 4, 512, 5000))) :]


def splice(chance, raw):
    other = chance.choice(list(SEEDS.values()))[1]
    return raw[: chance.randrange(1, len(raw))] + other[chance.randrange(len(other)) :]


def set_number(chance, raw):
    """A length or an offset becomes another, as large as can be or off by a little."""
    out, at = bytearray(raw), chance.randrange(max(len(raw) - 4, 1))
    size = chance.choice((2, 4))
    old = int.from_bytes(out[at : at + size], "little")
    new = chance.choice((0, 1, old + 1, old - 1, old * 2, 256**size - 1, 256**size // 2))
    out[at : at + size] = (new % 256**size).to_bytes(size, "little")
    return bytes(out)


def set_decimals(chance, raw):
    """Numbers written in digits become others; XML stays XML and PDF stays PDF."""
    spans = [match.span() for match in re.finditer(rb"\d+", raw)]
    for start, end in chance.sample(spans, min(len(spans), chance.choice((1, 5, 50)))):
        digits = chance.choice((b"0", b"9", b"1")) * (end - start)
        raw = raw[:start] + digits + raw[end:]
    return raw


def edit_member(chance, raw):
    """A file inside a zip is changed and packed again, so that its checksum is right."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError):
        return flip(chance, raw)  # an earlier change broke it
    name = chance.choice(sorted(members))
    if chance.random() < 0.5 and "word/document.xml" in members:
        name = "word/document.xml"
    change = chance.choice((flip, cut, insert, swap, drop, repeat_tags, *[set_decimals] * 6))
    members[name] = change(chance, members[name]) if members[name] else b"x"
    if chance.random() < 0.1:
        del members[chance.choice(sorted(members))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def repeat_tags(chance, raw):
    """Whole elements come again, or one inside itself many times."""
    parts = raw.split(b">")
    a = chance.randrange(len(parts))
    piece = b">".join(parts[a : a + chance.randrange(1, 30)]) + b">"
    times = min(chance.choice((2, 50, 1000)), MAX_MUTANT // len(piece) + 1)
    return b">".join(parts[:a]) + b">" + piece * times + b">".join(parts[a:])


# Changes that keep every place come more often: the others seldom leave more than the first check.
CHANGES = (flip, set_number, set_decimals) * 3 + (cut, insert, swap, drop, splice, repeat_tags)


def mutant(number):
    """Name and bytes of a damaged file; the number alone decides which."""
    chance = random.Random(number)
    suffix = chance.choice(sorted({suffix for suffix, _ in SEEDS.values()}))
    name = chance.choice(sorted(name for name in SEEDS if name.endswith(suffix)))
    raw = SEEDS[name][1]
    for _ in range(chance.choice((1, 1, 2, 4))):
        if len(raw) < 10:
            break
        packed = raw.startswith(b"PK") and chance.random() < 0.7
        raw = (edit_member if packed else chance.choice(CHANGES))(chance, raw)[:MAX_MUTANT] or b"x"
    return f"{number}-{Path(name).stem}{suffix}", raw


def seconds():
    """Processor time of this process and of those it has started and awaited."""
    return sum(os.times()[:4])


def peak(what="VmHWM"):
    """Bytes: the largest size of this process since :func:`forget_peak`, or its size now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) * 1024


def forget_peak():
    """Let the peak begin anew: other tests of this process may have been larger."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak("VmRSS")


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_mutants_are_read_or_refused(tmp_path, block):
    before = forget_peak() if sys.platform == "linux" else 0
    for number in range(block, MUTANTS, BLOCKS):
        name, raw = mutant(number)
        path = tmp_path / name
        path.write_bytes(raw)
        start = seconds()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                source = read_source(path)
        except ReadingError as error:
            assert str(error).startswith(f"{name}："), name
            assert len(str(error).splitlines()) == 1, name
            assert UNFORESEEN not in str(error), (name, error.__cause__)
        else:
            assert isinstance(source, Source), name
            source.text.encode("utf-8")  # it is going to be written
        assert seconds() - start <= MAX_SECONDS, name
        path.unlink()
    if sys.platform == "linux":
        assert peak() - before <= MAX_MEMORY  # the process that reads PDF has a limit of its own


def test_mutants_are_of_every_format_and_seldom_whole():
    made = [mutant(number) for number in range(0, 200)]
    assert {Path(name).suffix for name, _ in made} == {suffix for suffix, _ in SEEDS.values()}
    assert sum(raw in {seed for _, seed in SEEDS.values()} for _, raw in made) < 10

"""The sieve never drops a pattern that matches: the codebook's on the reports, any other on any."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import PATTERN_TABLES, for_patterns
from analysis.labels import LINE_BREAK, load_labels
from analysis.literals import ALWAYS, needs, stays_in_line
from analysis.sieve import Sieve, make_sieve
from analysis.stance import ALL_MARKS, MARKS
from analysis.workspace import CHECKOUT

LETTERS = "不强弱的,，:1aA\n 【〔"
# Every construct of `re`, round letters so few that texts often match.
CLASSES = (".", r"\d", r"\w", r"\s", r"\b", "^", "$", r"\Z", "[不强]", "[^不]", "[一-鿿]", "[0-9,]")
ATOMS = st.one_of(
    st.text(LETTERS.replace("\n", ""), min_size=1, max_size=3).map(re.escape),
    st.sampled_from(CLASSES),
)
WRAPPERS = (
    *("(?:{})?", "(?:{})*?", "(?:{})+", "(?:{}){{2}}", "(?:{}){{0,2}}", "({})", "(?>{})"),
    *("(?={})", "(?!{})", "(?i:{})", "(?P<g>{})(?P=g)", "({})?(?(1)强|弱)", "(?:{})++"),
)
REGEXES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.builds(lambda shape, part: shape.format(part), st.sampled_from(WRAPPERS), inner),
    ),
    max_leaves=8,
)
TEXTS = st.lists(st.text(LETTERS, max_size=8), min_size=1, max_size=8)


def compiled(regex, flags=0):
    """Numbered groups of the parts clash at times: such a regex is no legal pattern."""
    try:
        return re.compile(regex, flags)
    except re.error:
        return None


def plain(patterns, texts):
    return [{at for at, p in enumerate(patterns) if p.search(text)} for text in texts]


@pytest.fixture(scope="module")
def sentences(study):
    return study.sentences["text"].tolist()


@pytest.mark.parametrize("table", PATTERN_TABLES)
def test_patterns_of_the_codebook_find_the_same_as_by_plain_search(table, book, sentences):
    rows = book[table]
    texts = [*sentences, *rows["example"], *rows["counterexample"]]
    texts += [for_patterns(text) for text in texts]
    patterns = tuple(rows["compiled"])
    candidates, wanted = make_sieve(patterns).candidates(texts), plain(patterns, texts)
    assert all(found <= set(maybe) for found, maybe in zip(wanted, candidates, strict=True))
    assert sum(map(len, candidates)) < len(texts) * len(patterns) / 5  # and it is worth while


@pytest.mark.parametrize("table", PATTERN_TABLES)
def test_the_same_on_all_labelled_reports(table, book):
    """The 51 reports of `data/`: every sentence that a reader marked off."""
    rows, patterns = book[table], tuple(book[table]["compiled"])
    folders = (CHECKOUT / "data" / name for name in ("gold", "training", "held_out"))
    texts = [text for folder in folders for text in load_labels(folder).sentences["text"]]
    texts = [for_patterns(text.replace(LINE_BREAK, "")) for text in texts]
    assert len(texts) > 4_000 and len(rows)
    pairs = zip(plain(patterns, texts), make_sieve(patterns).candidates(texts), strict=True)
    assert all(found <= set(maybe) for found, maybe in pairs)


def test_rows_of_stance_are_kept_wherever_the_mention_stands(book):
    patterns = tuple(book["stance_patterns"]["compiled"])
    for _, row in book["stance_patterns"].iterrows():
        text = re.sub("[【】]", "", row["example"]).translate(MARKS)
        (maybe,) = make_sieve(patterns, ALL_MARKS).candidates([text])
        assert row.name in maybe


@settings(deadline=None, max_examples=250)
@given(st.lists(REGEXES, min_size=1, max_size=5), TEXTS, st.sampled_from([0, re.I, re.M, re.S]))
def test_no_match_of_any_pattern_is_lost(regexes, texts, flags):
    patterns = [p for p in (compiled(regex, flags) for regex in regexes) if p]
    candidates = Sieve(patterns).candidates(texts)
    assert [sorted(set(maybe)) for maybe in candidates] == candidates
    for found, maybe in zip(plain(patterns, texts), candidates, strict=True):
        assert found <= set(maybe)


@settings(deadline=None, max_examples=150)
@given(REGEXES, TEXTS.filter(lambda texts: not any("\n" in text for text in texts)))
def test_a_pattern_that_stays_in_its_line_finds_the_same_line_by_line(regex, lines):
    pattern = compiled(regex, re.MULTILINE)
    if pattern is None or not stays_in_line(pattern) or pattern.search(""):
        return
    alone = [match[0] for line in lines for match in pattern.finditer(line)]
    assert [match[0] for match in pattern.finditer("\n".join(lines))] == alone


@pytest.mark.parametrize(
    ("regex", "stays"),
    [
        (r"^不[^\n，]{0,3}强$", True),
        ("不.强(?!的)", True),
        ("不[^，]强", False),
        (r"不\s*强", False),
        (r"不\Z", False),
        ("(?s:不.)", False),
    ],
)
def test_what_stays_in_its_line(regex, stays):
    assert stays_in_line(re.compile(regex, re.MULTILINE)) == stays


def grams(regex):
    return {frozenset("".join(sorted(c)) for c in way) for way in needs(re.compile(regex))}


@pytest.mark.parametrize(
    ("regex", "ways"),
    [
        ("党建", [["党建"]]),
        ("党建工作", [["党建", "工作"]]),  # the first two and the last two characters
        ("党务.{0,3}不强", [["党务", "不强"]]),
        ("党务.*弱|不强", [["党务", "弱"], ["不强"]]),
        ("不(?:太)?强", [["不太不强", "不强太强"]]),  # 不强 or 不太, and 不强 or 太强
        ("(?=党建)不强", [["党建", "不强"]]),
        ("(?!党建)不强", [["不强"]]),
        ("(?:党建)?.", [[]]),
        ("(?i)ab", [[]]),
        (r"\d+", [[]]),
    ],
)
def test_needs_by_hand(regex, ways):
    assert grams(regex) == {frozenset(way) for way in ways}


def test_without_conditions_a_pattern_is_always_a_candidate():
    sieve = Sieve([re.compile("."), re.compile("党建")])
    assert needs(re.compile(".")) == ALWAYS
    assert sieve.candidates(["", "党建", "党，建"]) == [[0], [0, 1], [0]]
    assert Sieve([]).candidates(["党建"]) == [[]]
    assert sieve.candidates([]) == []


def test_no_pair_goes_on_into_the_next_text():
    sieve = Sieve([re.compile("党建")])
    assert sieve.candidates(["党", "建", "", "党建", ""]) == [[], [], [], [0], []]


def test_either_kind_of_punctuation_is_seen():
    sieve = Sieve([re.compile("不强，的"), re.compile("不强,的")])
    assert sieve.candidates(["不强,的", "不强，的"]) == [[0, 1], [0, 1]]

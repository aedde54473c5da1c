"""Passages that reports repeat of each other: what is found, and what is not."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys_repeats import BODY, NONE, OTHER, filler, repeats, table_of

from analysis.codebook import load_codebook
from analysis.duplicates import COMPARED, COPY_FROM, count_passages, find_copies, say_left_out
from analysis.schema import empty
from analysis.shingles import LENGTH, MIN_CHARACTERS, PLACES, find_pairs, read_plain
from analysis.study.batches import join_reports, read_reports
from analysis.twins import find_twins
from analysis.workspace import CHECKOUT

DATA = CHECKOUT / "data"
REAL = [
    *sorted((DATA / "reports").glob("*.txt")),
    *sorted((DATA / "training").glob("*.txt")),
    *sorted((DATA / "held_out").glob("*.txt")),
]
# What a tenth, a fifth … of the characters changed must leave to be found.
RECALL = {0.0: 1.0, 0.1: 0.95, 0.2: 0.95, 0.3: 0.8, 0.4: 0.2}
FALSE_ALARMS = 0.01
FULL_WIDTH = str.maketrans("0123456789,;:()", "０１２３４５６７８９，；：（）")
SET_PHRASE = (
    "以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大精神，增强“四个意识”，"
    "坚定“四个自信”，做到“两个维护”，"
)


def change(text, share, chance, others):
    """Change a share of the characters: exchange, drop, add, swap; wrap anew, widen figures."""
    edited, at = [], 0
    while at < len(text):
        what = chance.random() if chance.random() < share else None
        if what is None:
            edited.append(text[at])
        elif what < 0.5:
            edited.append(chance.choice(others))
        elif what < 0.7:
            edited += [text[at], chance.choice(others)]
        elif what < 0.8 and at + 4 <= len(text):  # two words change places: two edits a character
            edited += [text[at + 2 : at + 4], text[at : at + 2]]
            at += 3
        at += 1
    text = "".join(edited).translate(FULL_WIDTH)
    width = chance.randrange(18, 40)
    return "\n".join(text[n : n + width] for n in range(0, len(text), width))


@pytest.fixture(scope="module")
def real():
    """Sentences, twins and copies of the reports at hand, by a dozen authors."""
    names = {path: path.stem for path in REAL}
    found = read_reports(names, load_codebook(DATA / "codebook"), empty("catalogue"))
    tables, rows, sources = join_reports(found)
    plain = read_plain(tables["sentences"])
    pairs = find_pairs(plain)
    twins = find_twins(plain, pairs, NONE, pd.DataFrame(rows))
    return tables["sentences"], twins, find_copies(plain, pairs, sources, twins)


def bodies(sentences):
    plain = read_plain(sentences)
    found = sentences[~sentences["role"].isin(["heading", "noise"])]
    texts = found.groupby("passage", sort=False)["text"].agg("".join)
    return texts[[*plain.passages[plain.size >= MIN_CHARACTERS]]]


def recall(texts, share, seed):
    """Share of copies planted in another report that are found."""
    chance, letters = random.Random(seed), "".join(texts)
    copied = [change(text, share, chance, letters) for text in texts]
    among = [one for pair in zip(copied, filler(2, len(texts)), strict=True) for one in pair]
    sentences, sources = table_of({"a": list(texts), "b": among, "c": filler(1, len(texts))})
    plain = read_plain(sentences)
    copies = find_copies(plain, find_pairs(plain), sources, empty("twins"))
    right = {(f"a-p{at:04d}", f"b-p{2 * at:04d}") for at in range(len(texts))}
    pairs = set(zip(copies["passage"], copies["other_passage"], strict=True))
    found = {pair for pair in right if pair in pairs or pair[::-1] in pairs}
    return len(found) / len(right)


def test_planted_copies_are_found(real):
    texts = bodies(real[0])
    some = random.Random(0).sample(texts.tolist(), 250)
    found = {share: recall(some, share, seed=1) for share in RECALL}
    print("recall by share of characters changed:", found)  # shown by pytest -s
    assert all(found[share] >= least for share, least in RECALL.items()), found


def test_set_phrases_are_no_copies(real):
    """Of a thousand passages by a dozen authors hardly one repeats another; no two are one."""
    sentences, twins, copies = real
    passages = len(bodies(sentences))
    assert passages > 900
    print(f"false alarms: {copies['passage'].nunique()} of {passages} passages")
    assert copies["passage"].nunique() <= FALSE_ALARMS * passages
    assert twins.empty


def test_set_phrases_alone_and_with_words_of_ones_own():
    own = [SET_PHRASE + text for text in (BODY, OTHER, "".join(filler(1, 2)))]
    twins, copies = repeats({name: [text] for name, text in zip("abc", own, strict=True)})
    assert twins.empty
    assert copies.empty


def test_a_copied_passage_is_listed_at_both_places():
    edited = BODY.replace("积极性", "热情").replace("照抄照搬", "抄来抄去")
    _, copies = repeats({"甲": [BODY, *filler(1)], "乙": [*filler(2), edited], "丙": filler(3)})
    sides = copies[["report", "passage", "other_report", "other_passage"]].to_numpy().tolist()
    assert sides == [
        ["甲", "甲-p0000", "乙", "乙-p0006"],
        ["乙", "乙-p0006", "甲", "甲-p0000"],
    ]
    assert copies["quote"].tolist() == copies["other_quote"].tolist()[::-1] == [BODY, edited]
    assert copies.loc[0, ["start", "end"]].tolist() == [0, len(BODY)]
    assert copies["share"].between(COPY_FROM / 100, 0.99).all()


def test_a_short_passage_inside_a_long_one_makes_only_the_short_one_a_copy():
    long = "".join(filler(1, 4)) + BODY + "".join(filler(2, 4))
    _, copies = repeats({"甲": [long], "乙": [BODY, *filler(3)]})
    assert copies[["report", "other_report", "share"]].to_numpy().tolist() == [["乙", "甲", 1.0]]


def test_a_passage_that_another_report_has_in_pieces_is_a_copy_as_a_whole():
    pieces = [BODY, OTHER, filler(5, 1)[0]]
    _, copies = repeats({"甲": ["".join(pieces), *filler(1)], "乙": [*pieces, *filler(2, 9)]})
    assert copies["passage"].value_counts().to_dict() == {
        "甲-p0000": 3, "乙-p0000": 1, "乙-p0001": 1, "乙-p0002": 1,
    }  # fmt: skip
    assert copies.loc[copies["report"] == "甲", "share"].sum() == pytest.approx(1, abs=0.01)


def test_headings_noise_short_lines_and_a_report_with_itself_do_not_alarm():
    short = BODY[: MIN_CHARACTERS - 1]
    same = [(BODY, "heading"), (OTHER, "noise"), short]
    _, copies = repeats({"甲": [*same, *filler(1)], "乙": [*same, *filler(2)]})
    assert copies.empty
    _, copies = repeats({"甲": [BODY, BODY, OTHER, OTHER], "乙": filler(2)})
    assert copies.empty


def test_what_everybody_repeats_is_found_everywhere():
    """More reports than a shingle is compared with all of."""
    names = [f"r{number:03d}" for number in range(PLACES * 2)]
    _, copies = repeats({n: [BODY, *filler(at, 3)] for at, n in enumerate(names)})
    assert set(copies["report"]) == set(names)
    assert len(copies) < 10 * len(names)


def test_more_pairs_than_can_be_compared_are_told():
    assert say_left_out(empty("copies")) == []
    copies = empty("copies")
    copies.attrs["left_out"] = 7
    (line,) = say_left_out(copies)
    assert f"只比较了最像的 {COMPARED} 对，另有 7 对没有比较" in line


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("甲乙丙丁a1Ａ，。 \n㈠𠮷", max_size=40), min_size=1, max_size=6))
def test_wording_is_kept_character_by_character(texts):
    sentences, _ = table_of({"r": [text or "。" for text in texts]})
    plain = read_plain(sentences)
    for at, name in enumerate(plain.passages):
        text = sentences.set_index("passage").loc[name, "text"]
        begin, end = plain.begin[at], plain.begin[at + 1]
        letters = [c for c in text if c not in "，。 \n㈠"]
        assert plain.text(at) == "".join({"Ａ": "a"}.get(c, c) for c in letters)
        if end > begin:
            assert (
                plain.printed(begin, end)
                == text[text.index(letters[0]) :][
                    : len(text.rstrip("，。 \n㈠")) - text.index(letters[0])
                ]
            )
        assert (plain.shingle[begin:end] > 0).sum() == max(end - begin - LENGTH + 1, 0)


def test_nothing_gives_empty_tables():
    plain = read_plain(empty("sentences"))
    pairs = find_pairs(plain)
    assert find_twins(plain, pairs, NONE, empty("reports")).empty
    assert find_copies(plain, pairs, {}, empty("twins")).empty
    assert count_passages(empty("sentences")).empty

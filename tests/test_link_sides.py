import pandas as pd
from toys_links import FEW, MEASURES, tables_of

from analysis.link_sides import find_sides

PRACTICE = ("去年建了台账。", "practice")
PARTS = [("一", "一", [PRACTICE, *FEW]), ("二", "二", MEASURES)]


def test_points_are_places_of_sentences_whatever_the_order_of_rows():
    tables = tables_of(("甲", PARTS), ("乙", PARTS))[:3]
    sides = find_sides(*tables)
    mixed = find_sides(tables[0].sample(frac=1, random_state=0), *tables[1:])
    assert sides.sentence.tolist() == mixed.sentence.tolist()
    assert sides.report.tolist() == sorted(sides.report)
    spans = zip(sides.first, sides.behind, strict=True)
    told = ["".join(sides.text[a:b]) for a, b in spans]
    head, first, last = FEW[0][0], FEW[1], FEW[2][0]
    assert told == [head + first, last] * 2
    assert sides.point.tolist() == [sides.sentence[at] for at in sides.first]
    assert [sides.text[at] for at in sides.answers] == [text for text, _ in MEASURES] * 2
    assert sides.path.tolist() == ["一"] * 3 + ["二"] * 2 + ["一"] * 3 + ["二"] * 2
    assert sides.issues[2] == {"assessment_flaws"}
    assert not any(sides.issues[at] for at in (0, 1, 3, 4))


def test_one_side_alone():
    sides = find_sides(*tables_of(("甲", [("一", None, MEASURES)]))[:3])
    assert (len(sides.point), len(sides.first), len(sides.behind)) == (0, 0, 0)
    assert sides.answers.tolist() == [0, 1]
    assert pd.isna(sides.path).all()

import pandas as pd

from analysis.lazy import LazyTables, whole_or_pieces

PIECES = [pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [3]})]


def test_a_table_is_made_once_and_only_when_asked_for():
    made = []

    def make():
        made.append(1)
        return iter(PIECES)

    tables = LazyTables({"one": PIECES[0], "long": make}) | {"two": PIECES[1]}
    assert list(tables) == ["one", "long", "two"]
    assert "long" in tables
    assert tables["one"] is PIECES[0]
    assert not made
    assert [len(piece) for piece in whole_or_pieces(tables, "long")] == [2, 1]
    assert dict(tables)["long"]["a"].tolist() == tables["long"]["a"].tolist() == [1, 2, 3]
    assert len(made) == 2  # in pieces, and to be kept
    assert whole_or_pieces(tables, "long") is tables["long"]


def test_plain_tables_are_whole():
    assert whole_or_pieces({"one": PIECES[0]}, "one") is PIECES[0]

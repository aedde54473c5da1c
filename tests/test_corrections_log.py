import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corrections.log import digest, next_redo, next_undo, standing
from analysis.schema import check


def rows(*said):
    """Rows from “a”, “b” (decisions) and “c-a” (c undoes a), in this order."""
    pairs = [(*one.split("-"), None)[:2] for one in said]
    common = {"target": "sentence", "field": "role", "now": "cause", "report": "甲", "exact": "话"}
    frame = pd.DataFrame([{"correction": a, "undoes": b} | common for a, b in pairs])
    frame = frame.assign(start=0, end=1).reindex(
        columns=[
            *("correction", "time", "who", "target", "field", "was", "now", "why", "undoes"),
            *("report", "sha256", "exact", "prefix", "suffix", "start", "end"),
        ]
    )
    return check("corrections", frame)


@pytest.mark.parametrize(
    ("said", "stand", "undo", "redo"),
    [
        (["a", "b"], "ab", "b", None),
        (["a", "b", "c-b"], "a", "a", "c"),
        (["a", "b", "c-b", "d-a"], "", None, "d"),
        (["a", "b", "c-b", "d-a", "e-d"], "a", "a", "c"),
        (["a", "b", "c-b", "d-c"], "ab", "b", None),
        (["a", "b", "c-b", "d-c", "e-b"], "a", "a", "e"),
        (["a", "b", "c-b", "d"], "ad", "d", None),
        (["a", "b-x"], "a", "a", "b"),
    ],
)
def test_what_stands_and_what_comes_next(said, stand, undo, redo):
    table = rows(*said)
    assert "".join(standing(table)["correction"]) == stand
    assert next_undo(table) == undo
    if "b-x" not in said:
        assert next_redo(table) == redo


def bare(*said):
    """Only what tells which rows stand."""
    pairs = [(*one.split("-"), None)[:2] for one in said]
    return pd.DataFrame(pairs, columns=["correction", "undoes"], dtype="str")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=20))
def test_undo_and_redo_walk_along_a_line(steps):
    said, done, undone = ["z0"], ["z0"], []
    for number, step in enumerate(steps, start=1):
        name = f"z{number}"
        table = bare(*said)
        if step == "do":
            said.append(name)
            done.append(name)
            undone.clear()
        elif step == "undo" and done:
            assert next_undo(table) == done[-1]
            said.append(f"{name}-{done[-1]}")
            undone.append((name, done.pop()))
        elif step == "redo" and undone:
            by, what = undone.pop()
            assert next_redo(table) == by
            said.append(f"{name}-{by}")
            done.append(what)
        else:
            assert (next_undo if step == "undo" else next_redo)(table) is None
    assert sorted(standing(bare(*said))["correction"]) == sorted(done)


def test_the_digest_knows_only_what_results_depend_on():
    table = rows("a", "b")
    assert digest(standing(rows("a", "b", "c-b"))) == digest(standing(rows("a")))
    assert digest(table) == digest(table.assign(who="乙", time="2024-01-01 08:00:00"))
    assert digest(table) != digest(table.assign(now="problem"))
    assert digest(standing(rows("a", "c-a"))) is None

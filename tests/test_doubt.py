import pandas as pd
import pytest

from analysis.doubt import ROLE_MARGIN, THEME_MARGIN, is_doubtful, mark_doubt, say_doubt

LOW, HIGH = ROLE_MARGIN - 0.01, THEME_MARGIN


def sentences(*rows):
    columns = ["role", "role_margin", "theme_margin", "corrected"]
    return pd.DataFrame(rows, columns=columns, index=range(5, 5 + len(rows)))


TOY = sentences(
    ("problem", LOW, LOW, False),
    ("problem", ROLE_MARGIN, THEME_MARGIN, False),  # at the threshold: trusted
    ("background", LOW, LOW, False),  # its theme is never counted
    ("heading", LOW, float("nan"), False),
    ("noise", 0.0, float("nan"), False),
    ("cause", LOW, LOW, True),  # a person decided
    ("countermeasure", 0.9, THEME_MARGIN - 0.01, pd.NA),
)


def test_each_label_with_little_behind_it_is_named():
    marks = mark_doubt(TOY)
    assert marks.index.equals(TOY.index)
    assert marks.fillna("").tolist() == ["角色、主题", "", "角色", "", "", "", "主题"]


@pytest.mark.parametrize(("role", "expected"), [("practice", True), ("heading", False)])
def test_only_roles_that_were_judged_are_doubted(role, expected):
    assert is_doubtful(sentences((role, LOW, HIGH, False)), "role").tolist() == [expected]


def test_of_passages_the_theme_is_doubted_where_it_is_counted():
    passages = pd.DataFrame(
        {
            "problem_sentences": [1, 0, 0],
            "countermeasure_sentences": [0, 2, 0],
            "theme_margin": [LOW, HIGH, LOW],
            "corrected": False,
        }
    )
    assert mark_doubt(passages).fillna("").tolist() == ["主题", "", ""]
    assert say_doubt(TOY, passages) == (
        "把握不大的标签：角色 2 句（共判断 5 句）、主题 1 段（共 2 个问题段、对策段），"
        "表中都有标明。"
    )


def test_the_five_reports_show_their_doubts_wherever_labels_are_read(study):
    unsure = study.sentences[is_doubtful(study.sentences, "role")]
    assert len(unsure) > 0
    row = unsure[unsure["role"].isin(["problem", "countermeasure"])].iloc[0]
    shown = study.sentences_of(row["report"]).set_index("正文")
    assert "角色" in shown.loc[[row["text"]], "把握不大的标签"].iloc[0]
    rate = f"all/all/role/{row['role']}/any"
    quotes = study.quotes(rate).set_index("sentence")
    assert "角色" in quotes.loc[row["sentence"], "doubt"]
    assert quotes["doubt"].isna().any()
    assert "角色把握不大" in study.trace(rate)
    assert say_doubt(study.sentences, study.passages) in repr(study)

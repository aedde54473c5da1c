import pandas as pd
import pytest

from analysis.labels import Labels, load_labels
from analysis.link_matching import match_links
from analysis.schema import empty
from analysis.scoring import score
from analysis.workspace import CHECKOUT

# One report of ten sentences of ten characters: problems, then countermeasures.
ROLES = ["problem", "problem", "heading", "problem", "heading", "problem"]
ROLES += ["countermeasure"] * 4
TEXTS = ["人手少", "人手缺", "", "考核虚", "", "活动旧", "补人手", "严考核", "活动要新", "打基础"]
IDS = [f"s{n}" for n in range(len(ROLES))]
# Labelled: s0 and s1 are one point. What is predicted: links of s0, s3, none of s5.
GOLD = [
    ("p1", "s0;s1", "s6", "answered"),
    ("p2", "s3", "", "unanswered"),
    ("p3", "s5", "s8", "answered"),
    ("p4", "s4", "s9", "answered"),  # no problem is seen there
    ("p5", "s3", "s7", "unclear"),
]
LINKS = [
    ("s0", "s7", "r", "r", 0.5),
    ("s0", "s6", "r", "r", 0.8),
    ("s3", "s7", "r", "r", 0.6),
    ("s5", None, "r", None, None),
    ("s5", "z1", "r", "z", 0.9),  # another report's: a proposal is no answer
]


@pytest.fixture
def labels():
    places = range(0, 10 * len(IDS), 10)
    sentences = pd.DataFrame({"id": IDS, "report": "r", "start": places})
    sentences["end"] = sentences["start"] + 10
    sentences[["role", "theme", "issues", "stances", "text"]] = None
    links = pd.DataFrame(GOLD, columns=["point", "problems", "countermeasures", "status"])
    return Labels(sentences, links=links.replace("", None).assign(report="r"))


@pytest.fixture
def tables(labels):
    columns = ["report", "start", "end"]
    sentences = labels.sentences[columns].assign(
        sentence=IDS, passage="p", role=ROLES, text=[f"{t:　<10}" for t in TEXTS], theme="staffing"
    )
    sentences["heading_level"] = pd.array([None] * len(IDS), dtype="Int64")
    columns = ["problem", "countermeasure", "report_problem", "report_countermeasure", "score"]
    return sentences, empty("mentions"), pd.DataFrame(LINKS, columns=columns)


def test_points_take_the_answers_of_the_point_they_share_most_with(labels, tables):
    points = match_links(labels, *tables).set_index("point")
    assert points.index.tolist() == ["p1", "p2", "p3", "p4"]  # unclear points are not scored
    assert points["predicted"].tolist()[:3] == ["answered", "answered", "unanswered"]
    assert points["predicted"].isna().tolist() == [False, False, False, True]
    # The first is the one of the highest score, whatever row it stands in.
    assert points.loc[["p1", "p2"], "first"].tolist() == [True, False]
    assert points.loc[["p3", "p4"], "first"].isna().all()


def test_baselines_answer_every_point_that_is_seen(labels, tables):
    points = match_links(labels, *tables).set_index("point")
    # Three points, four countermeasures: places 1/6, 1/2, 5/6 of four are s6, s8, s9.
    assert points.loc[["p1", "p2", "p3"], "by_order"].tolist() == [True, False, False]
    # 人手 s6, 考核 s7 (but none is labelled), 活动 s8.
    assert points.loc[["p1", "p2", "p3"], "by_words"].tolist() == [True, False, True]
    assert points.loc["p4", ["by_order", "by_words"]].isna().all()


def test_shares(labels, tables):
    sentences, mentions, links = tables
    scores = score(labels, sentences, mentions, pd.DataFrame({"report": ["r"]}), links)
    rows = scores[scores["report"] == "all"].set_index(["measure", "key"])
    # Right: p1 of four; of the three that have an answer p1, of the one without none.
    assert rows.loc["link", "value"].to_dict() == {
        "all": pytest.approx(1 / 4),
        "answered": pytest.approx(1 / 3),
        "unanswered": 0,
    }
    assert rows.loc["link", "n"].to_dict() == {"all": 4, "answered": 3, "unanswered": 1}
    first = rows.loc["link_first"]
    # Given for p1 and p2, right for p1; three have an answer. Baselines: given for three.
    assert first["precision"].round(3).to_dict() == {"all": 0.5, "order": 0.333, "nearest": 0.667}
    assert first["recall"].round(3).to_dict() == {"all": 0.333, "order": 0.333, "nearest": 0.667}


def test_without_labels_or_links_nothing_is_scored(labels, tables):
    sentences, mentions, links = tables
    assert match_links(Labels(labels.sentences), *tables).empty
    scores = score(labels, sentences, mentions, pd.DataFrame({"report": ["r"]}))
    assert not scores["measure"].str.startswith("link").any()
    none = sentences.assign(role="background")
    assert match_links(labels, none, mentions, links[:0])["predicted"].isna().all()


@pytest.mark.parametrize(("folder", "points"), [("gold", (22, 13, 5)), ("training", (42, 13, 5))])
def test_labelled_links_of_the_project_fit_their_sentences(folder, points):
    counts = load_labels(CHECKOUT / "data" / folder).links["status"].value_counts()
    assert (counts["answered"], counts["unanswered"], counts["unclear"]) == points

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits
from toys_themes import gold_tables, real_book

from analysis import clusters as module
from analysis.clusters import (
    K_RANGE,
    MIN_PASSAGES,
    NOTHING_PROPOSED,
    choose_k,
    measure_agreement,
    tag_clusters,
)
from analysis.themes import tag_themes

# Four vocabularies without a word in common.
TOPICS = {
    "staffing": [
        "党务 干部 兼职 编制 培训",
        "干部 编制 培训 配备 党务",
        "兼职 配备 编制 干部 党务",
    ],
    "assessment": [
        "考核 指标 督查 整改 通报",
        "指标 通报 考核 督查 奖惩",
        "奖惩 整改 指标 考核 督查",
    ],
    "digital": ["网络 数据 系统 软件 技术", "数据 技术 网络 系统 终端", "终端 软件 数据 网络 技术"],
    "engagement": [
        "群众 社区 志愿 走访 诉求",
        "志愿 诉求 群众 社区 慰问",
        "慰问 走访 志愿 群众 社区",
    ],
}
TOPICS = {theme: [*texts, texts[0]] for theme, texts in TOPICS.items()}


def toy_passages(margin=1.0, reports=("甲", "乙", "丙", "丁")):
    """Sixteen passages: each topic once in each of four reports."""
    rows = [
        {
            "passage": f"{report}-p{number:04}",
            "report": report,
            "text": TOPICS[theme][i].replace(" ", "，"),
            "problem_sentences": 1,
            "countermeasure_sentences": 0,
            "theme": theme,
            "theme_margin": margin,
        }
        for i, report in enumerate(reports)
        for number, theme in enumerate(TOPICS)
    ]
    return pd.DataFrame(rows)


def gold_passages():
    return tag_themes(*gold_tables(), real_book())[1]


def test_topics_without_a_common_word_are_found():
    tagged, clusters = tag_clusters(toy_passages(), real_book())
    found = tagged.groupby("cluster")["theme"].agg(["nunique", "size"])
    assert found["nunique"].tolist() == [1] * len(found)
    assert clusters["passages"].sum() == 16
    assert (clusters["main_theme_share"] == 1).all()
    assert clusters.attrs["agreement"]["theme"]["nmi"] > 0.8
    assert clusters.attrs["agreement"]["report"]["ari"] <= 0
    assert "更接近主题的划分" in clusters.attrs["says"][0]


def test_words_tell_the_cluster_apart():
    tagged, clusters = tag_clusters(toy_passages(), real_book())
    words = dict(zip(clusters["main_theme"], clusters["words"], strict=True))
    vocabulary = {word for text in TOPICS["digital"] for word in text.split()}
    assert set(words["digital"].split("、")[:4]) <= vocabulary


def test_only_problem_and_countermeasure_passages_are_clustered():
    passages = toy_passages()
    passages.loc[0, "problem_sentences"] = 0
    passages.loc[1, ["problem_sentences", "countermeasure_sentences"]] = [0, 2]
    tagged, clusters = tag_clusters(passages, real_book())
    assert tagged["cluster"].isna().tolist() == [True] + [False] * 15
    assert clusters["passages"].sum() == 15


def test_largest_first_and_shares_by_hand():
    tagged, clusters = tag_clusters(gold_passages(), real_book())
    assert list(clusters["cluster"]) == list(range(1, len(clusters) + 1))
    assert clusters["passages"].is_monotonic_decreasing
    for row in clusters.itertuples():
        mine = tagged[tagged["cluster"] == row.cluster]
        assert row.passages == len(mine)
        assert row.reports == mine["report"].nunique()
        assert row.main_report_share == round(mine["report"].value_counts().iloc[0] / len(mine), 4)
        assert row.main_theme_share == round((mine["theme"] == row.main_theme).mean(), 4)


def test_saying_names_the_report_that_fills_the_cluster():
    passages = toy_passages()
    passages["report"] = [
        "甲" if t == "digital" else r for t, r in passages[["theme", "report"]].values
    ]
    says = dict(tag_clusters(passages, real_book())[1][["main_theme", "says"]].values)
    assert says["digital"] == (
        "本组4段，4段主题为“信息化”，全部出自报告“甲”：多半反映报告而非主题，仅作对照"
    )
    assert "反映报告" not in says["staffing"]


def test_low_margins_of_two_reports_propose_a_theme():
    passages = toy_passages()
    passages.loc[passages["theme"] == "digital", "theme_margin"] = 0.1
    clusters = tag_clusters(passages, real_book())[1]
    proposed = clusters[clusters["proposed"]]
    assert list(proposed["main_theme"]) == ["digital"]
    assert "可考虑增设主题" in proposed["says"].iloc[0]
    assert clusters.attrs["says"][1] == "有 1 组可考虑增设主题"


def test_low_margins_of_one_report_propose_nothing():
    passages = toy_passages()
    unsure = passages["theme"] == "digital"
    passages.loc[unsure, ["theme_margin", "report"]] = [0.1, "甲"]
    clusters = tag_clusters(passages, real_book())[1]
    assert not clusters["proposed"].any()
    assert clusters.attrs["says"][1] == NOTHING_PROPOSED


@pytest.mark.parametrize("count", [0, 1, MIN_PASSAGES - 1])
def test_too_few_passages_are_not_clustered(count):
    passages = toy_passages().iloc[:count]
    tagged, clusters = tag_clusters(passages, real_book())
    assert len(clusters) == 0
    assert tagged["cluster"].isna().all()
    assert clusters.attrs["says"] == [
        f"问题段、对策段共 {count} 段，不足以聚类；{NOTHING_PROPOSED}"
    ]


@pytest.mark.parametrize("text", ["考核，督查", "，。！"])
def test_equal_or_wordless_passages_do_not_break(text):
    passages = toy_passages().assign(text=text)
    tagged, clusters = tag_clusters(passages, real_book())
    assert len(clusters) <= 1
    assert len(tagged) == 16


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_reports(count):
    passages = gold_passages()
    names = sorted(passages["report"].unique())[:count]
    clusters = tag_clusters(passages[passages["report"].isin(names)], real_book())[1]
    assert len(clusters) >= 2
    assert ("只有一份报告，无从比较" in clusters.attrs["says"][0]) == (count == 1)


def test_order_of_rows_does_not_matter():
    passages = gold_passages()
    tagged, clusters = tag_clusters(passages, real_book())
    again, other = tag_clusters(passages.sample(frac=1, random_state=5), real_book())
    pd.testing.assert_frame_equal(clusters, other)
    assert clusters.attrs == other.attrs
    pd.testing.assert_series_equal(tagged["cluster"], again["cluster"].sort_index())


def test_more_passages_than_fitted_join_the_nearest_centre(monkeypatch):
    monkeypatch.setattr(module, "FITTED_AT_MOST", 9)
    tagged, clusters = tag_clusters(toy_passages(), real_book())
    assert tagged["cluster"].notna().all()
    assert set(tagged["cluster"]) == set(clusters["cluster"])


def test_k_of_well_separated_groups():
    generator = np.random.default_rng(0)
    centres = 10 * np.eye(5)
    space = np.concatenate([c + generator.normal(0, 0.1, (12, 5)) for c in centres])
    with threadpool_limits(limits=1):
        assert choose_k(space) == (5, 1.0)
        assert choose_k(generator.normal(0, 1, (60, 5)))[0] in K_RANGE


def test_agreement_by_hand():
    assert measure_agreement([1, 1, 2, 2], ["a", "a", "b", "b"]) == {"ari": 1.0, "nmi": 1.0}
    crossed = measure_agreement([1, 2, 1, 2], ["a", "a", "b", "b"])
    assert crossed == {"ari": -0.5, "nmi": 0.0}


def test_the_five_are_a_cross_check_only():
    clusters = tag_clusters(gold_passages(), real_book())[1]
    assert clusters.attrs["k"] in K_RANGE
    assert clusters.attrs["agreement"]["theme"]["nmi"] > 0.25
    assert clusters.attrs["says"][1] == NOTHING_PROPOSED


def test_agreement_is_told():
    clusters = tag_clusters(gold_passages(), real_book())[1]
    agreement = clusters.attrs["agreement"]
    said = clusters.attrs["says"][0]
    for key, name in (("theme", "主题"), ("report", "报告")):
        ari, nmi = (f"{agreement[key][index]:.2f}" for index in ("ari", "nmi"))
        assert f"与{name}的一致度 ARI {ari}、NMI {nmi}" in said
    assert said.startswith("聚类（仅作对照，不计数）：")


def test_of_very_many_passages_some_are_drawn_whatever_their_order(monkeypatch):
    monkeypatch.setattr(module, "CLUSTERED_AT_MOST", 9)
    passages = toy_passages()
    tagged, clusters = tag_clusters(passages, real_book())
    again, _ = tag_clusters(passages.iloc[::-1], real_book())
    assert tagged["cluster"].notna().sum() == clusters["passages"].sum() == 9
    pd.testing.assert_series_equal(tagged["cluster"], again["cluster"].sort_index())
    assert clusters.attrs["says"][0].startswith(
        f"聚类（仅作对照，不计数）：9 个问题段、对策段（从 {len(passages)} 个中抽取）"
    )

from analysis.doubt import mark_doubt


def test_problems_and_answers_side_by_side(study):
    table = study.side_by_side("党务干部队伍").set_index("报告")
    own = study.sentences.query(
        "report == 'county-organs' and theme == 'staffing' and role == 'problem'"
    )
    assert table.loc["county-organs", "问题"].splitlines() == [
        f"· {text}{f'（{doubt}把握不大）' if isinstance(doubt, str) else ''}"
        for text, doubt in zip(own["text"], mark_doubt(own), strict=True)
    ]
    assert table.loc["quality-study", "对策"] == "（没有）"
    assert table.loc["hubei-problem-led", "问题"] == "（来源缺问题部分，无从判断）"
    assert len(study.side_by_side("党务干部队伍", 3)) == 1


def test_gaps_are_themes_with_problems_and_no_countermeasure(study):
    table = study.gaps()
    found = set(zip(table["报告"], table["主题"], strict=True))
    found = {(report, theme) for report, theme in found if theme != "其余主题"}
    rates = study.rates("theme", by="report").pivot(
        index=["group", "key"], columns="stance", values="sentences_with"
    )
    gaps = rates[(rates["asserted"] > 0) & (rates["addressed"] == 0)]
    assert found == {(group, study.book.names[key]) for group, key in gaps.index}
    assert ("county-organs", "党建业务融合") in found
    others = table[table["主题"] == "其余主题"].set_index("报告")["问题怎么说的"]
    assert others.to_dict() == {
        "city-speech": "没有单列问题部分，无从判断",
        "hubei-problem-led": "来源缺问题部分，无从判断",
    }


def test_answers_show_the_words_of_both_sides(study):
    table, links = study.answers(), study.links
    assert (table.groupby(["问题", "对策所在报告"]).size() <= 3).all()
    none = links[links["countermeasure"].isna()]
    assert (table["对策"] == "（未见对策）").sum() == len(none)
    best = links.dropna(subset="countermeasure").iloc[0]
    row = table[table["对策"] != "（未见对策）"].iloc[0]
    texts = study.sentences.set_index("sentence")["text"]
    assert row["对策"] == texts[best["countermeasure"]]
    assert row["问题"].startswith(texts[best["problem"]])
    own = study.answers(best["report_problem"])
    assert set(own["问题所在报告"]) == {best["report_problem"]}

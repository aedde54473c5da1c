import json
import re

from analysis.results import folder_hashes
from analysis.study import run
from analysis.study.inputs import describe_changes, describe_inputs, describe_parameters
from analysis.workspace import make_workspace

TEXT = "机关党建调研报告\n一、存在的问题\n一是党建与业务两张皮。\n二、对策建议\n一要压实责任。\n"


def test_equal_manifests_mean_equal_tables_and_pictures(tmp_path):
    works = [make_workspace(tmp_path / name) for name in ("一", "二")]
    for work in works:
        (work.reports / "甲.txt").write_text(TEXT, encoding="utf-8")
        run(work)
    manifests = [json.loads((w.results / "manifest.json").read_text("utf-8")) for w in works]
    assert manifests[0] == manifests[1]
    figures = [folder_hashes(work.figures) for work in works]
    assert figures[0] == figures[1]
    assert {name.rsplit(".", 1)[1] for name in figures[0]} == {
        *("png", "svg", "csv", "pptx", "xlsx", "docx"),
    }
    for work, hashes in zip(works, figures, strict=True):
        assert manifests[0]["figures"].items() <= hashes.items()
        assert manifests[0]["files"].items() <= folder_hashes(work.results).items()
        log = (work.results / "run.log").read_text("utf-8")
        stages = "、".join(
            f"{name} [0-9.]+ 秒" for name in ("读取", "汇总", "比较", "存盘", "画图")
        )
        assert re.fullmatch(rf"[-0-9 :]+\t报告 1 份\t用时 [0-9.]+ 秒\t{stages}\n", log)
    assert "秒" not in json.dumps(manifests[0], ensure_ascii=False)


def test_parameters_are_named_numbers():
    parameters = describe_parameters()
    assert {"stability.SEED", "clusters.SEED", "says.PERCENT_FROM"} <= parameters.keys()
    assert parameters["stability.UNSTABLE_BELOW"] == 0.6
    assert parameters["links.LEAST_SCORE"] == 0.35  # what is linked at all
    assert {
        "link_scores.START",
        "link_scores.WEIGHTS.words",
        "link_proposals.LEAST_ELSEWHERE",
    } <= parameters.keys()
    assert all(type(value) in (int, float) for value in parameters.values())


def test_corrections_are_an_input_that_need_not_be_there(tmp_path):
    work = make_workspace(tmp_path / "w")
    before = describe_inputs(work)
    assert before["corrections"] is None
    work.corrections.write_text("correction\n", encoding="utf-8")
    now = describe_inputs(work)
    assert describe_changes(before, now) == "人工更正 corrections.csv 有改动"

import csv

import pytest
from toys_labels import predicted, write_labels

from analysis.labels import Labels, load_labels
from analysis.mistakes import ERROR_NAMES, confusion, list_errors, save_errors

NAMES = {"problem": "问题", "countermeasure": "对策", "two_skins": "两张皮"}


@pytest.fixture
def labels(tmp_path):
    return load_labels(write_labels(tmp_path / "labels"))


def test_confusion_of_roles_and_themes(labels):
    table = confusion(labels, predicted())
    assert table.loc["problem"].to_dict() == {
        "countermeasure": 1,
        "heading": 0,
        "missing": 0,
        "practice": 0,
        "problem": 1,
    }
    assert table.loc["noise", "missing"] == 1
    themes = confusion(labels, predicted(), of="theme")
    assert themes.to_dict() == {
        "integration": {"integration": 1, "staffing": 1},
        "staffing": {"integration": 0, "staffing": 1},
    }


def test_confusion_of_stances_counts_what_one_side_alone_has(labels):
    table = confusion(labels, predicted(), of="stance")
    # thin: asserted; two_skins of r2 and r3 quoted for asserted, of r4 not found; weak_awareness
    # of r4 is nobody's.
    assert table.to_dict("index") == {
        "addressed": {"asserted": 0, "missing": 1, "quoted": 0},
        "asserted": {"asserted": 1, "missing": 0, "quoted": 2},
        "missing": {"asserted": 1, "missing": 0, "quoted": 0},
    }


def test_every_difference_is_listed(labels):
    errors = list_errors(labels, predicted(), NAMES).fillna("–")
    listed = list(errors.drop(columns="text").itertuples(index=False, name=None))
    quoted = ("两张皮：认定", "两张皮：转述", "two_skins_plain")
    assert listed == [
        ("r", "s4", "漏", "两张皮", "–", "–"),
        ("r", "s4", "多", "–", "weak_awareness", "weak_awareness_plain"),
        ("r", "s2", "态度不符", *quoted),
        ("r", "s3", "态度不符", *quoted),
        ("r", "s3", "角色不符", "问题", "对策", "–"),
        ("r", "–", "角色不符", "noise", "–", "–"),
        ("q", "s6", "角色不符", "cause", "问题", "–"),
        ("r", "s4", "主题不符", "staffing", "integration", "–"),
    ]
    assert errors["text"].str[0].tolist() == list("四四二三三六七四")


def test_nothing_differs(labels):
    none = labels.sentences.assign(sentence="s", issues=None, stances=None)
    tables = {"sentences": none, "mentions": predicted()["mentions"][:0]}
    errors = list_errors(Labels(none), tables)
    assert errors.columns.tolist() == list(ERROR_NAMES)
    assert errors.empty


def test_errors_are_saved_for_excel(labels, tmp_path):
    errors = list_errors(labels, predicted(), NAMES)
    path = save_errors(errors, tmp_path / "错误.csv")
    header, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert header == ["报告", "句子编号", "错误", "人工", "程序", "命中的模式", "原句"]
    assert len(rows) == len(errors)
    assert rows[0][:5] == ["r", "s4", "漏", "两张皮", ""]

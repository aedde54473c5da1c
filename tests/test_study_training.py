"""Training of the codebook's models: on two toy reports, and anew on the project's labels."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.codebook import FILE_NAMES, Codebook, load_codebook
from analysis.issue_scores import ANY_ISSUE, FEATURES, KEY
from analysis.labels import LabelError, load_labels
from analysis.reading import read_source
from analysis.results import file_hash
from analysis.schema import check
from analysis.sections import TEXT_ROLES
from analysis.study import train_codebook
from analysis.study.train import LEARNED, RECIPE, load_training, make_retrain, training_folders
from analysis.study.training import (
    BANK,
    COLUMNS,
    load_bank,
    read_examples,
    train_models,
    train_without,
)
from analysis.study.word_training import ISSUE_ROLES, LEAST_TEXTS, LEAST_WEIGHT
from analysis.textmodel import INTERCEPT, TextModel, mark_of, normal
from analysis.vocabulary import STANCES
from analysis.workspace import CHECKOUT, Workspace, find_workspace

# (role, theme, issues, stances, text); a line break where it ends. Only 甲 tells of 海棠.
LINES = """\
heading|||| 关于{}县机关党建工作的调研报告⏎
background||||近期，我们到{}县各支部开展调研。
background||||现将有关情况报告如下。⏎
heading||||一、主要做法⏎
practice|activities|||{}县支部建成{flower}讲堂三个。
practice|activities|||{flower}讲堂全年开课四十场。
practice|activities|||{flower}讲堂培训党员六百人次。
practice|activities|||党员在{flower}讲堂上台讲课。⏎
heading||||二、存在的主要问题⏎
problem|activities|monotonous_activities|asserted|有的支部活动翻来覆去老样子。
problem|staffing|staff_capability|asserted|有的支部书记业务生疏。
problem|activities|monotonous_activities|asserted|有的支部活动年年老样子。
problem|integration|two_skins|asserted|有的支部党建和业务两张皮。⏎
heading||||三、原因分析⏎
cause|awareness|weak_awareness|asserted|究其原因，是支部书记认识不到位。
cause|staffing|||究其原因，是{}县支部书记调整快。⏎
heading||||四、对策建议⏎
countermeasure|assessment|||要完善支部考核制度。
countermeasure|staffing|||要加强支部书记培训。
countermeasure|activities|monotonous_activities|addressed|要改变活动老样子，丰富支部活动。
countermeasure|integration|two_skins|addressed|要破解党建和业务两张皮。⏎
"""
SPEECH = [
    ("关于{}县机关党建工作的调研报告", "在{}县机关党建工作会议上的讲话"),
    ("现将有关情况报告如下", "今天召开会议，同大家谈谈想法"),
]
NAMES = {"甲": "海棠", "乙": "玉兰"}
BANK_ROWS = [
    "role\ttheme\tissues\tstances\ttext",
    "problem\tactivities\tmonotonous_activities\tasserted\t一些支部活动还是老样子。",
    "problem\tstaffing\tstaff_capability\tasserted\t一些支部书记业务生疏，“不会抓”。",
    "countermeasure\tstaffing\t\t\t要加强支部书记培训。",
    "practice\tactivities\t\t\t支部建成讲堂五个。",
    "background\t\t\t\t近期，我们开展了调研。",
]


def write_labels(folder: Path, names=tuple(NAMES), replaced=("", ""), speech=None) -> Path:
    """Reports and their labels; in the labels, but not in the reports, a text is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["\t".join(("report", "start", "end", "role", "theme", "issues", "stances"))]
    for name in names:
        source, lines = "", LINES
        if name == speech:
            for old, new in SPEECH:
                lines = lines.replace(old, new)
        for line in lines.replace("{}", name).replace("{flower}", NAMES[name]).splitlines():
            *cells, text = line.split("|")
            text = text.strip()
            start = len(source)
            source += text.removesuffix("⏎")
            rows.append("\t".join((name, str(start), str(len(source)), *cells)))
            source += "\n" * text.endswith("⏎")
        (folder / f"{name}.txt").write_text(source, encoding="utf-8", newline="\n")
    text = "\n".join(rows) + "\n"
    (folder / "labels.tsv").write_text(text.replace(*replaced), encoding="utf-8", newline="\n")
    return folder


def write_bank(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BANK).write_text("\n".join(BANK_ROWS) + "\n", encoding="utf-8", newline="\n")
    return folder


def read(folder, book, **changed):
    examples = read_examples(load_labels(write_labels(folder, **changed)), book)
    return examples, load_bank(write_bank(folder))


def train(folder, book, **changed):
    return train_models(*read(folder, book, **changed), book)


@pytest.fixture(scope="module")
def trained(book, tmp_path_factory):
    return train(tmp_path_factory.mktemp("labels"), book)


def keys_of(book) -> set[str]:
    cells = book["learned_ngrams"]["weights"].dropna().str.split().explode()
    return set(cells.str.partition("=")[0])


def ngrams_of(book) -> set[str]:
    names = book["learned_ngrams"]["ngram"]
    return set(names[~names.str.fullmatch("（..+）")])


def same(one, other) -> bool:
    return all(one[name].equals(other[name]) for name in LEARNED)


# --- what is read ---
def test_sentences_get_the_labels_of_their_places(book, tmp_path):
    first, second = read_examples(load_labels(write_labels(tmp_path)), book)
    assert (first.report, second.report, first.genre) == ("甲", "乙", "report")
    rows = first.sentences
    assert len(rows) == len(LINES.splitlines())
    labelled = [line.split("|") for line in LINES.splitlines()]
    assert rows["label_role"].tolist() == [role for role, *_ in labelled]
    assert rows["label_issues"].fillna("").tolist() == [cells[2] for cells in labelled]
    assert first.sha256 == read_source(tmp_path / "甲.txt").sha256 != second.sha256


def test_a_sentence_that_nobody_labelled_has_no_label(book, tmp_path):
    labels = load_labels(write_labels(tmp_path, ["甲"]))
    kept = labels.sentences.drop(labels.sentences.index[4])
    (example,) = read_examples(replace(labels, sentences=kept), book)
    assert example.sentences["label_role"].isna().tolist().index(True) == 4
    assert example.sentences["label_role"].isna().sum() == 1


def test_the_bank_is_read_with_its_quotes_and_may_be_missing(tmp_path):
    assert load_bank(tmp_path).empty
    bank = load_bank(write_bank(tmp_path))
    assert bank.columns.tolist() == load_bank(tmp_path / "none").columns.tolist() == COLUMNS
    assert bank["text"][1] == "一些支部书记业务生疏，“不会抓”。"
    assert bank["report"].isna().all() and bank["issues"].isna().tolist() == [0, 0, 1, 1, 1]


# --- what is trained ---
def test_the_tables_fit_their_schema_and_nothing_else_changes(book, trained):
    for name in LEARNED:
        pd.testing.assert_frame_equal(check(name, trained[name]), trained[name])
        assert not trained[name].equals(book[name])
    assert all(trained[name] is book[name] for name in book.tables if name not in LEARNED)


def test_keys_are_those_of_the_labels(trained):
    themes = {"activities", "staffing", "integration", "awareness", "assessment"}
    issues = {"monotonous_activities", "staff_capability", "two_skins", "weak_awareness"}
    stances = {"asserted", "addressed"}  # the other four nobody met
    assert keys_of(trained) == {*TEXT_ROLES, *themes, *issues, *stances, ANY_ISSUE}
    assert stances < set(STANCES)


def test_rows_are_the_intercept_the_marks_and_what_enough_texts_hold(trained):
    table = trained["learned_ngrams"]
    assert table["ngram"].tolist()[: 1 + len(ISSUE_ROLES)] == [
        INTERCEPT,
        *map(mark_of, ISSUE_ROLES),
    ]
    texts = [row.split("\t")[-1] for row in BANK_ROWS[1:]]
    for name, flower in NAMES.items():
        lines = LINES.replace("{}", name).replace("{flower}", flower).splitlines()
        texts += [normal(line.split("|")[-1].strip().removesuffix("⏎")) for line in lines]
    counts = {ngram: sum(ngram in text for text in texts) for ngram in ngrams_of(trained)}
    assert min(counts.values()) == LEAST_TEXTS
    assert {"支部", "讲堂", "海棠", "要", "。"} < set(counts)
    assert "近期" not in counts and "近期" in "".join(texts)  # three texts


def test_weights_near_zero_are_left_out(trained):
    cells = trained["learned_ngrams"]["weights"].iloc[1:].dropna().str.split().explode()
    values = cells.str.partition("=")[2].astype(float).abs()
    assert len(values) > 50
    assert values.min() >= LEAST_WEIGHT


def test_what_was_labelled_is_recognised_in_other_sentences(trained):
    roles = TextModel(trained, TEXT_ROLES).shares(["要加强支部活动。", "有的支部业务生疏。"])
    assert [TEXT_ROLES[at] for at in roles.argmax(axis=1)] == ["countermeasure", "problem"]
    issues = TextModel(trained, ("monotonous_activities", "two_skins"))
    chances = issues.chances(["支部学习老样子。"], ["problem"])[0]
    assert chances[0] > chances[1]
    stances = TextModel(trained, ("asserted", "addressed"))
    meant = stances.shares(["还是老样子。", "要破解老样子。"], ["problem", "countermeasure"])
    assert meant.argmax(axis=1).tolist() == [0, 1]


def test_context_weights_are_those_of_roles_and_of_issues(trained):
    table = trained["learned_context"].set_index(["key", "feature"])["weight"]
    assert set(table.loc[KEY].index) == {f"{KEY}:{name}" for name in FEATURES}
    assert set(table.index.get_level_values("key")) == {*TEXT_ROLES, KEY}
    for role in ("problem", "cause", "countermeasure", "practice"):
        assert table[role, f"heading:{role}"] == table.xs(f"heading:{role}", level="feature").max()
        assert table[role, f"heading:{role}"] > 0


def test_training_twice_gives_the_same(book, trained, tmp_path):
    assert same(train(tmp_path, book), trained)


@pytest.mark.parametrize(
    "replaced",
    [
        ("cause\tstaffing", "background\t"),
        ("problem\tstaffing", "problem\tawareness"),
        (
            "countermeasure\tassessment\t\t",
            "countermeasure\tassessment\tassessment_flaws\taddressed",
        ),
        ("two_skins\taddressed", "two_skins\tasserted"),
    ],
)
def test_other_labels_give_other_weights(book, trained, tmp_path, replaced):
    other = train(tmp_path, book, replaced=replaced)
    assert not other["learned_ngrams"].equals(trained["learned_ngrams"])


# --- without a report ---
@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A workspace with both reports labelled and the bank beside other labels; none are shipped."""
    monkeypatch.setattr("analysis.study.train.CHECKOUT", tmp_path / "program")
    root = Workspace(tmp_path / "workspace")
    shutil.copytree(CHECKOUT / "data" / "codebook", root.codebook)
    root.reports.mkdir()
    write_labels(root.gold, ["甲"])
    write_bank(write_labels(root.training, ["乙"]))
    return root


def test_nor_does_it_teach_how_far_to_trust_the_words(book, tmp_path):
    examples, bank = read(tmp_path, book, speech="甲")
    assert [example.genre for example in examples] == ["speech", "report"]
    models = train_without(examples, bank, book) | {"both": train_models(examples, bank, book)}
    genres = {
        left_out: set(model["learned_context"]["feature"]) & {"genre:speech", "genre:report"}
        for left_out, model in models.items()
    }
    assert genres == {
        "甲": {"genre:report"},
        "乙": {"genre:speech"},
        "both": {"genre:report", "genre:speech"},
    }


@pytest.fixture
def taught(workspace):
    """The same, its codebook trained on those labels."""
    train_codebook(workspace)
    return workspace


def weighed(book, ngram) -> bool:
    table = book["learned_ngrams"].set_index("ngram")["weights"]
    return ngram in table and pd.notna(table[ngram])


def test_a_report_left_out_teaches_nothing(book, trained, tmp_path):
    plain = train_without(*read(tmp_path / "plain", book), book)
    assert weighed(trained, "海棠") and weighed(trained, "玉兰")
    assert not weighed(plain["甲"], "海棠") and weighed(plain["甲"], "玉兰")
    assert weighed(plain["乙"], "海棠") and not weighed(plain["乙"], "玉兰")
    # Other labels of 甲 change what is learned for 乙, and nothing of what is learned for 甲.
    labels = write_labels(tmp_path / "changed") / "labels.tsv"
    rows = labels.read_text(encoding="utf-8").splitlines()
    rows = [
        row.replace("practice\tactivities", "background\t") if row.startswith("甲") else row
        for row in rows
    ]
    labels.write_text("\n".join(rows) + "\n", encoding="utf-8")
    examples = read_examples(load_labels(labels.parent), book)
    other = train_without(examples, load_bank(tmp_path / "plain"), book)
    assert other["甲"]["learned_ngrams"].equals(plain["甲"]["learned_ngrams"])
    assert not other["乙"]["learned_ngrams"].equals(plain["乙"]["learned_ngrams"])


def test_retrain_keeps_the_rest_of_the_codebook_it_is_given(book, taught):
    files = [taught.gold / "甲.txt", taught.training / "乙.txt"]
    retrain = make_retrain(taught, files, book)
    reduced = Codebook(book.tables | {"patterns": book["patterns"].head(3)})
    without = retrain(reduced, files[1:])
    assert without["patterns"] is reduced["patterns"]
    expected = train_without(*load_training(training_folders(taught), book), book)
    assert same(without, expected["甲"])
    assert same(retrain(reduced, files[:1]), expected["乙"])


def test_a_report_is_known_by_its_content_whatever_its_name(book, taught, tmp_path):
    copy, other = tmp_path / "改名.txt", taught.training / "乙.txt"
    shutil.copy(taught.gold / "甲.txt", copy)
    without = make_retrain(taught, [copy, other], book)(book, [other])
    assert not weighed(without, "海棠") and weighed(without, "玉兰")


def test_a_report_that_was_not_trained_on_leaves_the_models_as_they_are(book, taught, tmp_path):
    new, other = tmp_path / "甲.txt", taught.training / "乙.txt"
    new.write_text("关于机关党建的报告\n有的支部活动老样子。\n", encoding="utf-8")
    assert same(make_retrain(taught, [new, other], book)(book, [other]), book)


def test_without_labels_in_the_workspace_the_models_stay(book, taught):
    shutil.copy(taught.gold / "甲.txt", taught.reports)
    for folder in (taught.gold, taught.training):
        shutil.rmtree(folder)
    assert make_retrain(taught, [taught.reports / "甲.txt"], book)(book, []) is book


# --- the command ---
def test_an_office_adds_its_labels_to_those_of_the_program(workspace, monkeypatch):
    program = workspace.root.parent / "program"
    shutil.move(workspace.training, program / "data" / "training")
    shutil.copytree(workspace.gold, program / "data" / "gold")  # a copy counts once
    recipe = train_codebook(workspace)
    assert list(recipe["reports"]) == ["甲", "乙"]
    assert set(recipe["labels"]) == {
        "data/gold/labels.tsv",
        "data/training/labels.tsv",
        "data/training/bank.tsv",
    }


def test_train_without_labels_says_so(workspace):
    shutil.rmtree(workspace.gold)
    shutil.rmtree(workspace.training)
    with pytest.raises(LabelError, match="没有可用来训练的标注"):
        train_codebook(workspace)


def test_train_writes_the_tables_and_the_recipe(workspace):
    recipe = train_codebook(workspace)
    book = load_codebook(workspace.codebook)
    examples, bank = load_training(training_folders(workspace), book)
    again = train_models(examples, bank, book)
    for name in LEARNED:
        pd.testing.assert_frame_equal(book[name], again[name])
    text = (workspace.codebook / RECIPE).read_text(encoding="utf-8")
    assert json.loads(text) == recipe
    assert recipe["labels"] == {
        f"data/{name}": file_hash(workspace.root / "data" / name)
        for name in ("gold/labels.tsv", "training/bank.tsv", "training/labels.tsv")
    }
    sentences = 2 * len(LINES.splitlines())
    assert list(recipe["reports"]) == ["甲", "乙"]
    counted = (len(recipe["reports"]), recipe["sentences"], recipe["bank"], recipe["ngrams"])
    assert counted == (2, sentences, len(BANK_ROWS) - 1, len(book["learned_ngrams"]))


def test_train_changes_no_other_file(workspace):
    before = {path: file_hash(path) for path in workspace.root.rglob("*") if path.is_file()}
    train_codebook(workspace)
    after = {path: file_hash(path) for path in workspace.root.rglob("*") if path.is_file()}
    written = {workspace.codebook / name for name in (*(FILE_NAMES[n] for n in LEARNED), RECIPE)}
    assert {path for path in after if before.get(path) != after[path]} == written
    assert after.keys() == before.keys()


# --- the models of the codebook ---
def test_the_recipe_names_the_labels_that_are_there():
    recipe = json.loads((CHECKOUT / "data" / "codebook" / RECIPE).read_text(encoding="utf-8"))
    now = {name: file_hash(CHECKOUT / name) for name in recipe["labels"]}
    assert recipe["labels"] == now, "python -m analysis train"
    assert {Path(name).parent.name for name in now} == {"gold", "training"}


def by_key(table: pd.DataFrame) -> pd.Series:
    """Weights of ``learned_ngrams`` by n-gram and key."""
    cells = table.set_index("ngram")["weights"].dropna().str.split().explode()
    parts = cells.str.partition("=")
    return parts.set_index(0, append=True)[2].astype(float)


@pytest.mark.slow
def test_training_on_the_labels_of_the_checkout_gives_its_models(book):
    """Within .15: another processor or release of scikit-learn rounds otherwise."""
    examples, bank = load_training(training_folders(find_workspace(CHECKOUT)), book)
    again = train_models(examples, bank, book)
    context = [b["learned_context"].set_index(["feature", "key"])["weight"] for b in (book, again)]
    ngrams = [by_key(b["learned_ngrams"]) for b in (book, again)]
    for one, other in (ngrams, context):
        one, other = one.align(other, fill_value=0.0)
        assert ((one - other).abs() <= 0.15).mean() >= 0.99

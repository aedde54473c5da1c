import asyncio
import base64
import io
import re
import shutil

import matplotlib.image
import nbformat
import pytest
from nbclient import NotebookClient

import analysis as an
from analysis.workspace import CHECKOUT, make_workspace

NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]
KERNELS = 2  # at once, as many as CI has cores
LEAST_INK = 0.01  # share of a picture that is not white; a chart with hardly any text has 2 %
MOST_CHANGEABLE = 4  # values to change in one notebook
# What a reader must find in the outputs, whatever the reports.
WORDS = {
    "01": ["已分析 5 份报告", "层级未注明", "来源缺失"],
    "02": ["压实责任", "角色依据", "做法成效"],
    "03": ["党务干部队伍", "主题依据", "是否不稳定", "材料不足，不提新主题"],
    "04": ["无从判断", "【", "已保存：", "我的图_党务力量薄弱", "个问题段没有对上任何一种问题表现"],
    "05": [
        "无从判断",
        "只有 1 份，不能代表县（市、区）级",
        "出处：",
        "层级未注明",
        "没有发现重复段落",
    ],
    "06": ["来源缺问题部分，无从判断", "（没有）"],
    "08": ["已分析 5 份报告", "Explorer"],
    "07": ["查准率", "宏平均", "人工↓程序→", "留一（上限）", "没有判断", "乱码"],
}
# What an analyst may mistype, and what the one sentence must contain.
MISTAKES = {
    'an.plot_focus(study, "两张披")': "是否想写 两张皮（two_skins）？",
    'an.plot_issues(study, by="层次")': "是否想写 层级（level）？",
    "an.plot_profile(study, 9)": "可用：city-speech、",
    'study.quotes(issue="two_skin")': "是否想写 两张皮（two_skins）？",
    'study.quotes(issue="两张皮", level="乡镇")': "这批报告中没有乡镇（街道）级的；现有：省级",
    'study.headings("county-organ")': "是否想写 county-organs？",
    'study.counts("问题表现", by="题目")': "可用：层级（level）、报告（report）",
    'study.says(issue="两张皮", stance="赞成")': "可用：认定（asserted）",
    "study.trace('level/county/issue/two_skin/asserted')": "是否想写：level/county/issue/two_skins",
    "study.report": "表有：reports",
    "an.plot_issue": "plot_issues",
    'an.save_chart(an.plot_focus(study, "两张皮"), "issues")': "请换一个",
    'an.load("/不存在")': "不是工作文件夹",
    '(study.workspace.results / "rates.csv").write_text("x"); an.load()': "请重新运行笔记本 01",
    '(study.workspace.results / "manifest.json").unlink(); an.load()': "请先运行笔记本 01",
}


def _make_workspace(folder):
    """A workspace of its own, so that a notebook's pictures never land in the checkout."""
    made = make_workspace(folder)
    for file in (CHECKOUT / "data" / "reports").glob("*.txt"):
        shutil.copy(file, made.reports)
    shutil.copytree(CHECKOUT / "data" / "gold", made.gold)
    return made


def _execute(notebooks, folder, **options):
    """Run notebooks, :data:`KERNELS` of them at once, and return the outputs of each."""
    free = asyncio.Semaphore(KERNELS)

    async def run(notebook):
        async with free:
            client = NotebookClient(
                notebook,
                timeout=300,  # the left-out figures train four times
                kernel_name="python3",
                resources={"metadata": {"path": folder}},
                **options,
            )
            await client.async_execute()
        return [out for cell in notebook.cells for out in cell.get("outputs", [])]

    async def run_all():
        return await asyncio.gather(*map(run, notebooks))

    # Jupyter's sockets need this kind of loop, which on Windows is not the usual one.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(run_all())


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each notebook shows: the first alone, since it makes the results, then the others."""
    folder = (
        _make_workspace(tmp_path_factory.mktemp("notebooks") / "工作 文件夹").root / "notebooks"
    )
    first, *others = (nbformat.read(folder / name, as_version=4) for name in NAMES)
    return dict(zip(NAMES, _execute([first], folder) + _execute(others, folder), strict=True))


@pytest.mark.filterwarnings("default")  # Jupyter's own; the kernel is another process
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_from_top_to_bottom_and_says_what_it_shows(path, outputs):
    shown = outputs[path.name]
    assert not [out for out in shown if out.output_type == "error"]
    assert "".join(out.text for out in shown if out.get("name") == "stderr") == ""
    text = "".join(str(out.get("text", "")) + str(out.get("data", "")) for out in shown)
    assert [word for word in WORDS[path.name[:2]] if word not in text] == []
    assert "注意：上次分析之后" not in text
    charts = re.findall(r"an\.plot_", path.read_text(encoding="utf-8"))
    pictures = [out.data["image/png"] for out in shown if "image/png" in out.get("data", {})]
    assert len(pictures) == len(charts)
    for picture in pictures:
        pixels = matplotlib.image.imread(io.BytesIO(base64.b64decode(picture)))[..., :3]
        assert (pixels < 0.9).any(axis=2).mean() > LEAST_INK


@pytest.mark.filterwarnings("default")
def test_foreseeable_mistakes_give_one_chinese_sentence(study, tmp_path):
    root = shutil.copytree(study.workspace.root, tmp_path / "w")
    sources = ["import analysis as an\nstudy = an.load()", *MISTAKES]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    _execute([notebook], root, allow_errors=True)
    assert notebook.cells[0].outputs == []
    for cell, said in zip(notebook.cells[1:], MISTAKES.values(), strict=True):
        (out,) = [out for out in cell.outputs if out.output_type == "error"]
        (line,) = out.traceback
        assert line == f"未能完成：{out.evalue}", cell.source
        assert said in line, (cell.source, line)
        assert "Traceback" not in line
        assert "\n" not in line


def test_notebooks_also_run_where_there_is_little_to_show(tmp_path, monkeypatch, capsys):
    workspace = make_workspace(tmp_path / "w")
    text = "关于机关党建的调研\n一、存在问题\n有的单位党建与业务“两张皮”。\n"
    (workspace.reports / "甲.txt").write_text(text, encoding="utf-8")
    (workspace.reports / "空.txt").write_text("", encoding="utf-8")
    monkeypatch.chdir(workspace.root / "notebooks")
    for path in NOTEBOOKS:
        names = {}
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
    assert "我的图_党务力量薄弱.png" in capsys.readouterr().out


def test_there_are_eight_notebooks():
    assert [name[:3] for name in NAMES] == [f"{number:02d}_" for number in range(1, 9)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebooks_are_thin_and_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        assert cell.outputs == []
        assert cell.execution_count is None
        assert not re.search(r"^\s*(def|class|for|if) ", cell.source, re.M), "belongs in analysis/"
        assert len(cell.source.splitlines()) <= 10
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(prose) >= len(notebook.cells) / 3
    assert notebook.cells[0].source.startswith(f"# {path.name[:2]} ")
    first = "an.run()" if path.name.startswith(("01", "08")) else "an.load()"
    assert code[0].source == f"import analysis as an\n\nstudy = {first}\nstudy"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_the_few_values_to_change_stand_at_the_top_with_what_is_allowed(path):
    code = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    values = [line for cell in code for line in cell.splitlines() if "可以改" in line]
    if any("an.explore(" in cell for cell in code):  # there one chooses in the panel
        assert not values
        return
    assert 1 <= len(values) <= MOST_CHANGEABLE
    assert code[1].splitlines() == values
    assert all(re.fullmatch(r"\w+ = \S+  # 可以改：.+", line) for line in values)


def test_every_public_chart_has_its_place_in_a_notebook():
    source = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    charts = [name for name in an.__all__ if name.startswith(("plot_", "save_"))]
    assert [name for name in charts if f"an.{name}(" not in source] == []

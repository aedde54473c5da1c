"""JupyterLab as an analyst meets it, in a real browser: `make test-browser`."""

import re

import nbformat
import pytest
from driver import LEGIBLE, SETTING

from analysis.workspace import CHECKOUT

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

NOTEBOOKS = sorted(path.name for path in (CHECKOUT / "notebooks").glob("*.ipynb"))
# Each cell does one thing that no notebook may do.
FAULTY = (
    "import sys\nprint('小心', file=sys.stderr)",
    "from matplotlib import pyplot\npyplot.axes().axis('off')",
    "from matplotlib.figure import Figure\nchart = Figure()\n"
    "chart.text(0.5, 0.5, '问题', family='DejaVu Sans')\nchart.savefig('boxes.png')",
)


def test_the_menus_are_in_chinese_and_nothing_pops_up(lab):
    lab.page.wait_for_timeout(3000)  # a news pop-up comes a second after the page
    lab.screenshot("00_打开时")
    menus = lab.page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert {"文件", "编辑", "运行"} <= {re.sub(r"\W.*", "", menu) for menu in menus}, menus
    assert lab.page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    # Nothing goes out: no other host, nothing that the server would fetch from one.
    local = re.compile(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:")
    outside = re.compile("/lab/api/(news|update|extensions)")
    assert [url for url in lab.requests if not local.match(url) or outside.search(url)] == []
    assert lab.page.evaluate(LEGIBLE), "没有中文字体，请安装，例如 fonts-wqy-microhei"


def test_widgets_get_no_thread_of_their_own(lab):
    plugin = "@jupyterlab/apputils-extension:kernels-settings"
    assert lab.page.evaluate(SETTING, [plugin, "commsOverSubshells"]) == "disabled"


def test_the_first_page_lists_the_notebooks(lab):
    listed = lab.page.locator(".jp-DirListing-itemText").all_inner_texts()
    assert [name for name in listed if name.endswith(".ipynb")] == NOTEBOOKS


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom(lab, name):
    notebook = lab.run(f"notebooks/{name}")
    assert notebook.faults == []
    code = [cell for cell in notebook.cells if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert len(notebook.pictures) == notebook.source.count("an.plot_")
    assert lab.failures == []


def test_what_no_notebook_may_do_is_seen(lab, workspace):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(one) for one in FAULTY],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, workspace.root / "99_故意出错.ipynb")
    stderr, glyph, empty, *others = lab.run("99_故意出错.ipynb").faults
    assert stderr == "stderr: 小心"
    assert glyph.startswith("UserWarning: Glyph 38382")
    assert empty == "picture 1: ink 0.0000"
    assert others == []


def test_a_mistyped_value_gives_one_chinese_sentence(lab, workspace):
    (path,) = (workspace.root / "notebooks").glob("04_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if '"两张皮"' in cell.source)
    cell.source = cell.source.replace('"两张皮"', '"两张披"')
    nbformat.write(notebook, workspace.root / "98_写错一个值.ipynb")
    ran = lab.run("98_写错一个值.ipynb")
    ((kind, sentence),) = ran.said
    assert kind != "stderr"
    assert "两张披" in sentence and "两张皮" in sentence
    assert ran.texts[-1] == f"未能完成：{sentence}"
    assert not re.search("Traceback|Error|\n", ran.texts[-1])

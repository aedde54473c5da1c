import errno
import shlex
import shutil

import pytest

from analysis import workspace as module
from analysis.workspace import (
    CHECKOUT,
    Workspace,
    WorkspaceError,
    find_workspace,
    make_workspace,
    quoted,
)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small checkout instead of the real one."""
    root = tmp_path / "checkout"
    for name in ("data/codebook", "data/reports", "notebooks/.ipynb_checkpoints"):
        (root / name).mkdir(parents=True)
    (root / "data/codebook/issues.csv").write_text("issue\n", encoding="utf-8")
    (root / "data/reports/甲.txt").write_text("甲", encoding="utf-8")
    (root / "notebooks/一.ipynb").write_text("{}", encoding="utf-8")
    (root / "notebooks/.ipynb_checkpoints/一.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(module, "CHECKOUT", root)
    return root


def files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_paths():
    work = Workspace(CHECKOUT)
    assert work.reports == CHECKOUT / "data" / "reports"
    assert work.catalogue == CHECKOUT / "data" / "reports.csv"
    assert work.codebook == CHECKOUT / "data" / "codebook"
    assert work.gold == CHECKOUT / "data" / "gold"
    assert work.results == CHECKOUT / "data" / "results"
    assert work.figures == CHECKOUT / "figures"
    assert (CHECKOUT / "pyproject.toml").is_file()


# --- finding ------------------------------------------------------------------------------------


def test_the_folder_named_wins(tmp_path):
    work = make_workspace(tmp_path / "一")
    assert find_workspace(work.root) == work
    assert find_workspace(str(work.root)) == work


def test_the_nearest_parent_of_the_working_folder_with_reports(tmp_path, monkeypatch):
    outer, inner = tmp_path / "外", tmp_path / "外" / "内"
    (outer / "data" / "reports").mkdir(parents=True)
    (inner / "data" / "reports").mkdir(parents=True)
    (inner / "notebooks" / "深").mkdir(parents=True)
    monkeypatch.chdir(inner / "notebooks" / "深")
    assert find_workspace().root == inner
    monkeypatch.chdir(inner / "data" / "reports")
    assert find_workspace().root == inner
    monkeypatch.chdir(outer)
    assert find_workspace().root == outer


def test_else_the_checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_workspace().root == CHECKOUT


@pytest.mark.parametrize("name", ["none", "没 有", "it's", "文件.txt", "空"])
def test_a_folder_that_is_no_workspace(tmp_path, name):
    (tmp_path / "文件.txt").write_text("x", encoding="utf-8")
    (tmp_path / "空" / "data").mkdir(parents=True)
    folder = tmp_path / name
    with pytest.raises(WorkspaceError) as caught:
        find_workspace(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder}：不是工作文件夹（其中没有 data/reports）；请先运行 ")
    assert message.endswith("，或改用别的文件夹。")
    command = message.partition("请先运行 ")[2].removesuffix("，或改用别的文件夹。")
    assert shlex.split(command) == ["python", "-m", "analysis", "init", str(folder)]


def test_folders_as_they_are_typed_on_windows(monkeypatch):
    monkeypatch.setattr("os.name", "nt")
    assert quoted("D:\\党建 课题") == '"D:\\党建 课题"'
    assert quoted("D:\\党建") == "D:\\党建"


# --- making -------------------------------------------------------------------------------------


def test_codebook_and_notebooks_are_copied_and_reports_are_not(tmp_path, checkout):
    work = make_workspace(tmp_path / "党建 “课题”" / "2024'年")
    assert work.root == tmp_path / "党建 “课题”" / "2024'年"
    assert files(work.root) == {
        "data/codebook/issues.csv",
        "data/reports.csv",
        "notebooks/一.ipynb",
    }
    assert work.reports.is_dir()
    assert work.figures.is_dir()
    header = "\ufefffile,title,level,region,issuer,date,genre,same_as,note\n"
    assert work.catalogue.read_bytes() == header.encode()


def test_what_is_there_is_kept(tmp_path, checkout):
    work = make_workspace(tmp_path / "一")
    (work.codebook / "issues.csv").write_text("我的", encoding="utf-8")
    (work.root / "notebooks" / "一.ipynb").unlink()
    work.catalogue.write_text("我的", encoding="utf-8")
    (work.reports / "乙.txt").write_text("乙", encoding="utf-8")
    make_workspace(work.root)
    assert files(work.root) == {
        "data/codebook/issues.csv",
        "data/reports.csv",
        "data/reports/乙.txt",
    }
    assert (work.codebook / "issues.csv").read_text(encoding="utf-8") == "我的"
    assert work.catalogue.read_text(encoding="utf-8") == "我的"


def test_a_checkout_without_notebooks(tmp_path, checkout):
    shutil.rmtree(checkout / "notebooks")
    assert files(make_workspace(tmp_path / "一").root) == {
        "data/codebook/issues.csv",
        "data/reports.csv",
    }


@pytest.mark.parametrize("name", ["notebooks", "data/codebook/课题"])
def test_no_workspace_inside_what_is_copied(checkout, name):
    before = files(checkout)
    with pytest.raises(WorkspaceError, match="：在程序自己的 .+ 里面，请换一个文件夹。$"):
        make_workspace(checkout / name)
    assert files(checkout) == before


def test_a_file_in_the_way(tmp_path, checkout):
    (tmp_path / "占").write_text("x", encoding="utf-8")
    with pytest.raises(
        WorkspaceError, match="占：无法建立工作文件夹（路径中有一段是文件，不是文件夹）。"
    ):
        make_workspace(tmp_path / "占")


def test_a_copy_that_breaks_off_is_made_anew(tmp_path, checkout, monkeypatch):
    def copy_half(source, target, **options):
        target.mkdir()
        (target / "半").write_text("", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", copy_half)
        with pytest.raises(WorkspaceError, match="：无法建立工作文件夹（磁盘已满）。$"):
            make_workspace(tmp_path / "一")
    assert not (tmp_path / "一" / "data" / "codebook").exists()
    work = make_workspace(tmp_path / "一")
    assert files(work.root) == {
        "data/codebook/issues.csv",
        "data/reports.csv",
        "notebooks/一.ipynb",
    }

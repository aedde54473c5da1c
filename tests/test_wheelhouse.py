"""What another machine needs, without the network: conditions, closure, guide."""

import importlib.util
import tomllib
import zipfile

import pytest

from analysis.workspace import CHECKOUT

PATH = CHECKOUT / ".ci" / "wheelhouse.py"
spec = importlib.util.spec_from_file_location("wheelhouse", PATH)
wheelhouse = importlib.util.module_from_spec(spec)
spec.loader.exec_module(wheelhouse)

LOCK = """\
a==1.0 \\
    --hash=sha256:11 \\
    --hash=sha256:22
b-b==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:33
c==3.0 ; python_full_version < '3.12' \\
    --hash=sha256:44
c==4.0 ; python_full_version >= '3.12' \\
    --hash=sha256:55
"""
WINDOWS = wheelhouse.target_environment("win_amd64", "3.12")
LINUX = wheelhouse.target_environment("manylinux_2_28_x86_64", "3.11")


def test_the_lock_is_read_for_the_other_machine():
    a = "a==1.0 --hash=sha256:11 --hash=sha256:22"
    assert wheelhouse.read_lock(LOCK, WINDOWS) == {
        "a": a,
        "b-b": "b-b==2.0 --hash=sha256:33",
        "c": "c==4.0 --hash=sha256:55",
    }
    assert wheelhouse.read_lock(LOCK, LINUX) == {"a": a, "c": "c==3.0 --hash=sha256:44"}


def test_this_lock_knows_what_windows_needs():
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    windows, linux = (wheelhouse.read_lock(lock, one) for one in (WINDOWS, LINUX))
    assert {"pywinpty", "colorama"} <= windows.keys() - linux.keys()
    assert {"pexpect", "playwright"} <= linux.keys() - windows.keys()
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    for line in settings["project"]["dependencies"]:
        assert wheelhouse.canonicalize_name(wheelhouse.Requirement(line).name) in windows


STATED = {
    "a": ["B_b; sys_platform == 'win32'", "d[fast]>=1", "x; extra == 'dev'"],
    "b-b": ["a"],
    "d": ["e; extra == 'fast'", "f; extra == 'slow'", "g; python_version < '3.12'"],
    **dict.fromkeys("efgh", []),
}


@pytest.mark.parametrize(
    ("environment", "needed"),
    [(WINDOWS, {"a", "b-b", "d", "e"}), (LINUX, {"a", "d", "e", "g"})],
)
def test_what_is_needed_follows_the_conditions_of_the_other_machine(environment, needed):
    fetched = []

    def fetch(names):
        fetched.extend(sorted(names))
        return {name: STATED[name] for name in names}

    assert wheelhouse.find_needed(["A>=1"], fetch, environment) == needed
    assert sorted(fetched) == sorted(needed)  # each once


def test_an_extra_asked_for_later_is_not_lost():
    stated = {"a": ["d"], "d": ["c", "f; extra == 'slow'"], "c": ["d[slow]"], "f": []}
    fetch = lambda names: {name: stated[name] for name in names}  # noqa: E731
    assert wheelhouse.find_needed(["a"], fetch, LINUX) == {"a", "c", "d", "f"}


def test_pip_is_told_every_older_tag_of_linux():
    options = wheelhouse.pip_target("manylinux_2_28_x86_64", "3.12")
    assert options[0] == "--platform=manylinux_2_28_x86_64"
    assert "--platform=manylinux_2_17_x86_64" in options
    assert "--platform=manylinux2014_x86_64" in options
    assert options[-1] == "--python-version=3.12"
    assert wheelhouse.pip_target("win_amd64", None) == ["--platform=win_amd64"]
    assert wheelhouse.pip_target(None, None) == []


@pytest.mark.parametrize(
    ("platform", "python", "said"),
    [("windows", None, "win_amd64"), ("win_x", None, "不认识的平台“win_x”"), (None, "312", "3.12")],
)
def test_a_mistyped_machine_is_answered_in_chinese(platform, python, said):
    with pytest.raises(SystemExit, match=said):
        wheelhouse.target_environment(platform, python)


def test_the_guide_says_what_to_type():
    windows = wheelhouse.write_guide(WINDOWS, 112, 166_000_000)
    assert "112 个软件包（166 MB），供另一台 Windows 电脑" in windows
    assert "    py -3.12 -m venv .venv\n" in windows
    assert (
        r".venv\Scripts\python -m pip install --no-index --find-links build\wheelhouse" in windows
    )
    linux = wheelhouse.write_guide(LINUX, 1, 1)
    assert "    python3.11 -m venv .venv\n" in linux
    assert ".venv/bin/python -m jupyterlab" in linux


def test_a_finished_folder_holds_one_set_with_hashes(tmp_path):
    for name in ("a-1.0-py3-none-any.whl", "old-0.1-py3-none-any.whl"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a-1.0.dist-info/METADATA", "Name: a\nRequires-Dist: d>=1\n\ntext\n")
    made = wheelhouse.Wheelhouse(tmp_path, wheelhouse.read_lock(LOCK, WINDOWS), [])
    made._pip = lambda *arguments: None
    assert made.fetch({"a"}) == {"a": ["d>=1"]}
    made.finish(WINDOWS)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"a-1.0-py3-none-any.whl", "requirements.txt", "说明.txt"}
    listed = (tmp_path / "requirements.txt").read_text(encoding="utf-8")
    wheel = tmp_path / "a-1.0-py3-none-any.whl"
    assert listed == f"a==1.0 --hash=sha256:{wheelhouse.file_hash(wheel)}\n"
    guide = (tmp_path / "说明.txt").read_bytes()
    assert guide.startswith(b"\xef\xbb\xbf") and b"\r\n" in guide
    with pytest.raises(SystemExit, match="requirements.lock 中没有 d"):
        made.fetch({"d"})

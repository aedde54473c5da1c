"""Collect what the program needs on another machine, from requirements.lock.

    python .ci/wheelhouse.py build/wheelhouse [--platform win_amd64] [--python 3.12]

pip reads the condition of a requirement (``; sys_platform == 'win32'``) for the machine it runs on,
not for the one it downloads for. So what is needed is found here: download a package as the lock
has it, read what its wheel asks for on the other machine, go on. No tools of development.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from email.parser import HeaderParser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
SOURCE_ONLY = {"jieba"}  # no wheel is published; pure Python, so one built here fits everywhere
OLDEST_GLIBC = 5  # minor version; the first that has a tag
# What conditions may ask, by the beginning and by the end of a platform's tag.
SYSTEMS = {
    "win_": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx_": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "manylinux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
MACHINES = {"_amd64": "AMD64", "_arm64": "arm64", "_aarch64": "aarch64", "_x86_64": "x86_64"}
SYSTEM_NAMES = {"win32": " Windows ", "darwin": " macOS ", "linux": " Linux "}
GUIDE = """离线安装说明

本文件夹有 {count} 个软件包（{size} MB），供另一台{system}电脑使用。
那台电脑要装有 Python {python}，不用联网。

一、把整个项目文件夹拷过去，本文件夹在其中的 build/wheelhouse；.venv 不用拷。
二、在那台电脑上打开{console}，进入项目文件夹，依次运行：

{commands}

三、最后一行打开 JupyterLab，请运行 notebooks 中的笔记本；以后只需运行这一行。

提示“No matching distribution found”：多半是 Python 版本或系统不同。
请在能联网的电脑上重新收集，写明那台电脑的平台和 Python 版本，例如：
    make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.12
提示“THESE PACKAGES DO NOT MATCH THE HASHES”：拷贝时文件损坏，请重新拷贝。
"""


def target_environment(platform: str | None, python: str | None) -> dict[str, str]:
    """What conditions are read for: the other machine; where nothing is named, this one."""
    environment = {key: str(value) for key, value in default_environment().items()} | {"extra": ""}
    if platform:
        system = [SYSTEMS[start] for start in SYSTEMS if platform.startswith(start)]
        machine = [MACHINES[end] for end in MACHINES if platform.endswith(end)]
        if not system or not machine:
            raise SystemExit(
                f"未能完成：不认识的平台“{platform}”，例如：win_amd64、win_arm64、"
                "manylinux_2_28_x86_64、manylinux_2_28_aarch64、macosx_14_0_arm64。"
            )
        environment |= system[0] | {"platform_machine": machine[0]}
    if python:
        if not re.fullmatch(r"3\.\d+", python):
            raise SystemExit(f"未能完成：Python 版本“{python}”应写成 3.12 这样。")
        environment |= {"python_version": python, "python_full_version": f"{python}.0"}
    return environment


def pip_target(platform: str | None, python: str | None) -> list[str]:
    """Options of `pip download` for the other machine; Linux takes every older tag too."""
    tags = [platform] if platform else []
    linux = re.fullmatch(r"manylinux_2_(\d+)_(\w+)", platform or "")
    if linux:
        older = range(int(linux[1]) - 1, OLDEST_GLIBC - 1, -1)
        tags += [f"manylinux_2_{minor}_{linux[2]}" for minor in older]
        tags += [f"manylinux{year}_{linux[2]}" for year in ("2014", "2010", "1")]
    options = [f"--platform={tag}" for tag in tags]
    return [*options, f"--python-version={python}"] if python else options


def read_lock(text: str, environment: dict[str, str]) -> dict[str, str]:
    """Return package → pin and hashes, of the entries of the lock that hold on that machine."""
    entries = {}
    for entry in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", entry.strip())
        parsed = Requirement(requirement)
        if parsed.marker is None or parsed.marker.evaluate(environment):
            pin = " --hash=".join([f"{parsed.name}{parsed.specifier}", *hashes])
            entries[canonicalize_name(parsed.name)] = pin
    return entries


def find_needed(
    requirements: Iterable[str],
    fetch: Callable[[set[str]], dict[str, list[str]]],
    environment: dict[str, str],
) -> set[str]:
    """Every package that some requirements need on that machine, directly or not.

    Parameters
    ----------
    requirements : iterable of str
        As in pyproject.toml.
    fetch : callable
        Gets some packages; returns the requirements of each.
    """
    extras: dict[str, set[str]] = {}
    stated: dict[str, list[str]] = {}
    queue = list(map(Requirement, requirements))
    while queue:
        new = {}
        for one in queue:
            name = canonicalize_name(one.name)
            wanted = {"", *one.extras} - extras.get(name, set())
            new[name] = new.get(name, set()) | wanted
        stated |= fetch({name for name in new if name not in stated})
        queue = [
            required
            for name, wanted in new.items()
            for required in map(Requirement, stated[name])
            for extra in wanted
            if required.marker is None or required.marker.evaluate(environment | {"extra": extra})
        ]
        extras |= {name: extras.get(name, set()) | wanted for name, wanted in new.items()}
    return set(stated)


class Wheelhouse:
    """A folder being filled."""

    def __init__(self, folder: Path, lock: dict[str, str], options: list[str]):
        self.folder, self.lock, self.options = folder, lock, options
        self.listed, self.guide = folder / "requirements.txt", folder / "说明.txt"
        self.guide.unlink(missing_ok=True)  # a folder half filled has none
        self.wheels: dict[str, Path] = {}

    def fetch(self, names: set[str]) -> dict[str, list[str]]:
        """Download some packages, checked against the lock; return what each requires."""
        unknown = sorted(names - self.lock.keys())
        if unknown:
            raise SystemExit(f"未能完成：requirements.lock 中没有 {'、'.join(unknown)}。")
        self._pip("wheel", names & SOURCE_ONLY, "--no-build-isolation", f"-w{self.folder}")
        options = ("--only-binary=:all:", f"-d{self.folder}", *self.options)
        self._pip("download", names - SOURCE_ONLY, *options)
        for wheel in self.folder.glob("*.whl"):
            name, version, _, _ = parse_wheel_filename(wheel.name)
            if name in names and self.lock[name].split()[0].endswith(f"=={version}"):
                self.wheels[name] = wheel
        if names:
            print(f"  已收集 {len(self.wheels)} 个软件包", flush=True)
        return {name: required_by(self.wheels[name]) for name in names}

    def _pip(self, command: str, names: set[str], *options: str) -> None:
        if not names:
            return
        self.listed.write_text("\n".join(self.lock[name] for name in names), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", command, "-qq", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "--no-deps", "--require-hashes", f"-r{self.listed}", *options])
        if done.returncode:
            raise SystemExit(
                "未能完成：原因见上。没有网络时请联网再试；"
                "“No matching distribution”是说该平台或该 Python 版本没有现成的安装包。"
            )

    def finish(self, environment: dict[str, str]) -> None:
        """Keep this set of wheels only, list it with its hashes, write the guide."""
        for wheel in set(self.folder.glob("*.whl")) - set(self.wheels.values()):
            wheel.unlink()
        lines = [
            f"{self.lock[name].split()[0]} --hash=sha256:{file_hash(wheel)}\n"
            for name, wheel in sorted(self.wheels.items())
        ]
        self.listed.write_text("".join(lines), encoding="utf-8", newline="\n")
        size = sum(wheel.stat().st_size for wheel in self.wheels.values())
        guide = write_guide(environment, len(lines), size)
        newline = "\r\n" if environment["sys_platform"] == "win32" else "\n"
        self.guide.write_text(guide, encoding="utf-8-sig", newline=newline)


def required_by(wheel: Path) -> list[str]:
    """The requirements that a wheel states, with their conditions."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        stated = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return stated.get_all("Requires-Dist", [])


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_guide(environment: dict[str, str], count: int, size: int) -> str:
    """Return what to type on the other machine; ``size`` is in bytes."""
    python, windows = environment["python_version"], environment["sys_platform"] == "win32"
    make = f"py -{python}" if windows else f"python{python}"
    commands = [
        f"{make} -m venv .venv",
        ".venv/bin/python -m pip install --no-index --find-links build/wheelhouse"
        " --require-hashes -r build/wheelhouse/requirements.txt",
        ".venv/bin/python -m pip install --no-index --no-deps --no-build-isolation -e .",
        ".venv/bin/python -m jupyterlab",
    ]
    if windows:
        commands = [one.replace("/bin/", "/Scripts/").replace("/", "\\") for one in commands]
    return GUIDE.format(
        count=count,
        size=round(size / 1e6),
        system=SYSTEM_NAMES.get(environment["sys_platform"], "同类"),
        python=python,
        console="命令提示符" if windows else "终端",
        commands="\n".join(f"    {command}" for command in commands),
    )


def main() -> None:
    """Fill the folder and say where the guide is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--platform", help="tag of the other machine; default: this machine's")
    parser.add_argument("--python", help="version of Python there; default: this one's")
    options = parser.parse_args()
    environment = target_environment(options.platform, options.python)
    lock = read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"), environment)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # The program itself is installed there from its checkout, hence the build backend.
    wanted = [*settings["project"]["dependencies"], *settings["build-system"]["requires"]]
    machine = options.platform or "与本机相同"
    print(f"正在收集软件包（{machine}，Python {environment['python_version']}），约 1 分钟……")
    options.folder.mkdir(parents=True, exist_ok=True)
    wheelhouse = Wheelhouse(options.folder, lock, pip_target(options.platform, options.python))
    find_needed(wanted, wheelhouse.fetch, environment)
    wheelhouse.finish(environment)
    print(f"已存到 {options.folder}，安装方法见 {wheelhouse.guide}")


if __name__ == "__main__":
    main()

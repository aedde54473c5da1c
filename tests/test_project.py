"""The files around the library agree with each other and with what they describe."""

import argparse
import hashlib
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
TOP_LEVEL = {
    *("notebooks", "analysis", "data", "figures", "tests", "environment.yml", "README.md"),
    *("pyproject.toml", "requirements.lock", "Makefile", ".ci", ".gitignore", ".gitattributes"),
    *("LICENSE", "CHANGELOG.md", "README.zh-CN.md", "setup.py"),
}
REPORTS = {
    "city-speech.txt": "2df64507f1af93fb855ef7dd285450c6956236d368d54b40ae12790b0b322d06",
    "city-systems-view.txt": "5d9a871378ad809c62b1420b660ef85dd4178ad1aa02eddf66574fbd0a4ad9b3",
    "county-organs.txt": "d2d2ed8e800095ebb323bf58df3e83dd02355c032a63b250c487921157dded46",
    "hubei-problem-led.txt": "5097224f752d6dd8c491bfd125f8dba14131b1f1ade19baf6ff5f8a843ac6e7c",
    "quality-study.txt": "74dc7ee81b95c54a79bae1dbbdddd7068deb38d7778e1d9e921bb27071633eca",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files():
    """Return the paths git keeps; before the first `git add`, those it would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")

    def listed(*options):
        command = ["git", "ls-files", "-z", *options]
        out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        return [path for path in out.decode("utf-8").split("\0") if path]

    return listed() or listed("--others", "--exclude-standard")


def ranges(requirements):
    """Return {package: version range}; two lines on one package are an error."""
    parsed = [Requirement(line) for line in requirements]
    result = {canonicalize_name(one.name): one.specifier for one in parsed}
    assert len(result) == len(parsed)
    return result


def pyproject():
    return tomllib.loads(read("pyproject.toml"))


def lock_entries():
    """Return (package, version, hashes) of every entry of the lock."""
    logical_lines = read("requirements.lock").replace("\\\n", " ").splitlines()
    entries = []
    for line in logical_lines:
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        parsed = Requirement(requirement)
        (pin,) = parsed.specifier
        assert pin.operator == "==", line
        entries.append((canonicalize_name(parsed.name), pin.version, hashes))
    return entries


def test_conda_names_the_same_packages_and_ranges_as_pyproject():
    dependencies = yaml.safe_load(read("environment.yml"))["dependencies"]
    conda = ranges(line for line in dependencies if isinstance(line, str))
    (pip,) = (line["pip"] for line in dependencies if isinstance(line, dict))
    assert "-e ." in pip
    by_pip = ranges(line for line in pip if line != "-e .")
    assert not conda.keys() & by_pip.keys()

    project = pyproject()["project"]
    assert conda.pop("python") == SpecifierSet(project["requires-python"])
    conda.pop("pip")
    assert conda | by_pip == ranges(project["dependencies"])


def test_the_lock_holds_every_requirement_within_its_range():
    settings = pyproject()
    project = settings["project"]
    wanted = ranges([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    # The environment is made without build isolation: the backend comes from the lock too.
    for package, allowed in ranges(settings["build-system"]["requires"]).items():
        assert wanted[package] == allowed

    locked = lock_entries()
    for package, allowed in wanted.items():
        versions = [version for name, version, _ in locked if name == package]
        assert versions, f"{package}: not in requirements.lock, run `make lock`"
        for version in versions:
            assert allowed.contains(version), f"{package} {version} is outside {allowed}"


def test_the_lock_has_hashes_and_no_address():
    entries = lock_entries()
    assert len(entries) > 50
    for package, version, hashes in entries:
        assert hashes, f"{package} {version} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), package
    text = read("requirements.lock")
    for word in ("://", "index-url", "find-links", "trusted-host", " @ "):
        assert word not in text


def test_every_range_is_bounded_below():
    project = pyproject()["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for package, allowed in ranges(lines).items():
        assert any(one.operator == ">=" for one in allowed), package


def test_nothing_unexpected_at_top_level():
    assert {Path(path).parts[0] for path in tracked_files()} <= TOP_LEVEL


def test_no_tracked_file_names_a_place_outside_the_project():
    outside = ("../" + "shared", "/" + "work/")
    for path in tracked_files():
        content = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
        for name in outside:
            assert name.encode() not in content, f"{path} names {name}"


def test_the_reports_are_as_they_came():
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / "data" / "reports").iterdir()
        if path.name in REPORTS
    }
    assert found == REPORTS


@pytest.mark.parametrize(
    "path", ["data/reports/city-speech.txt", "data/reports.csv", "data/codebook/issues.csv"]
)
def test_git_leaves_line_ends_of_data_alone(path):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "check-attr", "text", "--", path]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert out.strip() == f"{path}: text: unset"


def settings_files():
    """Return (folder in the environment, (files of the checkout …)) of JupyterLab's settings."""
    (entry,) = pyproject()["tool"]["setuptools"]["data-files"].items()
    return entry


def test_jupyterlab_finds_its_settings_in_this_environment():
    folder, (source,) = settings_files()
    assert folder == "share/jupyter/lab/settings/overrides.d"
    installed = Path(sys.prefix) / folder / Path(source).name
    assert installed.is_file(), "install the checkout again: make run, or pip install -e ."
    assert json.loads(installed.read_text(encoding="utf-8")) == json.loads(read(source))


def make_targets():
    """Return {target: its line in `make help`} of the Makefile."""
    return dict(re.findall(r"^([a-z-]+):.*?(?:## (.*))?$", read("Makefile"), flags=re.M))


def test_every_make_target_is_explained_in_chinese_and_phony():
    targets = make_targets()
    (phony,) = re.findall(r"^\.PHONY: (help .*)$", read("Makefile"), flags=re.M)
    assert set(phony.split()) == set(targets)
    assert [name for name, text in targets.items() if not re.search("[一-龥]", text)] == []


def test_the_environment_is_renewed_when_what_it_is_made_of_changes():
    (sources,) = re.findall(r"^SOURCES := (.*)$", read("Makefile"), flags=re.M)
    installed_from = ("requirements.lock", "pyproject.toml", "setup.py", *settings_files()[1])
    assert sorted(sources.split()) == sorted(installed_from)


MAKE = r"(?:\$ )?make"
ANALYSIS = r"(?:\$ )?\S*py\S*(?: -X \S+)? -m analysis"


def commands(readme, program):
    """Return the words after `program` on every line of a README's code blocks and spans."""
    fence = re.compile(r"^```.*?\n(.*?)^```", flags=re.M | re.S)
    text = read(readme)
    code = [*fence.findall(text), *re.findall(r"`([^`\n]+)`", fence.sub("", text))]
    lines = [line.strip() for part in code for line in re.split(r"\n|&&|;", part)]
    hits = [re.fullmatch(rf"{program}(?:\s+(.*))?", line) for line in lines]
    return [shlex.split(hit[1] or "", comments=True) for hit in hits if hit]


@pytest.mark.parametrize("readme", READMES)
def test_every_make_command_of_a_readme_is_a_target(readme):
    words = [word for words in commands(readme, MAKE) for word in words]
    named = {word for word in words if re.fullmatch("[a-z-]+", word)}
    assert named
    assert named <= set(make_targets())


@pytest.mark.parametrize("readme", READMES)
def test_every_analysis_command_of_a_readme_is_understood(readme, capsys):
    from analysis.__main__ import build_parser

    named = commands(readme, ANALYSIS)
    assert named
    for words in named:
        try:
            build_parser().parse_args(words)
        except SystemExit as stop:
            message = capsys.readouterr().err
            assert stop.code == 0, f"{readme}: python -m analysis {' '.join(words)}: {message}"


def test_every_subcommand_is_in_the_readme():
    from analysis.__main__ import build_parser

    actions = build_parser()._actions
    (choices,) = (one.choices for one in actions if isinstance(one, argparse._SubParsersAction))
    for readme in READMES:
        named = {words[0] for words in commands(readme, ANALYSIS) if words}
        assert set(choices) <= named, readme


# Made by a run, a decision or another command, or a placeholder: not in a fresh clone.
TABLES_MADE = ("rates.csv", "evidence.csv", "twins.csv", "copies.csv", "index.csv")
MADE = ("data/results/", "data/corrections.csv", "texts/", "build/", ".venv", "DIR/", "figures/")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_path_of_a_readme_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\s]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    links = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if ":" not in target]
    code = {path.name for path in (ROOT / "analysis").rglob("*.py")}
    codebook = {path.name for path in (ROOT / "data" / "codebook").glob("*.csv")}
    checked = 0
    for path in [span.replace("\\", "/") for span in spans if "/" in span or "." in span[1:]]:
        if not re.fullmatch(r"[\w./-]+(/|\.(py|csv|md|yml|toml|lock|ipynb|txt|json))", path):
            continue
        if path.startswith(MADE) or path in TABLES_MADE:
            continue
        known = path in code | codebook or (ROOT / "analysis" / path).exists()
        assert known or (ROOT / path).exists(), path
        checked += 1
    for link in links:
        assert (ROOT / link).exists(), link
    assert checked > 25
    assert links


# Of a heading: where it stands in the outline, not whose report it is.
OTHERWISE = {"heading_level"}


def glossary(readme, title, code):
    """Return {word in code: word in Chinese} of a README; its tables have three pairs a row."""
    rows = re.findall(r"^\| (.*) \|$", read(readme).split(f"\n## {title}\n")[1], flags=re.M)
    cells = [re.split(r" \| ", row) for row in rows if not row.startswith("---")][1:]
    pairs = [(row[n + code], row[n + 1 - code]) for row in cells for n in (0, 2, 4)]
    split = [[re.split("[、,] ?", side) for side in pair] for pair in pairs]
    entries = [pair for words, names in split for pair in zip(words, names, strict=True)]
    return {re.split(r" ?[(（]", word)[0]: name.split("（")[0] for word, name in entries}


def test_one_word_for_one_thing():
    from analysis.tables import COLUMNS_BY_TABLE

    words = glossary("README.md", "Words", 0)
    assert words == glossary("README.zh-CN.md", "用语", 1)
    assert len(words) > 40
    assert sorted(set(words.values())) == sorted(words.values()), "one Chinese word for two things"
    meanings = {}
    for column, _, meaning, *_ in (row for rows in COLUMNS_BY_TABLE.values() for row in rows):
        meanings.setdefault(column, []).append(meaning)
    for word, name in words.items():
        columns = {c for c in meanings if c == word or c.endswith(f"_{word}")} - OTHERWISE
        for column in columns:
            assert all(name in meaning for meaning in meanings[column]), (column, name)


def test_every_word_of_the_glossary_stands_in_the_code(book):
    import analysis
    from analysis import vocabulary as v
    from analysis.tables import COLUMNS_BY_TABLE

    labels = v.STANCES | v.RATE_STANCES | v.KINDS | book.names
    modules = {path.stem for path in (ROOT / "analysis").rglob("*.py")}
    columns = {row[0] for rows in COLUMNS_BY_TABLE.values() for row in rows}
    named = {
        *labels,
        *v.TWIN_KINDS,
        *COLUMNS_BY_TABLE,
        *columns,
        *analysis.__all__,
        *dir(analysis.Study),
        *modules,
    }
    parts = {part for name in named for part in name.split("_")}
    for word, name in glossary("README.md", "Words", 0).items():
        assert labels.get(word, name) == name, word
        for part in word.split():
            assert parts & {part, f"{part}s", f"{part[:-1]}ies"}, word

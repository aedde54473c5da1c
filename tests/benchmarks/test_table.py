import sys

import pytest
from measure import measure
from table import BEGIN, END, READMES, load_costs, write_methods, write_targets

ONE = {"cpu": 2.0, "elapsed": 2.5, "peak": 100.0}
COSTS = {
    "five[tables]": ONE,
    "five[charts]": ONE | {"cpu": 8.1},
    "floor": ONE | {"seconds": 0.5},
    "many[1000]": ONE | {"seconds": 2.5, "clock": 2.75},
    "import[pandas]": ONE,
    "baseline[kmeans]": ONE,
    "first_look[kmeans]": {"f1": 0.123, "ari": 0.456},
}


def cells(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]


def test_a_target_is_met_missed_or_not_measured():
    rows = {name: rest for name, *rest in cells(write_targets(COSTS, "en"))}
    assert rows["five reports, new workspace, tables"] == [
        *("3 s", "2.00 s (2.50 s by the clock, 100 MB)", "met"),
    ]
    assert rows["… with all charts"][2] == "**not met**"
    assert rows["1,000 reports, tables: times the floor"][1].startswith("5.00 × (2.75 s")
    assert rows["`--help`"] == ["0.3 s", "", "not measured"]


def test_what_is_not_installed_is_named():
    rows = cells(write_methods(COSTS, "en"))
    assert rows[2][1:] == ["2 s, 2 s, 100 MB", "0.12", "0.46"]
    assert rows[3][1:] == ["not measured", "", ""]
    assert rows[4][1:] == ["not measured", "", ""]
    rows = cells(write_methods(COSTS | {"baseline[lda]": ONE}, "en"))
    assert rows[4][1:] == ["not installed", "", ""]


def test_both_languages_have_the_same_rows():
    for write in (write_targets, write_methods):
        tables = [cells(write(COSTS, language)) for language in READMES]
        assert len(tables[0]) == len(tables[1])
        assert [len(row) for row in tables[0]] == [len(row) for row in tables[1]]


@pytest.mark.parametrize("path", READMES.values(), ids=READMES)
def test_readmes_have_a_place_for_the_tables(path):
    text = path.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)


def test_costs_are_those_of_the_command_and_not_of_who_started_it():
    here = bytearray(200 * 2**20)  # this process is large
    small = measure(sys.executable, "-I", "-S", "-c", "pass")
    large = measure(sys.executable, "-I", "-S", "-c", "x = bytearray(b'1' * (60 * 2**20))")
    assert len(here) > 2**20
    assert small["peak"] < 60 < large["peak"] < 200
    assert 0 < small["cpu"] < small["elapsed"] + 0.1


def test_the_last_line_of_a_command_is_part_of_its_costs():
    found = measure(sys.executable, "-I", "-S", "-c", """print('a'); print('{"seconds": 3}')""")
    assert found["seconds"] == 3


def test_a_command_that_fails_says_so():
    with pytest.raises(RuntimeError, match="no good"):
        measure(sys.executable, "-I", "-S", "-c", "raise SystemExit('no good')")


def test_costs_are_read_by_the_name_of_the_test(tmp_path):
    file = tmp_path / "bench.json"
    machine = '"cpu": {"brand_raw": "Fast", "count": 2}, "system": "Linux"'
    file.write_text(
        f"""{{"machine_info": {{{machine}, "python_version": "3.13.1"}},
        "datetime": "2026-01-02T03:04:05", "benchmarks":
        [{{"name": "test_five[tables]", "extra_info": {{"cpu": 2}}}}]}}""",
        encoding="utf-8",
    )
    assert load_costs(file) == {
        "five[tables]": {"cpu": 2},
        "machine": "Fast, 2 × CPU, Linux, Python 3.13.1, 2026-01-02",
    }

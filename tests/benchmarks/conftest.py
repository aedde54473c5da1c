from pathlib import Path

import pytest
from corpus import write_corpus
from measure import measure

from analysis.workspace import make_workspace

SIZES = (1_000, 10_000)


def pytest_addoption(parser):
    parser.addoption("--large", action="store_true", help="10,000 reports too")
    parser.addoption("--rounds", type=int, default=3, help="the best of how many rounds counts")


def pytest_generate_tests(metafunc):
    if "size" in metafunc.fixturenames:
        large = metafunc.config.getoption("large", default=False)
        metafunc.parametrize("size", SIZES if large else SIZES[:1], scope="session")


@pytest.fixture
def cost(benchmark, request):
    """Measure a command in processes of its own and keep what the best round cost."""

    def run(*command, before=None, rounds=None, **environment):
        found = []
        benchmark.pedantic(
            lambda: found.append(measure(*command, **environment)),
            setup=before,
            rounds=rounds or request.config.getoption("rounds", default=3),
        )
        best = min(found, key=lambda one: one.get("seconds", one["cpu"]))
        benchmark.extra_info.update(best)
        return best

    return run


@pytest.fixture(scope="session")
def many(tmp_path_factory):
    """From a number to a workspace with so many reports, not yet analysed when first asked for."""
    made: dict[int, Path] = {}

    def workspace(size: int) -> Path:
        if size not in made:
            made[size] = tmp_path_factory.mktemp(f"many{size}") / "workspace"
            write_corpus(make_workspace(made[size]).reports, size)
        return made[size]

    return workspace


@pytest.fixture(scope="session")
def modules(tmp_path_factory):
    """Where a run writes down what it imported, for the next one to import first."""
    return tmp_path_factory.mktemp("modules") / "modules.json"

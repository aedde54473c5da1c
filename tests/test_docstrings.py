"""Every public name says what goes in, which columns come out, and what may go wrong."""

import ast
import builtins
import inspect
import re
import textwrap
from types import FunctionType

import pandas as pd
import pytest
from docstring_parser import DocstringStyle, parse

import analysis as an
from analysis.errors import AnalysisError
from analysis.score_tables import MAIN_FIGURES
from analysis.study.names import ChoiceError
from analysis.tables import COLUMNS_BY_TABLE
from analysis.vocabulary import LEVEL_GROUP_NAMES
from analysis.workspace import CHECKOUT, Workspace

NAMES = {f"analysis.{name}": getattr(an, name) for name in an.__all__} | {
    f"Study.{name}": member
    for name, member in inspect.getmembers(an.Study)
    if not name.startswith("_")
}
CODE = re.compile(r"``([^`]+)``")
TABLE = re.compile(r"(?:[Rr]ows of|[Tt]able) ``(\w+)``")
ERROR = re.compile(r"\b[A-Z]\w*Error\b")


def function_of(member):
    return member.fget if isinstance(member, property) else member


def read(member):
    text = inspect.getdoc(function_of(member)) or ""
    return parse(text, style=DocstringStyle.NUMPYDOC)


def tree_of(member) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function_of(member))))


def described(doc, section: str) -> dict[str, bool]:
    """The names of a section, and whether each has both a type and a description."""
    entries = [one for one in doc.params if one.args[0] == section]
    whole = {one.args[1]: bool(one.type_name and one.description) for one in entries}
    return {name: ok for names, ok in whole.items() for name in names.split(", ")}


def errors_under_raises(doc) -> set[str]:
    return {name for one in doc.raises for name in (one.type_name or "").split(", ")}


def known_errors(base: type = AnalysisError) -> dict[str, type]:
    """Every error for the analyst by name, of the modules that the public names have loaded."""
    subs = [known_errors(sub) for sub in base.__subclasses__()]
    return {base.__name__: base} | {name: one for sub in subs for name, one in sub.items()}


def faults(member) -> list[str]:
    """What is missing or wrong in the docstring of a function, a property or a class."""
    doc = read(member)
    by_kind = attribute_faults if inspect.isclass(member) else return_faults
    found = [*parameter_faults(member, doc), *by_kind(member, doc), *raise_faults(member, doc)]
    first = doc.short_description or ""
    if not first.endswith(".") or re.search(r"[.!?] [A-Z]", first):
        found.append("the first line is not one sentence")
    return found


def parameter_faults(member, doc):
    stars = {inspect.Parameter.VAR_KEYWORD: "**", inspect.Parameter.VAR_POSITIONAL: "*"}
    signature = inspect.signature(function_of(member)).parameters.values()
    taken = [stars.get(one.kind, "") + one.name for one in signature if one.name != "self"]
    told = described(doc, "param")
    if inspect.isclass(member):  # what it is made of may stand under Attributes
        told |= {name: ok for name, ok in described(doc, "attribute").items() if name in taken}
    if sorted(taken) != sorted(told):
        yield f"takes {taken}, documents {list(told)}"
    yield from (f"{name} has no type or no description" for name, ok in told.items() if not ok)


def attribute_faults(member, doc):
    nodes = [n for n in ast.walk(tree_of(member.__init__)) if isinstance(n, ast.Attribute)]
    stored = {n.attr for n in nodes if isinstance(n.ctx, ast.Store) and not n.attr.startswith("_")}
    missing = sorted(stored - set(described(doc, "attribute")))
    yield from (f"attribute {name} is not documented" for name in missing)


def return_faults(member, doc):
    nodes = ast.walk(tree_of(member))
    if not any(isinstance(node, ast.Return) and node.value for node in nodes):
        return
    made = doc.many_returns
    if not made or not all(one.type_name and one.description for one in made):
        yield "what is returned has no type or no description"
        return
    tables = [one.description for one in made if "DataFrame" in one.type_name]
    annotation = str(inspect.signature(function_of(member)).return_annotation)
    if annotation.count("DataFrame") != len(tables):
        yield f"returns {annotation}, documents {[one.type_name for one in made]}"
    yield from ("a table without columns" for text in tables if not CODE.search(text))
    unknown = set(TABLE.findall(" ".join(tables))) - set(COLUMNS_BY_TABLE)
    yield from (f"no table {name}" for name in unknown)


def raise_faults(member, doc):
    known = vars(builtins) | known_errors()
    told = errors_under_raises(doc)
    yield from (f"no such error: {name}" for name in told if name not in known)
    if not all(one.description for one in doc.raises):
        yield "an error without a description"
    kept = tuple(known[name] for name in told if name in known)
    raised = set(ERROR.findall(inspect.getdoc(function_of(member)) or "")) & set(known)
    raised |= set() if inspect.isclass(member) else raised_by(member)
    for name in sorted(raised):
        if not issubclass(known[name], kept):
            yield f"raises {name}, which does not stand under Raises"


def raised_by(member, seen=()) -> set[str]:
    """Errors of the body and of its private helpers, and those that methods it calls document."""
    space, found = function_of(member).__globals__, set()
    for node in ast.walk(tree_of(member)):
        called = None
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            found.add(getattr(node.exc.func, "id", ""))
        elif isinstance(node, ast.Name):
            called = space.get(node.id) if node.id.startswith("_") else None
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in ("self", "study"):
            called = getattr(an.Study, node.attr, None)
        if isinstance(called, FunctionType | property) and called not in seen:
            private = function_of(called).__name__.startswith("_")
            asked = raised_by(called, (*seen, called)) if private else None
            found |= errors_under_raises(read(called)) if asked is None else asked
    return found & set(known_errors())


@pytest.mark.parametrize("name", NAMES)
def test_the_docstring_is_complete(name):
    assert faults(NAMES[name]) == []


def good(self, report, *, most: int = 3, **key: str) -> pd.DataFrame:
    """Count something.

    Parameters
    ----------
    report, most : int
        Which one; how many.
    **key : str
        Of what.

    Returns
    -------
    pandas.DataFrame
        Rows of ``rates``.

    Raises
    ------
    ChoiceError
        No such thing.
    """
    if report:
        raise ChoiceError("…")
    return self.key("report", report)


PLANTED = {
    "takes ['report', 'most', '**key'], documents ['report', '**key']": ("report, most", "report"),
    "takes ['report', 'most', '**key'], documents ['a', 'most', '**key']": ("report, m", "a, m"),
    "report has no type or no description": ("report, most : int", "report, most"),
    "what is returned has no type or no description": ("Rows of ``rates``.", ""),
    "a table without columns": ("Rows of ``rates``.", "The counts."),
    "no table rate": ("``rates``", "``rate``"),
    "returns <class 'pandas.DataFrame'>, documents ['dict']": ("pandas.DataFrame", "dict"),
    "raises ChoiceError, which does not stand under Raises": ("ChoiceError", "RateError"),
    "no such error: ChosenError": ("ChoiceError", "ChosenError"),
    "an error without a description": ("No such thing.", ""),
    "the first line is not one sentence": ("something.", "something"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_missing_or_wrong_is_found(fault, monkeypatch):
    old, new = PLANTED[fault]
    assert faults(good) == []
    assert old in good.__doc__
    monkeypatch.setattr(good, "__doc__", good.__doc__.replace(old, new))
    assert fault in faults(good)


def test_an_attribute_without_a_word_is_found(monkeypatch):
    text = an.Study.__doc__.replace("    stale : str\n", "")
    monkeypatch.setattr(an.Study, "__doc__", text)
    assert "attribute stale is not documented" in faults(an.Study)


# How each table of a study is asked for; where the columns differ, in every way they do.
ASKED = {
    "accuracy": [{}, {"of": "role"}, {"of": "issue"}, {"of": "link"}],
    "answers": [{}],
    "confusion": [{"of": "role"}],
    "copied": [{}],
    "corrections": None,
    "counts": [{"kind": kind} for kind in ("issue", "theme", "role", "link")],
    "dispersion": [{"kind": kind} for kind in ("issue", "theme", "role", "link")],
    "edits_of": [{}],
    "gaps": [{}],
    "headings": [{"report": 1}],
    "leave_one_out": [{"kind": kind} for kind in ("issue", "theme", "role", "link")],
    "low_margin": [{"of": "role"}, {"of": "theme"}],
    "meanings": [{"kind": "issue"}],
    "mistakes": [{"of": "role"}, {"of": "issue"}],
    "overview": [{}],
    "passages_of": [{"theme": "integration"}],
    "quotes": [{"issue": "two_skins"}],
    "rates": [{}],
    "says": [{"issue": "two_skins"}],
    "scores": [{}],
    "sentences_of": [{"report": 1}],
    "side_by_side": [{"theme": "integration"}],
    "twin_reports": [{}],
    "unnamed": [{}],
}


@pytest.fixture(scope="module")
def labelled(study):
    """The five reports with their labels; read only."""
    return an.Study(Workspace(CHECKOUT), study.book, study.tables, study.sources)


def test_every_table_of_a_study_is_asked_for():
    tables = {
        name.removeprefix("Study.")
        for name, member in NAMES.items()
        if name.startswith("Study.") and "DataFrame" in (read(member).returns.type_name or "")
    }
    assert tables - set(ASKED) == {"trust"}  # judges all reports anew: tests/test_study_trust.py


@pytest.mark.parametrize("name", ASKED)
def test_the_columns_told_are_those_that_come(labelled, name):
    told = read(getattr(an.Study, name)).returns.description
    registered = {row[0] for table in TABLE.findall(told) for row in COLUMNS_BY_TABLE[table]}
    ask = getattr(labelled, name) if ASKED[name] else None
    frames = [ask(**question) for question in ASKED[name]] if ask else [labelled.corrections]
    columns = {column for frame in frames for column in frame.columns}
    keys = {*labelled.book.names.values(), *LEVEL_GROUP_NAMES.values()}
    keys |= {title for *_, title in MAIN_FIGURES}
    assert columns - keys - registered <= set(CODE.findall(told))
    chinese = {word for word in CODE.findall(told) if re.match("[一-龥]", word)}
    assert chinese <= columns

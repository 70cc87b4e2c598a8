"""The module that is written into a project: `render`, `extend`, `names_in`."""

from __future__ import annotations

import ast
import subprocess
import sys
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.helpers import HELPERS, HelpersError, extend, libraries, names_in, render
from eventlet_codemod.helpers.generate import _all_parts
from eventlet_codemod.helpers.parts import load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMES = sorted(HELPERS)
PAIRS = list(combinations(NAMES, 2))
SERVERS = {"ConfiguredWSGIServer", "WSGIServer", "WSGIThread", "wsgi_server"}
OF_OSLO = {"PasteLoader", "WSGIRouter", "register_wsgi_opts"}


def edited(names: Iterable[str]) -> str:
    """A generated module after a person has been at it."""
    return render(names).replace('"""\n\nfrom __future__', '"""\n\n# Ours now.\nfrom __future__', 1)


def definitions(source: str) -> dict[str, str]:
    tree = ast.parse(source)
    kinds = (ast.FunctionDef, ast.ClassDef)
    found = [node for node in tree.body if isinstance(node, kinds)]
    assert len({node.name for node in found}) == len(found)
    return {node.name: ast.get_source_segment(source, node) or "" for node in found}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of modules: each helper alone, all together, and one that grew by hand."""
    directory = tmp_path_factory.mktemp("modules")
    sources = {f"only_{name.lower()}": render([name]) for name in NAMES}
    sources["everything"] = render(NAMES)
    sources["nothing"] = render([])
    sources["wide"] = render(NAMES, line_length=120)
    sources["grown"] = edited(["spawn"])
    for name in reversed(NAMES):
        sources["grown"] = extend(sources["grown"], [name])
    for name, source in sources.items():
        (directory / f"{name}.py").write_text(source, encoding="utf-8")
    return directory


def tool(*command: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


# What is written is clean.


def test_ruff_has_nothing_to_say(modules):
    rules = ["--select", "E,F,I,B,UP", "--target-version", "py39", "--line-length", "79"]
    tool("ruff", "check", "--isolated", "--no-cache", *rules, "--exclude", "wide.py", cwd=modules)


@pytest.mark.parametrize("length", [79, 88, 100])
def test_a_formatter_changes_nothing(length, modules):
    options = ["--isolated", "--no-cache", "--check", "--target-version", "py39"]
    tool("ruff", "format", *options, "--line-length", str(length), cwd=modules)


def test_mypy_has_nothing_to_say(modules):
    files = sorted(path.name for path in modules.glob("*.py"))
    options = ["--strict", "--disable-error-code", "import-untyped"]  # of paste, routes and webob
    tool("mypy", *options, "--cache-dir", "mypy_cache", *files, cwd=modules)


def test_each_helper_can_be_imported_and_only_with_the_standard_library(modules):
    check = (
        "import sys; before = set(sys.modules)",
        "import importlib",
        "def load(name, *modules):",
        "    for module in modules:",
        "        item = getattr(importlib.import_module(module), name)",
        "        assert item.__doc__ and item.__module__ == module, name",
        f"for name in {[name for name in NAMES if name not in SERVERS | OF_OSLO]}:",
        "    load(name, f'only_{name.lower()}')",
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}",
        "others = loaded - set(sys.stdlib_module_names)",
        "assert all(name.startswith('only_') for name in others), others",
        f"for name in {NAMES}:",  # these are on other libraries
        "    load(name, f'only_{name.lower()}', 'everything', 'wide', 'grown')",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(check)], cwd=modules, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_few_need_other_libraries():
    assert {name for name in NAMES if "import cheroot" in render([name])} == SERVERS
    assert libraries({"wsgi_server"}) == {"cheroot"}
    assert libraries({"ConfiguredWSGIServer"}) == {"cheroot", "oslo_config"}
    assert libraries({"PasteLoader"}) == {"oslo_config", "paste"}
    assert libraries({"WSGIRouter"}) == {"routes", "webob"}
    assert libraries({"register_wsgi_opts"}) == {"oslo_config"}
    assert libraries(set(NAMES) - SERVERS - OF_OSLO) == set()


def test_nothing_is_newer_than_python_3_9(modules):
    for path in modules.glob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_it_says_where_it_comes_from_and_that_it_may_be_edited():
    docstring = ast.get_docstring(ast.parse(render(NAMES))) or ""
    for words in ("eventlet-codemod wrote this module", "edit it freely"):
        assert words in docstring.replace("\n", " ")


@pytest.mark.parametrize("length", [70, 79, 100, 120])
def test_the_lines_of_docstring_and_imports_fit(length):
    source = render(NAMES, line_length=length)
    head = source[: source.index("\n\n\n")]
    assert max(map(len, head.splitlines())) <= length


# What is written does not depend on the way there.


@pytest.mark.parametrize("name", NAMES)
def test_a_module_has_what_was_asked_for_and_what_that_requires(name):
    required = {name, *HELPERS[name].requires}
    assert names_in(render([name])) == required
    assert render(required) == render([name])


def test_the_order_of_names_does_not_matter():
    assert render(NAMES) == render(NAMES[::-1]) == render(set(NAMES))
    for one, other in PAIRS:
        source = render([one, other])
        assert source == render([other, one])
        assert render(names_in(source)) == source


def test_definitions_stand_in_one_order():
    everything = list(definitions(render(NAMES)))
    for name in NAMES:
        found = list(definitions(render([name])))
        assert found == [item for item in everything if item in found]


# What is there stays.


def test_a_module_that_nobody_edited_becomes_the_one_with_all_names():
    for one, other in PAIRS:
        assert extend(render([one]), [other]) == render([one, other])
    assert extend(render(["spawn"], line_length=100), ["Channel"], line_length=100) == render(
        ["spawn", "Channel"], line_length=100
    )


@pytest.mark.parametrize("empty", ["", "\n", "  \n\n"])
def test_an_empty_module_is_filled(empty):
    assert extend(empty, ["spawn"]) == render(["spawn"])


@pytest.mark.parametrize("other", NAMES)
@pytest.mark.parametrize("one", ["spawn", "BlockingPool", "TokenPool", "tpool_wrap"])
def test_what_a_person_edited_stays_as_it_is(one, other):
    before = edited([one])
    after = extend(before, [other])
    assert names_in(after) == names_in(render([one, other]))
    assert {**definitions(after), **definitions(before)} == definitions(after)
    lines = iter(after.splitlines())
    assert all(line in lines for line in before.splitlines() if "import" not in line)
    assert extend(after, [one, other]) == after


def test_a_helper_that_was_rewritten_is_left_alone():
    ours = "import threading\n\n\ndef spawn(function, *args):\n    '''Ours.'''\n"
    source = f'"""Ours."""\n\n{ours}'
    after = extend(source, ["spawn", "BlockingPool"])
    assert "'''Ours.'''" in after
    assert after.count("def spawn(function, *args)") == 1
    assert names_in(after) == {"spawn", "BlockingPool", "log_failure"}
    assert after.startswith('"""Ours."""\n\nfrom __future__ import annotations\n\nimport')


@pytest.mark.parametrize(
    "source",
    [
        "from nova.utils import spawn\n",
        "from nova import utils as spawn\n",
        "try:\n    from nova import spawn\nexcept ImportError:\n    spawn = None\n",
        "if True:\n    def spawn(): pass\n",
        "class spawn: pass\n",
        "spawn = None\n",
    ],
)
def test_a_name_that_is_bound_in_any_way_is_there(source):
    assert names_in(source) == {"spawn"}
    assert extend(source, ["spawn"]) == source


def test_a_name_that_is_only_used_is_not_there():
    source = "def call():\n    def spawn(): pass\n    Channel = 1\n    return OneShot\n"
    assert names_in(source) == frozenset()


def test_line_ends_stay():
    before = edited(["spawn"]).replace("\n", "\r\n")
    after = extend(before, ["Channel"])
    assert after.count("\r\n") == after.count("\n")
    assert after.replace("\r\n", "\n") == extend(edited(["spawn"]), ["Channel"])


def test_a_private_name_that_is_taken_is_an_error():
    with pytest.raises(HelpersError, match="_feed"):
        extend("def _feed(): pass\n", ["BlockingPool"])


def test_a_module_name_that_is_taken_is_an_error():
    with pytest.raises(HelpersError, match="queue"):
        extend("from nova import queue\n", ["Channel"])


def test_unknown_names_are_an_error():
    for call in (lambda: render(["spawn", "swapn"]), lambda: extend("", ["swapn"])):
        with pytest.raises(HelpersError, match="swapn"):
            call()


def test_a_module_that_cannot_be_parsed_is_an_error():
    for call in (lambda: names_in("def"), lambda: extend("def", ["spawn"])):
        with pytest.raises(SyntaxError):
            call()


# The catalogue.


@pytest.mark.parametrize("name", NAMES)
def test_the_catalogue_says_what_the_files_hold(name):
    helper = HELPERS[name]
    assert helper.name == load(helper.module).names[0] == name
    required, modules = set(), [helper.module]
    while modules:
        modules += (needs := load(modules.pop()).needs)
        required |= {item.name for item in HELPERS.values() if item.module in needs}
    assert set(helper.requires) == required
    assert helper.summary
    assert helper.replaces


def test_names_are_defined_once_and_shared_lines_are_the_same():
    names = [name for part in _all_parts() for name in part.names]
    assert len(names) == len(set(names))
    shared = {item for part in _all_parts() for item in part.constants}
    assert len(shared) == len(dict(shared))

"""Stock libcst codemods as stages."""

from __future__ import annotations

import contextlib
import sys
import time

import libcst as cst
import pytest
from libcst.codemod import CodemodCommand, SkipFile, VisitorBasedCodemodCommand
from libcst.codemod.commands.convert_format_to_fstring import ConvertFormatStringCommand
from libcst.codemod.visitors import AddImportsVisitor
from libcst.metadata import QualifiedNameProvider

from eventlet_codemod.codemods.command import CommandStage
from eventlet_codemod.codemods.stage import Remark, StageError


class Rename(VisitorBasedCodemodCommand):
    DESCRIPTION = "Rename what nova.utils.spawn_n is."
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def __init__(self, context, to="submit"):
        super().__init__(context)
        self.to = to

    def leave_Call(self, original_node, updated_node):
        names = self.get_metadata(QualifiedNameProvider, original_node.func, set())
        if not any(item.name == "nova.utils.spawn_n" for item in names):
            return updated_node
        AddImportsVisitor.add_needed_import(self.context, "nova.executor")
        self.warn(f"{self.context.filename}:3:1: who asks for the result?")
        return updated_node.with_changes(func=cst.parse_expression(f"nova.executor.{self.to}"))


class Told(CodemodCommand):
    DESCRIPTION = "Tell what the context is."

    def transform_module_impl(self, tree):
        self.warn(f"{self.context.full_module_name} in {self.context.full_package_name}")
        return tree


class Skips(CodemodCommand):
    def transform_module_impl(self, tree):
        self.warn("before")
        raise SkipFile("not for   this\nfile")


class Raises(CodemodCommand):
    def transform_module_impl(self, tree):
        raise ValueError("no such thing")


class Exits(CodemodCommand):
    def transform_module_impl(self, tree):
        sys.exit(7)


class Prints(CodemodCommand):
    def transform_module_impl(self, tree):
        print("look here")
        return tree


class CatchesAll(CodemodCommand):
    def transform_module_impl(self, tree):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(60)


class CatchesEvenMore(CodemodCommand):
    def transform_module_impl(self, tree):
        try:
            time.sleep(60)
        except BaseException:
            time.sleep(60)


BEFORE = "from nova import utils\n\nutils.spawn_n(f)  # kept\n"


def test_a_command_with_metadata_options_imports_and_a_warning():
    done = CommandStage(Rename, options={"to": "go"})(BEFORE, "nova/a.py")
    assert done.text == (
        "from nova import utils\nimport nova.executor\n\nnova.executor.go(f)  # kept\n"
    )
    assert done.remarks == (Remark("who asks for the result?", line=3),)


def test_a_command_of_libcst_itself():
    done = CommandStage(ConvertFormatStringCommand)('x = "{}".format(a)\r\n', "a.py")
    assert done.text == 'x = f"{a}"\r\n'


def test_every_file_has_a_context_of_its_own():
    stage = CommandStage(Told)
    assert stage("", "src/pkg/sub/a.py").remarks == (Remark("pkg.sub.a in pkg.sub"),)
    assert stage("", "pkg/__init__.py").remarks == (Remark("pkg in pkg"),)


def test_a_skipped_file_is_told_and_asks_for_nobody():
    done = CommandStage(Skips)("x = 1\n", "a.py")
    assert done.text == "x = 1\n"
    assert done.remarks == (Remark("before"), Remark("not for this file", asks=False))


@pytest.mark.parametrize(
    ("command", "text", "kind", "line"),
    [
        (Raises, "x = 1\n", "raised", None),
        (Told, "x = 1\nprint 'x'\n", "unsupported", 2),
        (Told, "x = 1\n\x0cy = 2\n", "misread", None),
        (Told, f"x = {'a + ' * 3000}1\n", "unsupported", None),
        (Exits, "x = 1\n", "raised", None),
    ],
)
def test_what_goes_wrong_is_told(command, text, kind, line):
    with pytest.raises(StageError) as caught:
        CommandStage(command)(text, "a.py")
    assert (caught.value.kind, caught.value.line) == (kind, line)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later versions read it")
def test_syntax_that_libcst_reads_and_this_python_does_not_is_told_of_the_file():
    with pytest.raises(StageError) as caught:
        CommandStage(Rename)(f"{BEFORE}type X = int\n", "nova/a.py")
    assert (caught.value.kind, caught.value.line) == ("unsupported", 4)
    assert "its syntax is newer than Python 3.11" in caught.value.message


@pytest.mark.parametrize("command", [CatchesAll, CatchesEvenMore])
def test_a_command_that_catches_exceptions_is_stopped_all_the_same(command):
    begun = time.monotonic()
    with pytest.raises(StageError) as caught:
        CommandStage(command, limit=0.2)("x = 1\n", "a.py")
    assert caught.value.kind == "timeout"
    assert time.monotonic() - begun < 30


def test_what_a_command_prints_is_no_part_of_the_patch(capsys):
    assert CommandStage(Prints)("x = 1\n", "a.py").text == "x = 1\n"
    assert capsys.readouterr() == ("", "look here\n")

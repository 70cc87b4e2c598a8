"""nova's default pool is an executor.

`nova.utils.spawn` gives a Future then, which the facts nova-facts say. Only nova/utils.py.
"""

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor, RemoveImportsVisitor
from libcst.metadata import QualifiedNameProvider

CODE = "NOVAEXECUTOR001"
ORDER = "before"
REQUIRES = ("_get_default_green_pool",)
ASKS = "do all who use what spawn gives know that it is a Future?"

BEFORE = """\
import eventlet


def _get_default_green_pool():
    return eventlet.greenpool.GreenPool(size)
"""
AFTER = """\
import concurrent.futures


def _get_default_green_pool():
    return concurrent.futures.ThreadPoolExecutor(size)
"""


class Command(VisitorBasedCodemodCommand):
    DESCRIPTION = "nova's default pool is an executor."
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def __init__(self, context):
        super().__init__(context)
        self.inside = False

    def visit_FunctionDef(self, node):
        self.inside = self.inside or node.name.value == "_get_default_green_pool"

    def leave_FunctionDef(self, original_node, updated_node):
        if original_node.name.value == "_get_default_green_pool":
            self.inside = False
        return updated_node

    def leave_Call(self, original_node, updated_node):
        names = self.get_metadata(QualifiedNameProvider, original_node.func, set())
        if not self.inside or not any(
            item.name == "eventlet.greenpool.GreenPool" for item in names
        ):
            return updated_node
        AddImportsVisitor.add_needed_import(self.context, "concurrent.futures")
        RemoveImportsVisitor.remove_unused_import(self.context, "eventlet")
        return updated_node.with_changes(
            func=cst.parse_expression("concurrent.futures.ThreadPoolExecutor")
        )

    def leave_Attribute(self, original_node, updated_node):
        names = self.get_metadata(QualifiedNameProvider, original_node.value, set())
        of_pool = isinstance(original_node.value, cst.Call) and any(
            item.name == "_get_default_green_pool" for item in names
        )
        if not of_pool or original_node.attr.value not in ("spawn", "spawn_n"):
            return updated_node
        return updated_node.with_changes(attr=cst.Name("submit"))

"""A codemod for eventlet as one would write it with stock libcst: the yardstick of `speed.py`.

It renames what four of our rules rename (sleep, spawn and spawn_n as statements, semaphores,
queues), with the tools that libcst's own documentation recommends: `QualifiedNameProvider` for
names, `AddImportsVisitor` and `RemoveImportsVisitor` for imports. It looks at no condition, keeps
no comment, explains nothing and does less than the rules do, so the comparison is in its favour.

    python -m libcst.tool codemod --no-format -x stock_peer.StockCommand PATH
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor, RemoveImportsVisitor
from libcst.metadata import QualifiedNameProvider

#: What becomes what. The names by which eventlet's top level offers them stand here as well.
RENAMED = {
    "eventlet.sleep": ("time", "sleep"),
    "eventlet.greenthread.sleep": ("time", "sleep"),
    "eventlet.Semaphore": ("threading", "Semaphore"),
    "eventlet.semaphore.Semaphore": ("threading", "Semaphore"),
    "eventlet.semaphore.BoundedSemaphore": ("threading", "BoundedSemaphore"),
    "eventlet.Queue": ("queue", "Queue"),
    "eventlet.queue.Queue": ("queue", "Queue"),
    "eventlet.queue.LightQueue": ("queue", "Queue"),
    "eventlet.queue.PriorityQueue": ("queue", "PriorityQueue"),
    "eventlet.queue.LifoQueue": ("queue", "LifoQueue"),
    "eventlet.queue.Empty": ("queue", "Empty"),
    "eventlet.queue.Full": ("queue", "Full"),
}
SPAWN = frozenset(
    {
        "eventlet.spawn",
        "eventlet.spawn_n",
        "eventlet.greenthread.spawn",
        "eventlet.greenthread.spawn_n",
    }
)


class StockCommand(VisitorBasedCodemodCommand):
    DESCRIPTION = "Rename the simplest of eventlet's functions and classes."
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self.statements: list[cst.Call] = []

    def visit_Expr(self, node: cst.Expr) -> None:
        if isinstance(node.value, cst.Call):
            self.statements.append(node.value)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._renamed(original_node, updated_node)

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        return self._renamed(original_node, updated_node)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        name = self._name_of(original_node.func)
        if name not in SPAWN or not any(original_node is call for call in self.statements):
            return updated_node
        if not updated_node.args or any(arg.star or arg.keyword for arg in updated_node.args):
            return updated_node
        target, *rest = [arg.value for arg in updated_node.args]
        AddImportsVisitor.add_needed_import(self.context, "threading")
        self._drop_imports()
        started = cst.parse_expression("threading.Thread(target=f, args=(), daemon=True).start()")
        args = cst.Tuple([cst.Element(value) for value in rest])
        thread = cst.ensure_type(
            cst.ensure_type(cst.ensure_type(started, cst.Call).func, cst.Attribute).value, cst.Call
        )
        filled = [thread.args[0].with_changes(value=target), thread.args[1], thread.args[2]]
        filled[1] = filled[1].with_changes(value=args)
        return started.with_deep_changes(thread, args=filled)

    def _renamed(
        self, original: cst.Name | cst.Attribute, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        new = RENAMED.get(self._name_of(original))
        if new is None:
            return updated
        module, name = new
        AddImportsVisitor.add_needed_import(self.context, module)
        self._drop_imports()
        return cst.Attribute(cst.Name(module), cst.Name(name))

    def _drop_imports(self) -> None:
        for module in ("eventlet", "eventlet.greenthread", "eventlet.semaphore", "eventlet.queue"):
            RemoveImportsVisitor.remove_unused_import(self.context, module)
        for name in ("sleep", "spawn", "spawn_n", "greenthread", "semaphore", "queue"):
            RemoveImportsVisitor.remove_unused_import(self.context, "eventlet", name)

    def _name_of(self, node: cst.CSTNode) -> str:
        names = self.get_metadata(QualifiedNameProvider, node, frozenset())
        return next((item.name for item in names), "")

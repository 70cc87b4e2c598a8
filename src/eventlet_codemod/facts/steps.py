"""What the code around an object does with it, one node of the tree at a time."""

from __future__ import annotations

import ast

from eventlet_codemod.facts.arguments import MERGES, PUTS, Passer
from eventlet_codemod.facts.doing import has_yield, is_in_test
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition, enclosing
from eventlet_codemod.facts.trail import ANY, Path, Place

_TAKES = frozenset({"pop", "popleft", "get", "get_nowait", "setdefault", "__getitem__"})
_COPIES = frozenset({"copy", "values", "difference", "union", "intersection"})
_HARMLESS = frozenset(
    ["clear", "remove", "discard", "index", "count", "sort", "reverse", "keys", "rotate"]
)


class Steps(Passer):
    """Takes each step of an object. The methods ``_in_…`` answer whether they dealt with it."""

    def _value(self, module: Module, node: ast.AST, parents: Parents, path: Path) -> None:
        """``node`` evaluates to the object or, with a path, to something that holds it."""
        if (node, path) in self.seen:
            return
        self.seen[node, path] = module
        parent = parents[-1]
        outer = parents[:-1]
        handler = getattr(self, f"_in_{type(parent).__name__.lower()}", None)
        if handler is not None and handler(module, node, parent, outer, path):
            return
        if path:
            self._held(module, node, parents, path)
        else:
            self._touch(module, node, parents)

    def _in_assign(
        self, module: Module, node: ast.AST, parent: ast.Assign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        for target in parent.targets:
            self._target(module, target, (*outer, parent), path, node)
        return True

    def _in_annassign(
        self, module: Module, node: ast.AST, parent: ast.AnnAssign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        self._target(module, parent.target, (*outer, parent), path, node)
        return True

    def _in_namedexpr(
        self, module: Module, node: ast.AST, parent: ast.NamedExpr, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node:
            return False
        self._target(module, parent.target, (*outer, parent), path, node)
        self._value(module, parent, outer, path)
        return True

    def _in_augassign(
        self, module: Module, node: ast.AST, parent: ast.AugAssign, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node or not path:
            return False
        self._target(module, parent.target, (*outer, parent), (ANY, *path[1:]), node)
        return True

    def _in_expr(
        self, module: Module, node: ast.AST, parent: ast.Expr, outer: Parents, path: Path
    ) -> bool:
        return True

    def _in_return(
        self, module: Module, node: ast.AST, parent: ast.Return, outer: Parents, path: Path
    ) -> bool:
        function = enclosing(module, outer, FUNCTIONS)
        if function is None or has_yield(function.node):
            return False
        self.returned.setdefault(function.node, (node, (*outer, parent)))
        self._note(module, parent, f"returned from {function.name}()")
        self._into(Place("result", module, function.node, "", function), path)
        return True

    def _in_yield(
        self, module: Module, node: ast.AST, parent: ast.Yield, outer: Parents, path: Path
    ) -> bool:
        function = enclosing(module, outer, (*FUNCTIONS, ast.Lambda))
        if function is None or not isinstance(function.node, ast.FunctionDef):
            return False
        self.returned.setdefault(function.node, (node, (*outer, parent)))
        self._note(module, parent, f"yielded by {function.name}()")
        self._into(Place("result", module, function.node, "", function), (ANY, *path))
        return True

    def _in_ifexp(
        self, module: Module, node: ast.AST, parent: ast.IfExp, outer: Parents, path: Path
    ) -> bool:
        if parent.test is node:
            return False
        other = parent.orelse if parent.body is node else parent.body
        self._store(path, module, other, parent.lineno, "may give something else in its place")
        self._value(module, parent, outer, path)
        return True

    def _in_boolop(
        self, module: Module, node: ast.AST, parent: ast.BoolOp, outer: Parents, path: Path
    ) -> bool:
        last = parent.values[-1] is node
        if not last and not path:
            self._touch(module, node, (*outer, parent))
        test = outer and isinstance(outer[-1], (ast.If, ast.While, ast.IfExp, ast.Assert))
        if test or is_in_test(parent, outer):
            return bool(not last or path)
        for other in parent.values:
            if other is not node and (isinstance(parent.op, ast.Or) or other is parent.values[-1]):
                what = "may give something else in its place"
                self._store(path, module, other, parent.lineno, what)
        self._value(module, parent, outer, path)
        return True

    def _in_starred(
        self, module: Module, node: ast.AST, parent: ast.Starred, outer: Parents, path: Path
    ) -> bool:
        if path and isinstance(outer[-1], (ast.List, ast.Tuple, ast.Set)):
            self._value(module, outer[-1], outer[:-1], (ANY, *path[1:]))
            return True
        return False

    def _in_list(
        self, module: Module, node: ast.AST, parent: ast.List, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (ANY, *path))

    def _in_set(
        self, module: Module, node: ast.AST, parent: ast.Set, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (ANY, *path))

    def _in_tuple(
        self, module: Module, node: ast.AST, parent: ast.Tuple, outer: Parents, path: Path
    ) -> bool:
        return self._element(module, node, parent, outer, (parent.elts.index(node), *path))  # type: ignore[arg-type]

    def _element(
        self,
        module: Module,
        node: ast.AST,
        parent: ast.List | ast.Set | ast.Tuple,
        outer: Parents,
        path: Path,
    ) -> bool:
        if isinstance(getattr(parent, "ctx", None), ast.Store):
            return False
        if isinstance(outer[-1], ast.BinOp) and isinstance(outer[-1].op, ast.Mod) and outer:
            self._touch(module, node, (*outer, parent))  # "%s" % (gt,)
            return True
        if path[0] == ANY:
            for other in parent.elts:
                if other is not node and not isinstance(other, ast.Starred):
                    line = other.lineno
                    self._store(path[1:], module, other, line, "puts something else beside it")
        self._value(module, parent, outer, path)
        return True

    def _in_dict(
        self, module: Module, node: ast.AST, parent: ast.Dict, outer: Parents, path: Path
    ) -> bool:
        if node in parent.keys and not path:
            self._touch(module, node, (*outer, parent))
            return True
        for other in parent.values:
            if other is not node:
                self._store(path, module, other, other.lineno, "puts something else beside it")
        self._value(module, parent, outer, (ANY, *path))
        return True

    def _in_listcomp(
        self, module: Module, node: ast.AST, parent: ast.ListComp, outer: Parents, path: Path
    ) -> bool:
        self._value(module, parent, outer, (ANY, *path))
        return True

    _in_setcomp = _in_generatorexp = _in_listcomp

    def _in_dictcomp(
        self, module: Module, node: ast.AST, parent: ast.DictComp, outer: Parents, path: Path
    ) -> bool:
        if parent.key is node:
            return False
        self._value(module, parent, outer, (ANY, *path))
        return True

    def _in_comprehension(
        self, module: Module, node: ast.AST, parent: ast.comprehension, outer: Parents, path: Path
    ) -> bool:
        if parent.iter is not node or not path:
            return False
        if not self._is_mapping(module, node, (*outer, parent)):
            self._target(module, parent.target, (*outer, parent), path[1:], None)
        return True

    def _in_for(
        self, module: Module, node: ast.AST, parent: ast.For, outer: Parents, path: Path
    ) -> bool:
        if parent.iter is not node or not path:
            return False
        if not self._is_mapping(module, node, (*outer, parent)):
            self._target(module, parent.target, (*outer, parent), path[1:], None)
        return True

    def _in_subscript(
        self, module: Module, node: ast.AST, parent: ast.Subscript, outer: Parents, path: Path
    ) -> bool:
        if parent.value is not node or not path:
            return False
        if not isinstance(parent.ctx, ast.Load):
            self._put(module, parent, outer, path)
            return True
        if isinstance(parent.slice, ast.Slice):
            self._value(module, parent, outer, (ANY, *path[1:]))
            return True
        index = parent.slice.value if isinstance(parent.slice, ast.Constant) else None
        if isinstance(path[0], int) and isinstance(index, int) and path[0] != index:
            return True
        self._value(module, parent, outer, path[1:])
        return True

    def _put(self, module: Module, target: ast.Subscript, outer: Parents, path: Path) -> None:
        """``holder[key] = value``: the value must be the object as well."""
        parent = outer[-1]
        if isinstance(parent, ast.Assign) and target in parent.targets:
            what = "puts something else beside it"
            self._store(path[1:], module, parent.value, target.lineno, what)

    def _in_withitem(
        self, module: Module, node: ast.AST, parent: ast.withitem, outer: Parents, path: Path
    ) -> bool:
        return bool(path)

    def _in_arguments(
        self, module: Module, node: ast.AST, parent: ast.arguments, outer: Parents, path: Path
    ) -> bool:
        """A default of a parameter."""
        function = outer[-1]
        positional = [*parent.posonlyargs, *parent.args]
        pairs = [
            *zip(
                positional[len(positional) - len(parent.defaults) :], parent.defaults, strict=True
            ),
            *zip(parent.kwonlyargs, parent.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if default is node:
                definition = Definition(module, function, outer[:-1])
                self._into(Place("name", module, function, parameter.arg, definition), path)
                return True
        return False

    def _in_attribute(
        self, module: Module, node: ast.AST, parent: ast.Attribute, outer: Parents, path: Path
    ) -> bool:
        """A method of a container that holds the object."""
        if not path:
            return False
        call = outer[-1] if isinstance(outer[-1], ast.Call) and outer[-1].func is parent else None
        name = parent.attr
        if call is None:
            return False
        rest = outer[:-1]
        if name in PUTS:
            position = PUTS[name]
            if len(call.args) > position:
                value, line = call.args[position], call.lineno
                self._store(path[1:], module, value, line, "puts something else beside it")
        if name in MERGES and call.args:
            line = call.lineno
            self._store(path, module, call.args[0], line, "puts something else beside it")
        if name in _TAKES:
            if name == "get" and len(call.args) > 1:
                line = call.lineno
                what = "may give something else in its place"
                self._store(path[1:], module, call.args[1], line, what)
            self._value(module, call, rest, path[1:])
        elif name in _COPIES:
            self._value(module, call, rest, (ANY, *path[1:]))
        elif name == "items":
            self._value(module, call, rest, (ANY, 1, *path[1:]))
        elif name == "popitem":
            self._value(module, call, rest, (1, *path[1:]))
        elif name not in _HARMLESS and name not in PUTS and name not in MERGES:
            return False
        return True

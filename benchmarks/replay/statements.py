"""The statements of a file, in a form in which two spellings of one thing are equal.

`read` gives a `Version`: every statement with the qualified name of the function or class around
it, and every import as the dotted name of what it imports.

- A simple statement is one entry; of a compound statement the header is one, and each clause,
  decorator and item of a `with` is its own. A definition's header belongs to the definition.
- Docstrings and comments are dropped. Imports are entries of their own kind.
- A name that the file imports stands as the dotted name of what it means, wherever no parameter or
  variable of a function hides it. So it does not matter how a module is imported, or as what.
- `EQUIVALENCES` and `RELATIVE` are the table of what is taken to be the same. Each is a function
  that says why.

Comparing them as multisets, as `scoring` does, forgets their order within a function.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

#: Marks the nodes of a dotted name that stands for what is imported.
IMPORTED = "replay_imported"


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry: equal if it reads the same in the same function or class.

    ``unit`` is the outermost function around it, or else the class or "" for the module; ``parts``
    are the nodes that ``text`` was made from.
    """

    scope: str
    text: str
    unit: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    parts: tuple[ast.AST, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.scope or '(module)'}: {self.text}"


@dataclass(frozen=True, slots=True)
class Version:
    """A file, read."""

    tree: ast.Module
    statements: tuple[Statement, ...]
    imports: tuple[str, ...]

    @property
    def identifiers(self) -> frozenset[str]:
        return frozenset().union(*(identifiers(item) for item in self.statements))


def read(source: str, parent: Version | None = None) -> Version:
    """Read a version of a file; ``parent`` is the one that it was made from."""
    tree = ast.parse(source)
    imports = tuple(
        dotted
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for dotted in imported(node)
    )
    Resolver(tree).visit(tree)
    for same in EQUIVALENCES:
        same(tree)
    if parent is not None:
        for alike in RELATIVE:
            alike(tree, parent.tree)
    return Version(tree, tuple(flatten(tree.body)), imports)


# --- from a tree to entries ---------------------------------------------------------------------


def flatten(
    body: Sequence[ast.stmt],
    scope: str = "",
    unit: str = "",
    owner: str = "",
    *,
    inside: bool = False,
) -> Iterator[Statement]:
    """The entries of a block. ``inside`` says whether a function is around it."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) or is_bare_string(node):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = f"{scope}.{node.name}" if scope else node.name
            is_class = isinstance(node, ast.ClassDef)
            within = unit if inside else name
            whose = name if is_class and not inside else owner
            for text, parts in headers(node):
                yield Statement(name, text, within, whose, parts)
            yield from flatten(node.body, name, within, whose, inside=inside or not is_class)
            continue
        for text, parts in headers(node):
            yield Statement(scope, text, unit, owner, parts)
        for head, block in clauses(node):
            for text, parts in head:
                yield Statement(scope, text, unit, owner, parts)
            yield from flatten(block, scope, unit, owner, inside=inside)


def is_bare_string(node: ast.stmt) -> bool:
    """A docstring, or a string that stands alone like one."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


Head = tuple[str, tuple[ast.AST, ...]]


def clauses(node: ast.stmt) -> Iterator[tuple[list[Head], list[ast.stmt]]]:
    """The blocks of a compound statement in order, each with what stands before it."""
    yield [], getattr(node, "body", [])
    for case in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
        yield list(headers(case)), case.body
    for name, word in (("orelse", "else"), ("finalbody", "finally")):
        if block := getattr(node, name, None):
            yield [(word, ())], block


def headers(node: ast.AST) -> Iterator[Head]:
    """What a statement says without its blocks: the whole of a simple one."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for item in node.decorator_list:
                yield f"@{ast.unparse(item)}", (item,)
            word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            parts = (node.args, *filter(None, [node.returns]))
            yield f"{word} {node.name}({ast.unparse(node.args)}){returns}", parts
        case ast.ClassDef():
            for item in node.decorator_list:
                yield f"@{ast.unparse(item)}", (item,)
            given = [*node.bases, *node.keywords]
            yield f"class {node.name}({', '.join(map(ast.unparse, given))})", tuple(given)
        case ast.If() | ast.While():
            word = type(node).__name__.lower()
            yield f"{word} {ast.unparse(node.test)}", (node.test,)
        case ast.For() | ast.AsyncFor():
            word = "async for" if isinstance(node, ast.AsyncFor) else "for"
            where, what = ast.unparse(node.iter), ast.unparse(node.target)
            # The same two parts in one node, as a comprehension has them.
            yield f"{word} {what} in {where}", (ast.comprehension(node.target, node.iter, [], 0),)
        case ast.With() | ast.AsyncWith():
            word = "async with" if isinstance(node, ast.AsyncWith) else "with"
            for entered in node.items:
                yield f"{word} {ast.unparse(entered)}", (entered,)
        case ast.Try() | ast.TryStar():
            # What it tries to import is what it is there for.
            tried = [n for n in node.body if isinstance(n, (ast.Import, ast.ImportFrom))]
            yield "try", tuple(from_dotted(name) for n in tried for name in imported(n))
        case ast.ExceptHandler():
            named = f" as {node.name}" if node.name else ""
            caught = f" {ast.unparse(node.type)}" if node.type else ""
            yield f"except{caught}{named}", tuple(filter(None, [node.type]))
        case ast.Match():
            yield f"match {ast.unparse(node.subject)}", (node.subject,)
        case ast.match_case():
            guard = f" if {ast.unparse(node.guard)}" if node.guard else ""
            yield f"case {ast.unparse(node.pattern)}{guard}", (node.pattern,)
        case _:
            yield ast.unparse(node), (node,)


def identifiers(statement: Statement) -> frozenset[str]:
    """Every name, attribute and parameter in an entry, and the name that it defines."""
    found = set()
    for part in statement.parts:
        for node in ast.walk(part):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    found.add(name)
    if re.match(r"(async )?(def|class) ", statement.text):
        found.add(statement.scope.rpartition(".")[2])
    return frozenset(found)


def chain(node: ast.AST | None) -> str:
    """``a.b.c`` of a name with attributes, "" of anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            before = chain(value)
            return f"{before}.{name}" if before else ""
    return ""


# --- names --------------------------------------------------------------------------------------


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The dotted name of each thing that an import statement imports."""
    if isinstance(node, ast.Import):
        yield from (item.name for item in node.names)
        return
    module = "." * node.level + (node.module or "")
    glue = "" if module.endswith(".") else "."
    yield from (f"{module}{glue}{item.name}" for item in node.names)


def aliases(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Each name that an import statement binds, and what it is then short for."""
    for item, dotted in zip(node.names, imported(node), strict=True):
        if item.asname:
            yield item.asname, dotted
        elif isinstance(node, ast.ImportFrom):
            yield item.name, dotted
        else:
            top = item.name.partition(".")[0]
            yield top, top


@dataclass(frozen=True, slots=True)
class Frame:
    """The names of one scope: what an import makes of each, or None for any other."""

    names: dict[str, str | None]
    of_class: bool = False


def bound(body: Sequence[ast.AST]) -> dict[str, str | None]:
    """The names that a block binds in its own scope. An import wins, and the first one."""
    brought: dict[str, str | None] = {}
    others: set[str] = set()
    elsewhere: set[str] = set()
    for node in own(body):
        match node:
            case ast.Import() | ast.ImportFrom():
                for name, dotted in aliases(node):
                    brought.setdefault(name, dotted)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                others.add(name)
            case ast.ClassDef(name=name):
                others.add(name)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                others.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                others.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                elsewhere.update(names)
    return {name: brought.get(name) for name in {*brought, *others} - elsewhere}


def own(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a block, in order, but for what is inside another scope."""
    for node in body:
        yield node
        if not isinstance(node, (Definition, ast.Lambda, Comprehension)):
            yield from own(list(ast.iter_child_nodes(node)))


class Resolver(ast.NodeTransformer):
    """Puts the dotted name of what is imported in place of the name that the import bound."""

    def __init__(self, tree: ast.Module) -> None:
        imports = {name: dotted for name, dotted in bound(tree.body).items() if dotted}
        self.frames = [Frame(dict(imports))]

    def meaning(self, name: str) -> str | None:
        for frame in reversed(self.frames):
            if name in frame.names and (not frame.of_class or frame is self.frames[-1]):
                return frame.names[name]
        return None

    def visit_Name(self, node: ast.Name) -> ast.expr:
        dotted = self.meaning(node.id) if isinstance(node.ctx, ast.Load) else None
        return from_import(dotted) if dotted else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if is_imported(node.value):
            setattr(node, IMPORTED, True)
        return node

    def within(self, frame: Frame, node: ast.AST) -> ast.AST:
        self.frames.append(frame)
        self.generic_visit(node)
        self.frames.pop()
        return node

    def define(self, node: Function) -> Function:
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        self.visit(node.args)
        if node.returns:
            node.returns = self.visit(node.returns)
        names = {**dict.fromkeys(parameters(node.args)), **bound(node.body)}
        self.frames.append(Frame(names))
        node.body = [self.visit(item) for item in node.body]
        self.frames.pop()
        return node

    visit_FunctionDef = define
    visit_AsyncFunctionDef = define

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.bases = [self.visit(item) for item in node.bases]
        node.keywords = [self.visit(item) for item in node.keywords]
        names = bound(node.body)
        self.frames.append(Frame(names, of_class=True))
        node.body = [self.visit(item) for item in node.body]
        self.frames.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self.within(Frame(dict.fromkeys(parameters(node.args))), node)

    def comprehend(self, node: Comprehension) -> ast.AST:
        return self.within(Frame(bound([item.target for item in node.generators])), node)

    visit_ListComp = comprehend
    visit_SetComp = comprehend
    visit_DictComp = comprehend
    visit_GeneratorExp = comprehend


def parameters(given: ast.arguments) -> list[str]:
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [item.arg for item in named if item is not None]


def from_dotted(name: str) -> ast.expr:
    """``a.b.c`` as nodes; the dots of a relative import stay with the first name."""
    dots = len(name) - len(name.lstrip("."))
    first, *rest = name[dots:].split(".")
    node: ast.expr = ast.Name("." * dots + first, ast.Load())
    for item in rest:
        node = ast.Attribute(node, item, ast.Load())
    return node


def from_import(name: str) -> ast.expr:
    node = from_dotted(name)
    setattr(node, IMPORTED, True)
    return node


def is_imported(node: ast.expr) -> bool:
    """Whether a dotted name is one that `Resolver` put there."""
    return hasattr(node, IMPORTED)


# --- what is the same ---------------------------------------------------------------------------


def blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield block


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Every function with its qualified name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            name = prefix + node.name
            if not isinstance(node, ast.ClassDef):
                yield name, node
            yield from functions(node, f"{name}.")
        else:
            yield from functions(node, prefix)


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and chain(node.func) in names:
            yield node


def is_called(node: ast.AST | None, *names: str) -> bool:
    return isinstance(node, ast.Call) and chain(node.func) in names


def by_keyword(call: ast.Call, names: Sequence[str]) -> dict[str, ast.expr] | None:
    """The arguments of a call by name; None where they are not all written out."""
    if len(call.args) > len(names) or any(isinstance(item, ast.Starred) for item in call.args):
        return None
    given = dict(zip(names, call.args, strict=False))
    for item in call.keywords:
        if item.arg is None or item.arg in given:
            return None
        given[item.arg] = item.value
    return given


def set_keywords(call: ast.Call, given: dict[str, ast.expr]) -> None:
    call.args = []
    call.keywords = [ast.keyword(name, given[name]) for name in sorted(given)]


def is_constant(node: ast.AST | None, *values: object) -> bool:
    return isinstance(node, ast.Constant) and any(
        node.value == value and type(node.value) is type(value) for value in values
    )


THREADS = {
    "threading.Thread": ("group", "target", "name", "args", "kwargs"),
    "threading.Timer": ("interval", "function", "args", "kwargs"),
}


def thread_arguments(tree: ast.Module) -> None:
    """The arguments of a Thread or Timer: by position or keyword, in any order, args as a list.

    Both call ``target(*args, **kwargs)``, so only the names and values count. ``daemon`` is not
    compared: a green thread never holds up the exit, which True keeps; most people left it out, and
    some of them had to put it in later, so that it would lower every score and tell nothing.
    """
    for call in calls(tree, *THREADS):
        given = by_keyword(call, THREADS[chain(call.func)])
        if given is None:
            continue
        given.pop("daemon", None)
        for name in ("group", "name", "kwargs"):
            if is_constant(given.get(name), None):
                del given[name]
        passed = given.get("args")
        if isinstance(passed, ast.List):
            given["args"] = passed = ast.Tuple(passed.elts, ast.Load())
        if isinstance(passed, ast.Tuple) and not passed.elts:
            del given["args"]
        set_keywords(call, given)


def passed_on(tree: ast.Module) -> None:
    """``Thread(args=(*args,), kwargs={**kwargs})`` passes what ``args`` and ``kwargs`` hold.

    Only for the star parameters of the function around it: those are its own already.
    """
    for _, function in functions(tree):
        own_args, own_kwargs = function.args.vararg, function.args.kwarg
        for call in calls(function, *THREADS):
            for item in call.keywords:
                match item.value:
                    case ast.Tuple(elts=[ast.Starred(value=ast.Name(id=name) as plain)]):
                        if own_args is not None and own_args.arg == name:
                            item.value = plain
                    case ast.Dict(keys=[None], values=[ast.Name(id=name) as plain]):
                        if own_kwargs is not None and own_kwargs.arg == name:
                            item.value = plain


def daemon_by_attribute(tree: ast.Module) -> None:
    """``t.daemon = True`` after the thread is made is the keyword ``daemon``, which is dropped."""
    for block in blocks(tree):
        made: set[str] = set()
        for node in list(block):
            match node:
                case ast.Assign(targets=[target], value=value) if is_called(value, *THREADS):
                    made.add(chain(target))
                case ast.Assign(targets=[ast.Attribute(attr="daemon") as target]):
                    if chain(target.value) in made:
                        block.remove(node)


def started_at_once(tree: ast.Module) -> None:
    """``t = Thread(…)`` and then ``t.start()`` is ``Thread(…).start()`` if that is all of ``t``.

    Only for a local name, with nothing between the two, that the function has nowhere else: then
    nobody can reach the object by it.
    """
    for _, function in functions(tree):
        names = Counter(node.id for node in ast.walk(function) if isinstance(node, ast.Name))
        for block in blocks(function):
            for first, second in list(itertools.pairwise(block)):
                match first, second:
                    case (
                        ast.Assign(targets=[ast.Name(id=name)], value=value),
                        ast.Expr(
                            value=ast.Call(
                                func=ast.Attribute(value=ast.Name(id=again), attr="start") as method
                            )
                        ),
                    ) if name == again and names[name] == 2 and is_called(value, *THREADS):
                        method.value = value
                        block.remove(first)


def yields(tree: ast.Module) -> None:
    """``time.sleep(0)``, ``cooperative_yield()`` and no statement at all.

    Native threads are preempted: giving way to others by hand is not needed, and `nova`'s helper of
    that name does nothing without eventlet. A yield of eventlet's own that stays is still seen.
    """
    for block in blocks(tree):
        block[:] = [node for node in block if not is_yield(node)]


def is_yield(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=func, args=[value], keywords=[])):
            return chain(func) == "time.sleep" and is_constant(value, 0, 0.0)
        case ast.Expr(value=ast.Call(func=func, args=[], keywords=[])):
            return chain(func).rpartition(".")[2] == "cooperative_yield"
    return False


def placeholders(tree: ast.Module) -> None:
    """``pass`` does nothing; it comes and goes with what else a block holds."""
    for block in blocks(tree):
        block[:] = [node for node in block if not isinstance(node, ast.Pass)]


class _Unwrapped(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        wraps = chain(node.func).rpartition(".")[2] == "tpool_wrap"
        return node.args[0] if wraps and node.args else node


def wrappers(tree: ast.Module) -> None:
    """``utils.tpool_wrap(x)`` is ``x``: without eventlet the helper gives back what it got."""
    _Unwrapped().visit(tree)


def submissions(tree: ast.Module) -> None:
    """Work given to a helper ``spawn`` of the project, and to a one-thread or a local executor.

    All start ``f(*args)`` in a native thread and give back its future. The helper is a function
    that is imported, and not from eventlet; it holds an executor or a thread of its own. Who makes
    an executor is another statement, and that one is compared.
    """
    executors = {
        chain(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and is_executor(node.value)
        for target in node.targets
    } - {""}
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Attribute(value=where, attr="submit")):
                if chain(where) in executors or is_executor(where, of_one=True):
                    call.func = ast.Name("submit", ast.Load())
            case ast.Call(func=ast.Attribute(attr="spawn") as func) if is_imported(func):
                if not chain(func).startswith("eventlet."):
                    call.func = ast.Name("submit", ast.Load())


def is_executor(node: ast.expr, *, of_one: bool = False) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if chain(node.func).rpartition(".")[2] != "ThreadPoolExecutor":
        return False
    given = by_keyword(node, ("max_workers",))
    return not of_one or (given is not None and is_constant(given.get("max_workers"), 1))


#: Of each class the first parameter, and the value that is the same as none.
FIRST = {
    "queue.Queue": ("maxsize", 0),
    "queue.LifoQueue": ("maxsize", 0),
    "queue.PriorityQueue": ("maxsize", 0),
    "threading.Semaphore": ("value", 1),
    "threading.BoundedSemaphore": ("value", 1),
    "concurrent.futures.ThreadPoolExecutor": ("max_workers", None),
}


def first_arguments(tree: ast.Module) -> None:
    """``Queue(5)`` is ``Queue(maxsize=5)``, and the default is the same written or not."""
    for call in calls(tree, *FIRST):
        name, default = FIRST[chain(call.func)]
        given = by_keyword(call, (name,))
        if given is not None:
            if is_constant(given.get(name), default):
                del given[name]
            set_keywords(call, given)


def comprehensions(tree: ast.Module) -> None:
    """How the variables of a comprehension are called: no one outside of it sees them."""
    for node in ast.walk(tree):
        if isinstance(node, Comprehension):
            inside = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
            free = (name for n in itertools.count() if (name := f"each{n or ''}") not in inside)
            names = bound([item.target for item in node.generators])
            rename(node, dict(zip(sorted(names), free, strict=False)))


#: Modules of the standard library that people patch by way of the module under test.
PATCHED = ("queue", "socket", "ssl", "subprocess", "threading", "time")


def mock_targets(tree: ast.Module) -> None:
    """``patch("a.b.f")``, ``patch.object(a.b, "f")`` and ``patch("module.a.b.f")`` where they meet.

    `patch` imports the path before the last dot and sets an attribute of what it finds; so a path
    that leads through a module under test to ``time`` sets the attribute of ``time``. Replacing the
    name ``time`` in the module under test is something else, and stays so.
    """
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = chain(call.func)
        match call.args:
            case [target, ast.Constant(value=str(name)), *rest] if called.endswith(
                "mock.patch.object"
            ) and chain(target):
                call.func = from_dotted(called.removesuffix(".object"))
                call.args = [ast.Constant(through(f"{chain(target)}.{name}")), *rest]
            case [ast.Constant(value=str(path)), *rest] if called.endswith("mock.patch"):
                call.args = [ast.Constant(through(path)), *rest]


def through(path: str) -> str:
    """The same attribute by the shortest path: of the standard library's module, if it is one."""
    before, _, name = path.rpartition(".")
    module = before.rpartition(".")[2]
    if module in PATCHED and hasattr(importlib.import_module(module), name):
        return path if before.startswith("eventlet") else f"{module}.{name}"
    return path


def new_locals(tree: ast.Module, parent: ast.Module) -> None:
    """How a variable is called that the change brings in: it is named after what it is given.

    If it takes the place of one that is gone, as what a `with` statement binds, it has that name.
    No one outside of the function sees such a name.
    """
    before = dict(functions(parent))
    for qualified, function in functions(tree):
        old = before.get(qualified)
        if old is None:
            continue
        known, now = names_in(old), names_in(function)
        come = [name for name in with_names(function) if name not in known]
        gone = [name for name in with_names(old) if name not in now]
        renamed = dict(zip(come, gone, strict=True)) if len(come) == len(gone) else {}
        for name, role in assigned(function):
            if name not in known and name not in renamed:
                number = sum(other.rstrip("0123456789") == role for other in renamed.values())
                renamed[name] = f"{role}{number or ''}"
        rename(function, renamed)


def with_names(function: Function) -> list[str]:
    """The variables that `with` statements of a function bind, in order, each once."""
    found = [
        node.optional_vars.id
        for node in own(function.body)
        if isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name)
    ]
    return list(dict.fromkeys(found))


def assigned(function: Function) -> Iterator[tuple[str, str]]:
    """The variables of a function in the order they are bound, each with the name of its role."""
    shared = {
        name
        for node in ast.walk(function)
        if isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names
    }
    for node in own(function.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in shared:
                yield name, role_of(value)
            case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                yield name, role_of(value)
            case ast.For(target=ast.Name(id=name)) if name not in shared:
                yield name, "new_item"


def role_of(value: ast.expr) -> str:
    called = chain(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
    return f"new_{called or type(value).__name__}"


def names_in(function: Function) -> frozenset[str]:
    """The names in a function, with those of its parameters and of the functions inside it."""
    return frozenset(
        name
        for node in ast.walk(function)
        for name in (getattr(node, "id", None), getattr(node, "arg", None))
        if isinstance(name, str)
    )


def rename(where: ast.AST, renamed: dict[str, str]) -> None:
    for node in ast.walk(where):
        if isinstance(node, ast.Name) and node.id in renamed:
            node.id = renamed[node.id]
        elif isinstance(node, ast.arg) and node.arg in renamed:
            node.arg = renamed[node.arg]


def mock_parameters(tree: ast.Module, parent: ast.Module) -> None:
    """What a test calls the mocks that decorators pass to it: they come by position."""
    before = dict(functions(parent))
    for qualified, function in functions(tree):
        old = before.get(qualified)
        if old is None or not any("mock.patch" in ast.unparse(d) for d in function.decorator_list):
            continue
        now, then = parameters(function.args), parameters(old.args)
        if len(now) == len(then):
            pairs = {a: b for a, b in zip(now, then, strict=True) if a != b}
            if not set(pairs) & names_in(old):
                rename(function, pairs)


def renamed_tests(tree: ast.Module, parent: ast.Module) -> None:
    """How a test is called: only the runner calls it, by its prefix.

    It has another name if it stands in the same class, at least half of it is the same, and its old
    name is gone.
    """
    before, after = dict(functions(parent)), dict(functions(tree))
    gone = {
        name: body_of(old) for name, old in before.items() if is_test(old) and name not in after
    }
    for qualified, function in after.items():
        if qualified in before or not is_test(function):
            continue
        lines = body_of(function)
        for name, old in gone.items():
            alike = name.rpartition(".")[0] == qualified.rpartition(".")[0]
            if alike and 2 * len(lines & old) >= max(len(lines), len(old)):
                function.name = name.rpartition(".")[2]


def is_test(function: Function) -> bool:
    return function.name.startswith("test")


def body_of(function: Function) -> frozenset[str]:
    inner = (node for node in ast.walk(function) if isinstance(node, ast.stmt))
    return frozenset(text for node in inner if node is not function for text, _ in headers(node))


#: In this order: a thread's arguments before it is seen to be started.
EQUIVALENCES: tuple[Callable[[ast.Module], None], ...] = (
    thread_arguments,
    passed_on,
    daemon_by_attribute,
    started_at_once,
    yields,
    placeholders,
    wrappers,
    submissions,
    first_arguments,
    mock_targets,
    comprehensions,
)
#: The names of functions first, since the others look for the same function.
RELATIVE: tuple[Callable[[ast.Module, ast.Module], None], ...] = (
    renamed_tests,
    new_locals,
    mock_parameters,
)

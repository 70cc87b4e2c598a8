"""What the rules on starting work share: the call's parts, and what a reviewer must ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence, Set

import libcst as cst

from eventlet_codemod.facts import Facts, Module, Use
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.facts.names import Definition, Names
from eventlet_codemod.facts.scopes import parameters
from eventlet_codemod.layout import Argument, Group, Item, tuple_of
from eventlet_codemod.ledger import ENTRY_POINTS
from eventlet_codemod.rewrite import Context

_EXITS = frozenset({"exit", "quit", "SystemExit", "sys.exit", "os.abort", "KeyboardInterrupt"})
_HARMLESS = (ast.Return, ast.Pass, ast.Break, ast.Continue)


def has_plain_target(use: Use, leading: int, names: Sequence[str]) -> bool:
    """Whether the ``leading`` first parameters of a spawn can be told from what they pass on.

    ``names`` are the parameters themselves, the target last. A keyword that a class would mangle
    cannot be spelled in a dict.
    """
    call = use.call
    assert call is not None
    mangled = any((k.arg or "").startswith("__") for k in call.keywords)
    if mangled and any(isinstance(node, ast.ClassDef) for node in use.parents):
        return False
    positional = call.args[:leading]
    if any(isinstance(item, (ast.Starred, ast.GeneratorExp)) for item in positional):
        return False
    given = [item.arg for item in call.keywords]
    missing = names[len(positional) :]
    if None in given and missing:
        return False  # the target may be hidden in a mapping
    if any(name in given for name in names[: len(positional)]):
        return False  # a TypeError today
    if call.args and missing and len(call.args) > len(positional):
        return False
    return all(name in given for name in missing)


def split(
    node: cst.Call, names: Sequence[str], context: Context
) -> tuple[list[str], list[str], list[str]]:
    """Code of the spawn's own arguments, in the order of ``names``, then positional and keyword.

    Keywords come as items of a dict display: ``'key': value`` and ``**mapping``.
    """
    own: dict[str, str] = {}
    positional: list[str] = []
    keywords: list[str] = []
    waiting = list(names)
    code = context.module.code
    quote = "'" if code.count("'") > code.count('"') else '"'
    above = _comments_of(node.whitespace_before_args)[1]
    for argument in node.args:
        behind, below = _comments_behind(argument)
        value = context.value(argument.value)
        named = isinstance(argument.value, cst.NamedExpr) and not argument.value.lpar
        in_brackets = f"({value})" if named else value
        keyword = argument.keyword.value if argument.keyword else None
        if argument.star == "**":
            keywords.append(Item.of(f"**{value}", above, behind))
        elif keyword in names:
            own[str(keyword)] = Item.of(in_brackets, above, behind)
            waiting.remove(str(keyword))
        elif keyword is not None:
            keywords.append(Item.of(f"{quote}{keyword}{quote}: {in_brackets}", above, behind))
        elif argument.star == "" and waiting and not positional:
            own[waiting.pop(0)] = Item.of(in_brackets, above, behind)
        else:
            positional.append(Item.of(argument.star + value, above, behind))
        above = below
    return [own[name] for name in names], positional, keywords


def items_of(node: cst.Call, context: Context) -> list[Argument]:
    """The arguments of a call, each with its comments, to be laid out anew."""
    found: list[Argument] = []
    above = _comments_of(node.whitespace_before_args)[1]
    for argument in node.args:
        behind, below = _comments_behind(argument)
        value = context.value(argument.value)
        keyword = f"{argument.keyword.value}=" if argument.keyword else ""
        found.append(Item.of(f"{argument.star}{keyword}{value}", above, behind))
        above = below
    return found


#: What eventlet runs in green threads of its own, which no rule replaces.
_GREEN_ONLY = ("eventlet.backdoor.",)


def green_target(use: Use, module: Module, *, before: int = 0) -> str:
    """The target of a spawn, where it is eventlet's own and stays; so many arguments come first."""
    assert use.call is not None
    named = [item.value for item in use.call.keywords if item.arg == "func"]
    for node in [*use.call.args[before : before + 1], *named]:
        target = module.reference_of.get(node)
        if target is not None and target.api.startswith(_GREEN_ONLY):
            return ast.unparse(node)
    return ""


def target_comes_late(call: ast.Call) -> bool:
    """Whether ``func=`` is evaluated after other arguments, as its native keyword then must be."""
    names = [item.arg for item in call.keywords]
    return "func" in names and bool(call.args or names.index("func"))


def passed_on(positional: Sequence[str], keywords: Sequence[str], use: Use) -> list[Argument]:
    """``args=`` and ``kwargs=`` for what a spawn passes on; nothing for nothing."""
    given: list[Argument] = []
    star, stars = _own_parameters(use)
    if len(positional) == 1 and positional[0] == f"*{star}":
        given.append(f"args={star}")
    elif positional:
        given.append(tuple_of("args=", positional))
    if len(keywords) == 1 and keywords[0] == f"**{stars}":
        given.append(f"kwargs={stars}")
    elif keywords:
        given.append(Group("kwargs={", tuple(keywords), "}"))
    return given


def _own_parameters(use: Use) -> tuple[str | None, str | None]:
    """Names of ``*args`` and ``**kwargs`` of the function around, where they are just passed on."""
    function = use.function
    if function is None:
        return None, None
    names = [function.args.vararg, function.args.kwarg]
    return tuple(  # type: ignore[return-value]
        item.arg if item and _mentions(function, item.arg) == 1 else None for item in names
    )


def _mentions(function: ast.AST, name: str) -> int:
    """How often a function names its parameter; one inside may have another of that name."""
    count, pending = 0, [*ast.iter_child_nodes(function)]
    while pending:
        node = pending.pop()
        given = getattr(node, "args", None)
        if isinstance(given, ast.arguments) and name in [p.arg for p in parameters(given)]:
            pending += [*getattr(node, "decorator_list", ()), *given.defaults]
            pending += [item for item in given.kw_defaults if item]
            continue
        count += isinstance(node, ast.Name) and node.id == name
        pending += ast.iter_child_nodes(node)
    return count


def named(name: str, item: str) -> Item:
    """``name=code`` with the comments of the code."""
    code = f"{name}={item}"
    return Item.of(code, item.above, item.behind) if isinstance(item, Item) else Item(code)


def _comments_behind(argument: cst.Arg) -> tuple[str, list[str]]:
    """The comment behind an argument, and those on the lines between it and the next."""
    behind, below = _comments_of(argument.whitespace_after_arg)
    if isinstance(argument.comma, cst.Comma):
        after, more = _comments_of(argument.comma.whitespace_after)
        return behind or after, [*below, *more]
    return behind, below


def _comments_of(space: cst.BaseParenthesizableWhitespace) -> tuple[str, list[str]]:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return "", []
    first = space.first_line.comment
    lines = [line.comment.value for line in space.empty_lines if line.comment]
    return first.value if first else "", lines


def has_odd_comment(use: Use, module: Module) -> bool:
    """Whether a comment stands where the new layout has no place for it.

    Those behind an argument, or on a line of their own before one, have a place.
    """
    call = use.call
    assert call is not None
    lines = module.lines[call.lineno - 1 : call.end_lineno]
    if len(lines) == 1 or not any("#" in line for line in lines):
        return False
    last = lines[-1].encode()[: call.end_col_offset].decode(errors="ignore")
    if any("#" in line for line in lines[:1]) and lines[0].split("#")[0].rstrip().endswith("("):
        return True  # behind the opening bracket
    if last.strip() == ")" and lines[-2].lstrip().startswith("#"):
        return True  # below the last argument
    arguments = [*call.args, *(item.value for item in call.keywords)]
    return any(
        item.end_lineno != item.lineno
        and any("#" in line for line in module.lines[item.lineno - 1 : (item.end_lineno or 1) - 1])
        for item in arguments
    )


def checks(
    use: Use, target: ast.expr | None, facts: Facts, *, kept_first: bool = False
) -> dict[str, str]:
    """The questions that remain open when a native thread takes the place of a green one.

    ``kept_first``: what the statement keeps is kept before the thread starts.
    """
    found: dict[str, str] = {}
    if use.function is None and use.scope.kind != "function":
        found["C-START"] = (
            "this runs while the module is imported: does the child need the module, or what the "
            "lines after this set?"
        )
    elif not _nothing_follows(use):
        found["C-START"] = (
            "the child may run before the next line: does it read what the lines after this set, "
            "or must they, or another child, come first?"
        )
    elif not kept_first and _is_kept(use, target):
        found["C-START"] = (
            "the child may run before this statement has kept what stands for it: does it look "
            "there?"
        )
    found["C-ATOM"] = (
        "it now runs in parallel with its caller: is what they share guarded by a lock?"
    )
    body = definition(target, use, facts) if target is not None else None
    names = _names_reached(body, use.parents, facts) if body is not None else frozenset()
    if body is None or names & _EXITS or _calls_what_it_is_given(body, use):
        found["C-EXIT"] = ""
    if body is None and target is not None:
        names = _names_elsewhere(target, use, facts)
    if any(name.startswith("signal.") for name in names):
        found["C-MAIN"] = ""
    elif launch := next((name for name in sorted(names) if name.endswith(_LAUNCHES)), ""):
        found["C-MAIN"] = f"`{launch}` sets handlers of signals, which only the main thread may do"
    if use.in_loop:
        found["C-BOUND"] = "this stands in a loop: how many threads can run at once?"
    return found


#: What the parameters of a signal's handler are called.
_HANDLED = re.compile(r"_*(sig(nal|num|no|nr|)(_?(number|num|no))?|signal_?frame)_*", re.I)
_FRAMES = frozenset({"frame", "_frame", "stack", "stack_frame", "unused_frame", "frm"})

#: Why a thread is started in the handler of a signal only when nothing is patched any more.
LATER = (
    "start() of a patched thread waits until it runs, and fails where a signal's handler meets the "
    "hub; a native one starts there like anywhere else"
)


def step_of(use: Use, facts: Facts) -> int | None:
    """The step before which a thread must not be started here, if it is not the rule's.

    The handler of a signal may run in the hub itself, where `start()` of a patched thread, which
    waits until it runs, fails: "Cannot switch to MAINLOOP from MAINLOOP".
    """
    if "thread" not in facts.project.patched:
        return None
    functions = (node for node in use.parents if isinstance(node, FUNCTIONS))
    return ENTRY_POINTS if any(_handles_signal(node, facts) for node in functions) else None


def _handles_signal(function: ast.AST, facts: Facts) -> bool:
    assert isinstance(function, FUNCTIONS)
    names = [item.arg for item in [*function.args.posonlyargs, *function.args.args]]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    if len(names) != 2:
        return False
    if _HANDLED.fullmatch(names[0]) and names[1] in _FRAMES:
        return True
    form = rf"\bsignal\([^,()]+(?:\([^()]*\))?,\s*(?:self\.|cls\.)?{function.name}\b"
    return facts.search(form) is not None


#: What blocks a whole program of green threads where it is not patched, by the module.
_BLOCKS = {
    "time": frozenset({"time.sleep"}),
    "subprocess": frozenset(
        {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")}
    ),
}


def life(use: Use, target: ast.expr | None, facts: Facts) -> dict[str, str]:
    """The question about work that held up the exit of an unpatched program, by blocking it."""
    body = definition(target, use, facts) if target is not None else None
    names = _names_reached(body, use.parents, facts) if body is not None else frozenset()
    for module, functions in _BLOCKS.items():
        plain = any(isinstance(s, ast.Import) for s, _, _ in facts.module_imports.get(module, ()))
        found = sorted(names & functions)
        if found and plain and module not in facts.project.patched:
            return {
                "C-LIFE": f"`{found[0]}()` blocked the whole program here, its exit as well: must "
                "this work end before the program does? A daemon thread is cut off there"
            }
    return {}


#: What oslo.service starts a service with.
_LAUNCHES = ("service.launch", "service.ServiceLauncher", "service.ProcessLauncher")


def _calls_what_it_is_given(body: ast.AST, use: Use) -> bool:
    """Whether a target calls a parameter, its own or of a function around it: anything, that is."""
    functions = [body, *(node for node in use.parents if isinstance(node, FUNCTIONS))]
    given = {item.arg for node in functions for item in parameters(node.args)}  # type: ignore[attr-defined]
    called = (node.func for node in ast.walk(body) if isinstance(node, ast.Call))
    return any(isinstance(node, ast.Name) and node.id in given for node in called)


def _nothing_follows(use: Use) -> bool:
    """Whether nothing after the statement, up to the end of its function, can set anything."""
    child: ast.AST = use.statement
    for node in reversed(use.parents[: use.parents.index(use.statement)]):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return False
        for block in ("body", "orelse", "finalbody", "handlers"):
            items = getattr(node, block, None)
            if isinstance(items, list) and child in items and block != "handlers":
                rest = items[items.index(child) + 1 :]
                if not all(map(_sets_nothing, rest)):
                    return False
        if isinstance(node, ast.Try) and node.finalbody and child not in node.finalbody:
            return False
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return False  # it may commit, or let go of a lock
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return getattr(node, "name", "") != "__init__"  # that of a subclass may go on
        child = node
    return True


def _is_kept(use: Use, target: ast.expr | None) -> bool:
    """Whether the statement puts the green thread where that itself may look for it."""
    statement = use.statement
    if isinstance(statement, ast.Return):
        return False
    if isinstance(statement, ast.Expr):
        holder = use.parents[-2]
        return not isinstance(holder, (ast.Expr, ast.Attribute))
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return True
    name = statement.targets[0].id
    inner = {n.id for n in ast.walk(target or ast.Pass()) if isinstance(n, ast.Name)}
    nested = [n for n in ast.walk(use.function or ast.Pass()) if isinstance(n, FUNCTIONS)]
    inside = (n for f in nested[1:] if f.name in inner for n in ast.walk(f))
    return name in inner or any(isinstance(n, ast.Name) and n.id == name for n in inside)


def _sets_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, _HARMLESS):
        value = getattr(statement, "value", None)
        return not any(
            isinstance(n, (ast.Call, ast.NamedExpr)) for n in ast.walk(value or ast.Pass())
        )
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func).partition(".")[0] in ("LOG", "logger", "logging")
    return False


def definition(target: ast.expr, use: Use, module: Module) -> ast.AST | None:
    """The function that a target names, where this file defines it for certain."""
    if isinstance(target, ast.Lambda):
        return target
    if isinstance(target, ast.Name):
        for scope in use.scope.chain():
            if scope.kind == "module" or target.id in scope.bound:
                body = getattr(scope.node, "body", [])
                return _only_function(body, target.id)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
        if owner is not None and target.value.id in ("self", "cls"):
            return _only_function(owner.body, target.attr)
    return None


def _only_function(body: object, name: str) -> ast.AST | None:
    found = [
        item
        for item in (body if isinstance(body, list) else [])
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name
    ]
    return found[0] if len(found) == 1 else None


def _names_elsewhere(target: ast.expr, use: Use, facts: Facts) -> Set[str]:
    """The names reached in a function that another file of the project defines."""
    if facts.project.root is None or not isinstance(target, (ast.Name, ast.Attribute)):
        return frozenset()
    if "names" not in facts.memo:
        facts.memo["names"] = Names(facts.project, facts)
    found: Definition | None = facts.memo["names"].resolve(facts, target, use.scope)
    if found is None or not isinstance(found.node, FUNCTIONS):
        return frozenset()
    return _names_reached(found.node, (found.module.tree, *found.parents), found.module)


def _names_reached(body: ast.AST, parents: Sequence[ast.AST], module: Module) -> Set[str]:
    """The names in a function, and in those of its file that it may call, as far as names tell.

    ``parents`` are around the place where it is started, or defined.
    """
    blocks = [getattr(node, "body", None) for node in parents]
    blocks += [item.body for item in module.tree.body if isinstance(item, ast.ClassDef)]
    functions: dict[str, list[ast.AST]] = {}
    for item in (item for block in blocks if isinstance(block, list) for item in block):
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.setdefault(item.name, []).append(item)
    names: set[str] = set()
    pending = [body]
    while pending:
        for name in set(_names_in(pending.pop())) - names:
            names.add(name)
            pending += functions.pop(name.rpartition(".")[2], ())
    return names


def _names_in(node: ast.AST) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Name):
            yield item.id
        elif isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name):
            yield f"{item.value.id}.{item.attr}"

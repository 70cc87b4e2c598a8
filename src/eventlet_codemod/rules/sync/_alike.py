"""Classes whose native twin has the same methods: what of an object's uses holds for both."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import libcst as cst

from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.facts.values import Sign, constant_sign, sign
from eventlet_codemod.rules import limits, unseen
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite
from eventlet_codemod.rules.locations import is_home, kind_of, where

#: What a use of a method needs: None when it holds for both, a check ("C-…: text") to raise, or
#: an objection ("!…", or "!" alone for a method that only eventlet's has) that keeps the object.
MethodTest = Callable[[HandleUse, Use, Module], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of an object: why it must stay, else the open questions."""

    objection: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)


def examine(
    handle: Handle,
    family: Collection[str],
    methods: Mapping[str, MethodTest],
    *,
    strict: bool = False,
) -> Outcome:
    """Look at everything that is done to an object of one of the classes ``family``.

    ``strict``: its methods get other names, so nothing of it may escape.
    """
    checks: dict[str, str] = {}
    if handle.mixed and not handle.apis <= set(family):
        return Outcome(handle.mixed)
    if handle.conflicts and strict:
        return Outcome(handle.conflicts[0])
    outcome = _reach(handle, strict, checks) or _kept_unseen(handle, strict, checks)
    if outcome:
        return Outcome(outcome)
    for deed in handle.uses:
        if deed.how in ("annotation", "class"):
            if deed.use.api in family and deed.use.loaded and not deed.use.doubt:
                continue
            return Outcome(f"{where(deed, handle)} names another class for it")
        if deed.how in ("escape", "compare-none", "text", "compare", "key"):
            continue
        if deed.how == "named" and deed.reason in methods:
            continue
        if deed.how == "isinstance" and (_names_class(deed, handle) or _asks_other(deed)):
            continue
        if deed.how in ("test", "with") and not (strict and deed.how == "with"):
            continue
        if deed.how != "attribute" or deed.attribute not in methods:
            what = f".{deed.attribute}" if deed.attribute else kind_of(deed)
            return Outcome(f"{what} on {where(deed, handle)} has no native twin")
        found = methods[deed.attribute](deed, deed.use, deed.module)
        if found is None:
            continue
        if found == "!":
            return Outcome(f".{deed.attribute} on {where(deed, handle)} has no native twin")
        if found.startswith("!"):
            return Outcome(f"{found[1:]} on {where(deed, handle)}")
        code, _, text = found.partition(": ")
        checks.setdefault(code, text)
    if "copied" not in handle.memo:
        handle.memo["copied"] = _copied(handle)
    if copies := handle.memo["copied"]:
        text = f"{copies} copies or pickles what holds it, and a lock can be neither"
        checks["C-FLOW"] = f"{checks['C-FLOW']} {text}" if "C-FLOW" in checks else text
    return Outcome(checks=checks)


def _kept_unseen(handle: Handle, strict: bool, checks: dict[str, str]) -> str:
    """Where something may be done to it unseen: an objection when ``strict``, else a check."""
    objection = unseen.objection_to(handle, checks)
    if objection and not strict:
        checks["C-FLOW"] = f"{objection}: is only what both classes offer done to it there?"
        return ""
    return objection


def _copied(handle: Handle) -> str:
    """Where a file that knows the object copies or pickles an object of its class."""
    if not handle.attribute or not handle.owner:
        return ""
    for module in handle.modules:
        made: set[str] = set()
        for match in _COPIES.finditer(module.text):
            if not made:
                form = rf"\b(\w+)[ \t]*=[ \t]*(?:\w+\.)*{re.escape(handle.owner)}\("
                made = {"self", *re.findall(form, module.text)}
            if match[1] in made:
                line = module.text.count("\n", 0, match.start()) + 1
                return f"{module.path}:{line}"
    return ""


#: Calls that fail for what holds a lock.
_COPIES = re.compile(r"\b(?:deepcopy|pickle\.dumps?)\(\s*(\w+)\s*[,)]")


def _reach(handle: Handle, strict: bool, checks: dict[str, str]) -> str:
    """Where the object goes beyond what is followed: an objection when ``strict``, else a check."""
    if any(deed.how == "with-as" for deed in handle.uses):
        return "a with statement binds what it yields, which differs"
    reasons = [_placed(deed, handle) for deed in handle.escapes]
    if any(deed.foreign for deed in handle.uses):
        reasons.append(f"other objects' .{handle.attribute} may be it")
    reasons += handle.conflicts
    if reasons and strict:
        return reasons[0]
    if reasons:
        checks["C-FLOW"] = f"{reasons[0]}: is only what both classes offer done to it there?"
    elif strict:
        checks.update(flow_checks(handle))
    return ""


def _names_class(deed: HandleUse, handle: Handle) -> bool:
    """Whether the class of an ``isinstance`` is one that is renamed with the object."""
    call = deed.parents[-1]
    named = {item.node for item in handle.uses if item.how == "class"}
    return isinstance(call, ast.Call) and len(call.args) > 1 and call.args[1] in named


def _asks_other(deed: HandleUse) -> bool:
    """Whether an ``isinstance`` asks for a class of the project: no to both objects.

    One of the same name as a class of theirs may be that.
    """
    call = deed.parents[-1]
    node = call.args[1] if isinstance(call, ast.Call) and len(call.args) > 1 else None
    if not isinstance(node, (ast.Name, ast.Attribute)) or node in deed.module.reference_of:
        return False
    name = ast.unparse(node).rpartition(".")[2]
    return name[:1].isupper() and not name.isupper() and name not in _KNOWN


_KNOWN = frozenset(
    [
        *("Semaphore", "BoundedSemaphore", "CappedSemaphore", "Lock", "RLock", "Event"),
        *("Queue", "LightQueue", "LifoQueue", "PriorityQueue", "SimpleQueue", "Future"),
    ]
)


def is_test(module: Module) -> bool:
    """Whether a file holds tests."""
    *folders, name = module.path.split("/")
    return "tests" in folders or "test" in folders or name.startswith("test_")


def names_class(use: Use, facts: Facts) -> bool:
    """Whether a use is a reference to the class: an annotation, or that of an ``isinstance``."""
    return use in facts.deed and facts.deed[use].how in ("annotation", "class")


def _placed(deed: HandleUse, handle: Handle) -> str:
    """Why an object escapes, with the file where that is not the one that makes it."""
    return deed.reason if is_home(deed, handle) else f"{deed.module.path}: {deed.reason}"


def flow_checks(handle: Handle) -> dict[str, str]:
    """What was taken for granted on the way of an object whose methods get other names."""
    if handle.assumed:
        return {"C-FLOW": f"{handle.assumed[0]}: does all that is done to it change in step?"}
    if handle.unseen is not None:
        name = handle.attribute or handle.exported
        return {"C-FLOW": f"{handle.unseen.path} uses a .{name} as well: is it another one?"}
    return {}


def limited(handle: Handle, methods: Collection[str]) -> dict[str, str]:
    """The question where a Timeout of eventlet may end what waits; a ``with`` waits as well."""
    modules = [m for m in handle.modules if "Timeout" in m.text or "with_timeout" in m.text]
    for deed in handle.uses if modules else ():
        waits = deed.attribute in methods or (deed.how == "with" and "acquire" in methods)
        if waits and limits.limited_by(deed):
            place = where(deed, handle)
            return {"C-KILL": f"a Timeout ends the wait on {place}; not once nothing is patched"}
    return {}


def uncalled(deed: HandleUse) -> str:
    """The objection to a bound method that is passed on, where its twin takes other arguments."""
    return f"!.{deed.attribute} is passed on, uncalled,"


def always(deed: HandleUse, use: Use, module: Module) -> str | None:
    """A method that is the same in both, whatever its arguments."""
    return None


def timeout_of(call: ast.Call, position: int) -> ast.expr | None:
    """The timeout that a call passes, by keyword or at ``position``."""
    for keyword in call.keywords:
        if keyword.arg == "timeout":
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def has_stars(call: ast.Call) -> bool:
    """Whether a starred argument hides what is passed."""
    return any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    )


def never_negative(node: ast.expr, use: Use, module: Module) -> bool:
    """Whether a number is known not to be negative; a written-out None counts as such."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True
    return sign(node, use, module) in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE)


def is_whole(node: ast.expr, use: Use, module: Module) -> bool:
    """Whether a number is known to be an int."""
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return is_whole(node.operand, use, module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, _WHOLE):
        return is_whole(node.left, use, module) and is_whole(node.right, use, module)
    if isinstance(node, ast.IfExp):
        return is_whole(node.body, use, module) and is_whole(node.orelse, use, module)
    if isinstance(node, ast.Call):
        name, given = ast.unparse(node.func), node.args
        if name in ("max", "min") and given and not node.keywords:
            return all(is_whole(item, use, module) for item in given)
        return name in ("len", "int")
    if isinstance(node, ast.Name):
        bindings = module.lookup(node.id, use.scope)[1]
        values = [binding.value for binding in bindings]
        return bool(values) and all(
            isinstance(value, ast.Constant) and type(value.value) is int for value in values
        )
    return False


_WHOLE = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


def is_negative(node: ast.expr) -> bool:
    """Whether a negative number is written out."""
    return constant_sign(node) is Sign.NEGATIVE


_AS_VALUE = "is only what both classes offer done to what this class makes?"


def as_value(
    use: Use, facts: Facts, module: str, name: str, question: str = _AS_VALUE
) -> Decision | None:
    """The decision for a class that is named and not called, where its objects may follow it."""
    if use.kind != "reference" or use.call is not None or use.doubt or not use.loaded:
        return None
    if isinstance(use.parent, ast.ClassDef):
        return None  # a subclass may override what only the one has
    if isinstance(use.parent, ast.Call) and ast.unparse(use.parent.func).endswith("patch.object"):
        return Leave(
            message=f"a mock takes the place of a method of every {use.api.rpartition('.')[2]}",
            why=f"threads, executors and loggers wait by `{module}.{name}` and would meet it, too",
            advice="mock the one object, or the name by which the module under test makes it",
        )
    return Rewrite(
        message=f"`{module}.{name}` is named instead of eventlet's",
        why="objects of the one become objects of the other",
        edits=(rename_class(use, module, name),),
        checks={"C-FLOW": question},
        needs=(module,),
    )


def as_base(
    use: Use,
    facts: Facts,
    module: str,
    name: str,
    hooks: Collection[str],
    question: str,
) -> Rewrite | None:
    """The decision for a base class where the subclass does only what both bases admit."""
    node = use.parent
    if not isinstance(node, ast.ClassDef) or use.node not in node.bases:
        return None
    if use.kind != "reference" or use.doubt or not use.loaded or len(node.bases) > 1:
        return None
    if node.keywords or not all(_is_plain_member(item, hooks) for item in node.body):
        return None
    if any(_is_made_with_nothing(call, node.name) for call in ast.walk(facts.tree)):
        return None
    return Rewrite(
        message=f"`{module}.{name}` is the base class of {node.name} instead of eventlet's",
        why="the two call the same hooks, and the class does nothing else that they could see",
        edits=(rename_class(use, module, name),),
        checks={"C-FLOW": f"what is made of {node.name} is not followed: {question}"},
        needs=(module,),
    )


def _is_made_with_nothing(node: ast.AST, name: str) -> bool:
    """Whether a call makes an object of a class with 0 or None, which the two take differently."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] != name:
        return False
    given = [*node.args, *(item.value for item in node.keywords)]
    return any(isinstance(item, ast.Constant) and not item.value for item in given)


def _is_plain_member(node: ast.stmt, hooks: Collection[str]) -> bool:
    """Whether a statement of a subclass defines nothing, or what both base classes call alike."""
    if isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        return True
    if not isinstance(node, ast.FunctionDef) or node.name not in hooks or node.decorator_list:
        return False
    if not node.args.args:
        return False
    own = node.args.args[0].arg
    inside = {
        item.value
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute) and item.attr == "queue"
    }
    size = node.args.args[1].arg if node.name == "_init" and len(node.args.args) > 1 else None
    for item in ast.walk(node):
        if not isinstance(item, ast.Name):
            continue
        if item.id == own and item not in inside:
            return False  # other insides of eventlet's, or a call of the method below
        if item.id in ("super", size):
            return False  # a size of None is 0 in the other one
    return True


def bare(call: cst.Call) -> cst.Call:
    """A call without its arguments, and without the lines between them."""
    return call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))


def rename_class(use: Use, module: str, name: str) -> ReplaceExpression:
    """The edit that makes a reference to an eventlet class one to ``module.name``."""
    assert isinstance(use.node, ast.expr)
    return ReplaceExpression(
        use.node, lambda node, context: f"{context.name(module)}.{name}", f"{module}.{name}"
    )

"""What has to change with a patch, for the test to follow the code to what it calls now."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace

from eventlet_codemod import dual
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.facts.project import Move
from eventlet_codemod.rules.base import Edit
from eventlet_codemod.rules.testing import _objects, _results, _threads
from eventlet_codemod.rules.testing._mocks import ASSERTED, NotFollowed, mock_of

#: What is called as eventlet's was, so that a mock of it is asserted on in the same way.
_ALIKE = frozenset(
    {"time.sleep", "futurist.Future", "futurist.ThreadPoolExecutor", "webob.Request"}
)

#: Methods of what the tool writes that keep their names and arguments.
_MEMBERS = re.compile(
    r"(?:ConfiguredWSGIServer\.(?:start|stop|wait|reset)|PasteLoader\.load_app)\Z"
)

#: Functions and classes of modules that the tool writes, called as what they take the place of.
_OF_THE_PROJECT = frozenset(
    {"ConfiguredWSGIServer", "connect", "cooperative_yield", "listen", "tpool_execute"}
    | {"PasteLoader", "WSGIRouter", "list_wsgi_opts", "register_wsgi_opts", "tpool_wrap"}
    | {"wrap_ssl", "wsgi_server", dual.PATCH, dual.IS_PATCHED}
)

#: Modules that eventlet greens without a change of their calls.
_MODULES = frozenset({"os", "select", "socket", "ssl", "subprocess"})

#: Functions of them that take the place of eventlet's with other arguments.
_OTHER_ARGUMENTS = frozenset({"socket.create_connection", "socket.create_server"})
_CALLS = frozenset({"assert_has_calls", "call_args", "call_args_list", "mock_calls"})

#: What gives a Future where eventlet gave a green thread, by the last part of its name.
_FUTURES: Mapping[str, Mapping[str, str]] = {
    "spawn": _results.OF_FUTURE,
    "call_later": _results.OF_DELAYED,
    "submit": _results.OF_FUTURE,
}


def edits_for(move: Move, module: str, patch: Patch, use: Use, facts: Facts) -> tuple[Edit, ...]:
    """The edits beside that of the name. Raises NotFollowed."""
    native = move.native
    last = native.rpartition(".")[2]
    if native in _threads.SHAPES:
        return _threads.edits_for(
            replace(_threads.SHAPES[native], stars=move.stars), patch, use, facts
        )
    if (twins := _objects.twins_of(native)) is not None:
        return _objects.edits_for(patch, use, facts, twins)
    if last in _FUTURES and not native.startswith("futurist."):
        _refuse_self(native, patch)
        return _results.edits_for(patch, use, facts, _FUTURES[last])
    if native in _OTHER_ARGUMENTS:
        _refuse_arguments(patch, use, facts)
    if is_alike(native):
        return ()
    raise NotFollowed(f"{module} calls {native} in another way")


def _refuse_self(native: str, patch: Patch) -> None:
    """A method that is mocked with its signature is called with its object as well."""
    if native.endswith(".submit") and any(k.arg == "autospec" for k in patch.call.keywords):
        raise NotFollowed("with autospec its mock is called with the executor first")


def _refuse_arguments(patch: Patch, use: Use, facts: Facts) -> None:
    """A mock stays where the test, or what it puts in place, looks at what it is called with."""
    mock = mock_of(patch, use, facts)
    given = [mock.given, *(k.value for k in patch.call.keywords if k.arg == "side_effect")]
    for value in given:
        if isinstance(value, ast.Lambda) and not (value.args.vararg and value.args.kwarg):
            raise NotFollowed("what it puts in place is called as eventlet's was")
        if isinstance(value, ast.Name) and facts.functions.get(value.id):
            raise NotFollowed("what it puts in place is called as eventlet's was")
    for node, parents in mock.places:
        attribute, outer = parents[-1], parents[-2]
        named = attribute.attr if isinstance(attribute, ast.Attribute) else ""
        told = isinstance(outer, ast.Call) and bool(outer.args or outer.keywords)
        if named in _CALLS or (named in ASSERTED and told):
            raise NotFollowed(f"it is asked how it was called (line {node.lineno})")


def is_alike(native: str) -> bool:
    """Whether calls of what is used now have the shape of eventlet's."""
    return (
        native in _ALIKE
        or _objects.is_method(native)
        or native.startswith("futurist.ThreadPoolExecutor.")
        or native.partition(".")[0] in _MODULES
        or native.rpartition(".")[2] in _OF_THE_PROJECT
        or _MEMBERS.search(native) is not None
    )

"""oslo.db's wrapper for eventlet's thread pool becomes its plain API; oslo.log's mutex is reported.

What else of oslo has to do with eventlet is for the built-in rules.

    eventlet-codemod diff --codemod oslo
"""

import re

import libcst as cst

from eventlet_codemod import Leave, ReplaceExpression, ReplaceImport, Rewrite, Rule

API = "oslo_db.api"


def match_tpool(use, facts, settings):
    """The wrapper chose at its first call whether every call goes through eventlet's tpool."""
    call = use.call
    if use.doubt or call is None:
        return Leave(
            message="TpoolDbapiWrapper stays: it is not called here",
            why="whether all that is done with it is right for oslo.db's DBAPI cannot be seen",
            advice="use `oslo_db.api.DBAPI.from_config(conf, backend_mapping, lazy=True)`",
        )
    names = [keyword.arg for keyword in call.keywords]
    plain = len(call.args) + len(names) == 2 and set(names) <= {"conf", "backend_mapping"}
    if not plain or any(type(argument).__name__ == "Starred" for argument in call.args):
        return Leave(
            message="TpoolDbapiWrapper stays: not all of its arguments can be seen",
            why="DBAPI.from_config takes a configuration and a mapping of backends",
            advice="write `oslo_db.api.DBAPI.from_config(conf, backend_mapping, lazy=True)`",
        )
    edits = [ReplaceExpression(call, from_config, names=f"{API}.DBAPI.from_config")]
    if len(use.bindings) == 1 and is_only_use(use.bindings[0].name, facts):
        edits.append(ReplaceImport(use.bindings[0]))  # newer releases do not have the module
    return Rewrite(
        message="`DBAPI.from_config` gives what the wrapper gave without `use_tpool`",
        why="threads need no pool beside them for calls that block",
        edits=tuple(edits),
        needs=(API,),
        checks={
            "C-EARLY": (
                "the wrapper read the configuration at its first call, this reads it here: is the "
                "file parsed by then, or do the options of [database] for the backend and for "
                "reconnecting have their defaults?"
            )
        },
    )


def is_only_use(name, facts):
    """Whether a file says a name where it is imported and in one other place."""
    return len(re.findall(rf"\b{name}\b", "\n".join(facts.lines))) == 2


def from_config(node, context):
    """The call, with the arguments as they stand there and `lazy=True` behind them."""
    lazy = cst.Arg(
        keyword=cst.Name("lazy"),
        value=cst.Name("True"),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    last = node.args[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    return node.with_changes(
        func=cst.parse_expression(f"{context.name(API)}.DBAPI.from_config"),
        args=[*node.args[:-1], last, lazy],
    )


def match_mutex(use, facts, settings):
    """oslo.log's lock for logging from green and native threads at once."""
    return Leave(
        message="oslo.log's mutex is for green threads beside native ones",
        why="threads have the lock of logging itself",
        advice="remove it; `logging.setup()` takes it only where eventlet has patched threads",
        step=4,
    )


BEFORE = """\
from oslo_config import cfg
from oslo_db import concurrency

CONF = cfg.CONF
IMPL = concurrency.TpoolDbapiWrapper(CONF, backend_mapping=BACKENDS)
"""
AFTER = """\
from oslo_config import cfg
from oslo_db import api

CONF = cfg.CONF
IMPL = api.DBAPI.from_config(CONF, backend_mapping=BACKENDS, lazy=True)
"""

rules = [
    Rule(
        code="OSLO001",
        alias="tpool-dbapi",
        family="oslo",
        step=3,
        summary="oslo.db's wrapper for eventlet's thread pool becomes its plain API",
        apis=frozenset({"oslo_db.concurrency.TpoolDbapiWrapper"}),
        match=match_tpool,
        checks=("C-EARLY",),
        before=BEFORE,
        after=AFTER,
    ),
    Rule(
        code="OSLO002",
        alias="pipe-mutex",
        family="oslo",
        step=3,
        summary="oslo.log's mutex for green threads is reported",
        apis=frozenset({"oslo_log.pipe_mutex.PipeMutex", "oslo_log.pipe_mutex.pipe_createLock"}),
        match=match_mutex,
        before="",
        after="",
    ),
]

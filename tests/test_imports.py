"""The import planner: what it must not change, what it changes, and what always holds."""

from __future__ import annotations

import ast
import re
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventlet_codemod.imports import (
    Add,
    Drop,
    FoldTry,
    Import,
    ImportPlanError,
    Replace,
    Request,
    Target,
    plan_imports,
)

TIME = Import("time")
QUEUE = Import("queue")
SOCKET = Import("socket")
THREADING = Import("threading")
FUTURES = Import("concurrent", "futures")
BACKEND = Import("oslo_service", "backend")
POOL = Import("concurrent.futures", "ThreadPoolExecutor")
SUBPROCESS = Import("subprocess")
SUBPROCESS_AS_SP = Import("subprocess", None, "sp")
PIPE = Import("subprocess", "PIPE")
POPEN = Import("subprocess", "Popen")
AF_INET = Import("socket", "AF_INET")
SOCK_STREAM = Import("socket", "SOCK_STREAM")
TIMEOUT = Import("socket", "timeout", "SocketTimeout")


def drop(statement: int, alias: int = 0) -> Drop:
    return Drop(Target(statement, alias))


def replace(new: Import, statement: int, alias: int = 0) -> Replace:
    return Replace(Target(statement, alias), new)


def case(name: str, requests: Request | list[Request], before: str, after: str | None = None):
    """One row of the table; without ``after`` the text must stay as it is."""
    wanted = requests if isinstance(requests, list) else [requests]
    text = dedent(before).removeprefix("\n")
    result = text if after is None else dedent(after).removeprefix("\n")
    return pytest.param(text, wanted, result, id=name)


UNCHANGED = [
    case("no requests", [], "import eventlet\n"),
    case("already imported", Add(TIME), "import os\nimport time\n"),
    case("already imported on a line with another", Add(TIME), "import os; import time\n"),
    case("already imported in a list", Add(TIME), "import os, time\n"),
    case("already imported below code", Add(TIME), "import os\n\nx = 1\n\nimport time\n"),
    case(
        "submodule import binds the package",
        Add(Import("concurrent")),
        "import concurrent.futures\n",
    ),
    case("deeper import loads the module", Add(Import("a.b")), "import a.b.c\n"),
    case("same name from", Add(FUTURES), "from concurrent import futures\n"),
    case("same thing imported by path", Add(FUTURES), "import concurrent.futures as futures\n"),
    case("same alias", Add(Import("queue", None, "q")), "import queue as q\n"),
    case(
        "future import there",
        Add(Import("__future__", "annotations")),
        "from __future__ import annotations\n",
    ),
    case(
        "crlf, tabs and form feed stay",
        Add(TIME),
        "import time\r\n\x0c\r\ndef f():\r\n\treturn 1  \r\n",
    ),
    case("replaced by itself", replace(Import("os"), 0), "import os  # noqa\n\nx = 1\n"),
    case(
        "unsorted and replaced by itself", replace(TIME, 0), "import time\nimport sys\nimport os\n"
    ),
]

GROUPS = [
    case(
        "sorted into the standard library",
        Add(THREADING),
        """
        import os
        import time

        import webob
        """,
        """
        import os
        import threading
        import time

        import webob
        """,
    ),
    case("first of its group", Add(Import("abc")), "import os\n", "import abc\nimport os\n"),
    case(
        "last of its group", Add(TIME), "import os\n\nx = 1\n", "import os\nimport time\n\nx = 1\n"
    ),
    case(
        "hacking mixes import and from",
        [Add(FUTURES), Add(TIME)],
        """
        import collections
        from oslo_config import cfg
        import sys

        from oslo_config import cfg
        import webob
        """,
        """
        import collections
        from concurrent import futures
        from oslo_config import cfg
        import sys
        import time

        from oslo_config import cfg
        import webob
        """,
    ),
    case(
        "the other groups tell that import and from are mixed",
        Add(FUTURES),
        """
        import os

        from oslo_config import cfg
        import webob
        """,
        """
        from concurrent import futures
        import os

        from oslo_config import cfg
        import webob
        """,
    ),
    case(
        "isort puts import before from",
        [Add(FUTURES), Add(TIME)],
        """
        import os
        import sys
        from typing import Any

        import webob
        from oslo_config import cfg
        """,
        """
        import os
        import sys
        import time
        from concurrent import futures
        from typing import Any

        import webob
        from oslo_config import cfg
        """,
    ),
    case(
        "from before import",
        [Add(TIME), Add(FUTURES)],
        """
        from unittest import mock
        import json
        import os
        """,
        """
        from concurrent import futures
        from unittest import mock
        import json
        import os
        import time
        """,
    ),
    case(
        "without a hint as isort",
        Add(FUTURES),
        "import os\n",
        "import os\nfrom concurrent import futures\n",
    ),
    case(
        "without a hint, but with oslo, as hacking",
        [Add(FUTURES), Add(THREADING)],
        "import os\n\nfrom oslo_config import cfg\n",
        "from concurrent import futures\nimport os\nimport threading\n\n"
        "from oslo_config import cfg\n",
    ),
    case(
        "what the file shows counts more than oslo",
        Add(FUTURES),
        "import os\nimport sys\nfrom itertools import chain\n\nfrom oslo_config import cfg\n",
        "import os\nimport sys\nfrom concurrent import futures\nfrom itertools import chain\n\n"
        "from oslo_config import cfg\n",
    ),
    case(
        "by full path, whatever the case",
        [Add(Import("Foo.c")), Add(Import("foo.b", "X"))],
        "from foo import a\nimport foo.d\nfrom oslo_log import log\n",
        "from foo import a\nfrom foo.b import X\nimport Foo.c\nimport foo.d\n"
        "from oslo_log import log\n",
    ),
    case(
        "upper case does not sort first",
        Add(Import("copy")),
        "import ConfigParser\nimport os\n\nimport a\n",
        "import ConfigParser\nimport copy\nimport os\n\nimport a\n",
    ),
    case(
        "unsorted group, where it disturbs least",
        Add(QUEUE),
        "import time\nimport copy\nimport os\n",
        "import time\nimport copy\nimport os\nimport queue\n",
    ),
    case(
        "unsorted group, before the first greater",
        Add(Import("json")),
        "import copy\nimport time\nimport os\n",
        "import copy\nimport json\nimport time\nimport os\n",
    ),
    case(
        "new group for the standard library",
        Add(TIME),
        '''
        """Module."""

        import eventlet
        import webob

        from nova import utils
        ''',
        '''
        """Module."""

        import time

        import eventlet
        import webob

        from nova import utils
        ''',
    ),
    case(
        "new group for third parties",
        Add(Import("futurist")),
        """
        import os

        from nova import utils


        def f():
            pass
        """,
        """
        import os

        import futurist

        from nova import utils


        def f():
            pass
        """,
    ),
    case(
        "new group at the end",
        Add(Import("nova", "threads")),
        "import os\n\nimport webob\n\n\nclass A:\n    pass\n",
        "import os\n\nimport webob\n\nfrom nova import threads\n\n\nclass A:\n    pass\n",
    ),
    case(
        "two new groups in one place",
        [Add(Import("futurist")), Add(TIME), Add(QUEUE)],
        "from nova import utils\n",
        "import queue\nimport time\n\nimport futurist\n\nfrom nova import utils\n",
    ),
    case(
        "new group above one that gets a new first import",
        [Add(TIME), Add(Import("futurist"))],
        "from oslo_config import cfg\n\nfrom nova import db\n",
        "import time\n\nimport futurist\nfrom oslo_config import cfg\n\nfrom nova import db\n",
    ),
    case(
        "new group, though another one further down is mixed",
        Add(TIME),
        "import webob\n\nfrom nova import db\nimport six\n",
        "import time\n\nimport webob\n\nfrom nova import db\nimport six\n",
    ),
    case(
        "two new groups below monkey_patch",
        [Add(Import("futurist")), Add(TIME), Add(QUEUE)],
        "import eventlet\neventlet.monkey_patch()\n\n\ndef f():\n    pass\n",
        "import eventlet\neventlet.monkey_patch()\n\nimport queue\nimport time\n\n"
        "import futurist\n\n\ndef f():\n    pass\n",
    ),
    case(
        "relative imports are local",
        Add(Import(".", "helpers")),
        "import os\n\nfrom . import utils\n",
        "import os\n\nfrom . import helpers\nfrom . import utils\n",
    ),
    case(
        "one block without blank lines keeps the sections apart",
        [Add(TIME), Add(Import("six"))],
        "import os\nimport sys\nimport eventlet\nimport webob\nfrom nova import db\n",
        "import os\nimport sys\nimport time\nimport eventlet\nimport six\nimport webob\n"
        "from nova import db\n",
    ),
    case(
        "one block without the section",
        Add(TIME),
        "import eventlet\nfrom nova import utils\n",
        "import time\nimport eventlet\nfrom nova import utils\n",
    ),
    case(
        "one block sorted through all sections",
        Add(TIME),
        "import eventlet\nimport os\nimport requests\nimport sys\nimport webob\n",
        "import eventlet\nimport os\nimport requests\nimport sys\nimport time\nimport webob\n",
    ),
    case(
        "the comment above an import belongs to it",
        Add(Import("json")),
        "import copy\n# os is for getpid\nimport os\n",
        "import copy\nimport json\n# os is for getpid\nimport os\n",
    ),
    case(
        "the comment above the first import belongs to it",
        Add(Import("abc")),
        "x = 1\n\n# os is for getpid\nimport os\n",
        "x = 1\n\nimport abc\n# os is for getpid\nimport os\n",
    ),
    case(
        "a heading stays above its group",
        Add(Import("abc")),
        "# Licence\n\n# Standard library imports\nimport os\n\n# third-party\nimport a\n",
        "# Licence\n\n# Standard library imports\nimport abc\nimport os\n\n# third-party\n"
        "import a\n",
    ),
    case(
        "a new group stands above the heading of the next",
        Add(Import("abc")),
        "# Licence\n\n# third-party\nimport a\n",
        "# Licence\n\nimport abc\n\n# third-party\nimport a\n",
    ),
    case(
        "a licence that touches the import stays on top",
        [Add(Import("abc")), Add(Import("a"))],
        "#!/usr/bin/env python\n# Copyright someone\nimport os\n",
        "#!/usr/bin/env python\n# Copyright someone\nimport abc\nimport os\n\nimport a\n",
    ),
    case(
        "not into a try or a TYPE_CHECKING block",
        Add(TIME),
        """
        from typing import TYPE_CHECKING

        try:
            import ssl
        except ImportError:
            ssl = None

        if TYPE_CHECKING:
            import os
        """,
        """
        import time
        from typing import TYPE_CHECKING

        try:
            import ssl
        except ImportError:
            ssl = None

        if TYPE_CHECKING:
            import os
        """,
    ),
    case(
        "a group far below a function is too late",
        Add(TIME),
        "import webob\n\n\ndef f():\n    pass\n\n\nimport os\n",
        "import time\n\nimport webob\n\n\ndef f():\n    pass\n\n\nimport os\n",
    ),
    case(
        "before its first use",
        Add(TIME),
        "import webob\n\nSTART = time.time()\n\nimport os\nimport sys\n",
        "import time\n\nimport webob\n\nSTART = time.time()\n\nimport os\nimport sys\n",
    ),
    case(
        "rather not between an import and the code that touches it",
        Add(TIME),
        "import sys\nsys.path.insert(0, '.')\n\nimport os\n\nimport webob\n",
        "import sys\nsys.path.insert(0, '.')\n\nimport os\nimport time\n\nimport webob\n",
    ),
    case(
        "same package, same group",
        Add(Import("nova", "threads")),
        "import webob\n\nfrom nova import db\nfrom nova import utils\n",
        "import webob\n\nfrom nova import db\nfrom nova import threads\nfrom nova import utils\n",
    ),
    case(
        "crlf", Add(TIME), "import os\r\n\r\nx = 1\r\n", "import os\r\nimport time\r\n\r\nx = 1\r\n"
    ),
    case("no newline at the end", Add(TIME), "import os", "import os\nimport time"),
    case(
        "lone carriage returns", Add(TIME), "import os\rx = 1\r", "import os\rimport time\rx = 1\r"
    ),
    case(
        "list of names stays as it is by default",
        Add(POOL),
        "from concurrent.futures import wait\n",
        "from concurrent.futures import ThreadPoolExecutor\nfrom concurrent.futures import wait\n",
    ),
    case(
        "joins a list of names where the file has lists",
        [Add(POOL), Add(Import("concurrent.futures", "as_completed"))],
        "from concurrent.futures import Future, wait\n",
        "from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait\n",
    ),
    case(
        "joins a list that loses a name",
        [drop(0, 1), Add(Import("oslo_service", "backend"))],
        "from oslo_service import loopingcall, eventlet_backend, service\n",
        "from oslo_service import backend, loopingcall, service\n",
    ),
    case(
        "two new names of one module make a list where the file has lists",
        [Add(POOL), Add(Import("concurrent.futures", "Future"))],
        "from typing import Any, List\n",
        "from concurrent.futures import Future, ThreadPoolExecutor\nfrom typing import Any, List\n",
    ),
    case(
        "module and names of the module are two statements",
        [Add(PIPE), Add(SUBPROCESS), Add(POPEN), Add(SUBPROCESS_AS_SP)],
        "from typing import Any, List\n",
        "import subprocess\nimport subprocess as sp\nfrom subprocess import PIPE, Popen\n"
        "from typing import Any, List\n",
    ),
    case(
        "a new star stands alone",
        [Add(Import("socket", "*")), Add(AF_INET)],
        "from typing import Any, List\n",
        "from socket import *\nfrom socket import AF_INET\nfrom typing import Any, List\n",
    ),
    case(
        "names that are needed in different places are two statements",
        [Add(AF_INET), Add(SOCK_STREAM)],
        "import eventlet\nfrom typing import Any, List\n\nx = AF_INET\n"
        "eventlet.monkey_patch()\n\nimport sys\n",
        "import eventlet\nfrom socket import AF_INET\nfrom typing import Any, List\n\n"
        "x = AF_INET\neventlet.monkey_patch()\n\nimport sys\nfrom socket import SOCK_STREAM\n",
    ),
    case(
        "a commented list is left alone",
        Add(POOL),
        "from concurrent.futures import Future, wait  # noqa: F401\n",
        "from concurrent.futures import Future, wait  # noqa: F401\n"
        "from concurrent.futures import ThreadPoolExecutor\n",
    ),
]

HEADERS = [
    case("empty file", Add(TIME), "", "import time\n"),
    case("only a comment", Add(TIME), "# Licence\n", "# Licence\n\nimport time\n"),
    case(
        "below the docstring",
        Add(TIME),
        '"""Doc."""\n\nx = 1\n',
        '"""Doc."""\n\nimport time\n\nx = 1\n',
    ),
    case(
        "below a docstring that touches code",
        Add(TIME),
        '"""Doc."""\nx = 1\n',
        '"""Doc."""\n\nimport time\n\nx = 1\n',
    ),
    case("only a docstring", Add(TIME), '"""Doc."""\n', '"""Doc."""\n\nimport time\n'),
    case(
        "two blank lines before a definition",
        Add(TIME),
        "def f():\n    pass\n",
        "import time\n\n\ndef f():\n    pass\n",
    ),
    case(
        "two blank lines before a commented, decorated definition",
        Add(TIME),
        '"""Doc."""\n\n# about f\n@cache\ndef f():\n    pass\n',
        '"""Doc."""\n\nimport time\n\n\n# about f\n@cache\ndef f():\n    pass\n',
    ),
    case(
        "blank lines that are there are used",
        Add(TIME),
        '"""Doc."""\n\n\nclass A:\n    pass\n',
        '"""Doc."""\n\nimport time\n\n\nclass A:\n    pass\n',
    ),
    case(
        "below the future",
        Add(TIME),
        "from __future__ import annotations\n\nx = 1\n",
        "from __future__ import annotations\n\nimport time\n\nx = 1\n",
    ),
    case(
        "below a future import that touches the others",
        Add(TIME),
        "from __future__ import annotations\nimport webob\n",
        "from __future__ import annotations\n\nimport time\n\nimport webob\n",
    ),
    case(
        "future import above the others",
        Add(Import("__future__", "annotations")),
        '"""Doc."""\nimport os\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\n',
    ),
    case(
        "below shebang, cookie and licence",
        Add(TIME),
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n#\n# Licensed to you\n\nx = 'é'\n",
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n#\n# Licensed to you\n\nimport time\n\n"
        "x = 'é'\n",
    ),
    case(
        "below a shebang that touches code",
        Add(TIME),
        "#!/bin/python\nx = 1\n",
        "#!/bin/python\n\nimport time\n\nx = 1\n",
    ),
    case(
        "above the comment of the first statement",
        Add(TIME),
        "# Licence\n\n# What x is.\nx = 1\n",
        "# Licence\n\nimport time\n\n# What x is.\nx = 1\n",
    ),
    case(
        "above a comment that is about the code",
        Add(TIME),
        "# What x is.\nx = 1\n",
        "import time\n\n# What x is.\nx = 1\n",
    ),
    case(
        "only a try with imports",
        Add(TIME),
        "try:\n    import ssl\nexcept ImportError:\n    ssl = None\n",
        "import time\n\ntry:\n    import ssl\nexcept ImportError:\n    ssl = None\n",
    ),
]

PATCHING = [
    case(
        "not between eventlet and monkey_patch",
        Add(TIME),
        "import eventlet\neventlet.monkey_patch()\n",
        "import eventlet\neventlet.monkey_patch()\n\nimport time\n",
    ),
    case(
        "in the group below monkey_patch",
        Add(TIME),
        "import eventlet\neventlet.monkey_patch(os=False)\n\nimport sys\nimport warnings\n\n"
        "import webob\n",
        "import eventlet\neventlet.monkey_patch(os=False)\n\nimport sys\nimport time\n"
        "import warnings\n\nimport webob\n",
    ),
    case(
        "new group below monkey_patch, though there is one above",
        Add(THREADING),
        "import os\nimport sys\n\nimport eventlet\neventlet.patcher.monkey_patch()\n\n"
        "from oslo_utils import encodeutils\n",
        "import os\nimport sys\n\nimport eventlet\neventlet.patcher.monkey_patch()\n\n"
        "import threading\n\n"
        "from oslo_utils import encodeutils\n",
    ),
    case(
        "below monkey_patch, before a definition",
        Add(TIME),
        "import eventlet\n\neventlet.monkey_patch()\n\n\ndef f():\n    pass\n",
        "import eventlet\n\neventlet.monkey_patch()\n\nimport time\n\n\ndef f():\n    pass\n",
    ),
    case(
        "below a conditional monkey_patch",
        Add(TIME),
        "import os\n\nimport eventlet\n\nif os.name != 'nt':\n    eventlet.monkey_patch()\n\n"
        "import sys\n",
        "import os\n\nimport eventlet\n\nif os.name != 'nt':\n    eventlet.monkey_patch()\n\n"
        "import sys\nimport time\n",
    ),
    case(
        "below an import that patches",
        Add(TIME),
        "import nova.monkey_patch  # noqa\n\nimport abc\nimport os\n",
        "import nova.monkey_patch  # noqa\n\nimport abc\nimport os\nimport time\n",
    ),
    case(
        "below the patch of a project",
        Add(TIME),
        "from nova import monkey_patch ; monkey_patch.patch()\n\nimport os\n",
        "from nova import monkey_patch ; monkey_patch.patch()\n\nimport os\nimport time\n",
    ),
    case(
        "in the place of an import that patches, alone in the file",
        [drop(0), Add(TIME)],
        "# Licence\n\nimport nova.monkey_patch  # noqa\n",
        "# Licence\n\nimport time\n",
    ),
    case(
        "backend in the place of eventlet, above init_backend",
        replace(BACKEND, 0),
        "import eventlet\nbackend.init_backend(backend.BackendType.THREADING)\n\nimport sys\n",
        "from oslo_service import backend\n"
        "backend.init_backend(backend.BackendType.THREADING)\n\nimport sys\n",
    ),
    case(
        "neighbours that excuse their place",
        Add(TIME),
        "import eventlet\neventlet.monkey_patch()\n\nimport os  # noqa: E402\n"
        "import sys  # noqa: E402\n",
        "import eventlet\neventlet.monkey_patch()\n\nimport os  # noqa: E402\n"
        "import sys  # noqa: E402\nimport time  # noqa: E402\n",
    ),
    case(
        "neighbours with a bare noqa",
        Add(TIME),
        "import eventlet\neventlet.monkey_patch()\n\nimport sys  # noqa\n\nimport webob  # noqa\n",
        "import eventlet\neventlet.monkey_patch()\n\nimport sys  # noqa\nimport time  # noqa\n"
        "\nimport webob  # noqa\n",
    ),
    case(
        "a noqa that is not about the place",
        Add(TIME),
        "import eventlet\neventlet.monkey_patch()\n\nimport os  # noqa: F401\n"
        "import sys  # noqa: F401\n",
        "import eventlet\neventlet.monkey_patch()\n\nimport os  # noqa: F401\n"
        "import sys  # noqa: F401\nimport time\n",
    ),
    case(
        "no excuse needed at the top",
        Add(TIME),
        "import os  # noqa\nimport sys  # noqa\n",
        "import os  # noqa\nimport sys  # noqa\nimport time\n",
    ),
]

DROPS = [
    case("only statement of the file", drop(0), "import eventlet\n", ""),
    case("no blank line at the top", drop(0), "import eventlet\n\nx = 1\n", "x = 1\n"),
    case("no blank line at the end", drop(1), "import os\n\nimport eventlet\n", "import os\n"),
    case(
        "with its trailing comment",
        drop(1),
        "import os\nimport eventlet  # green\nimport six\n",
        "import os\nimport six\n",
    ),
    case(
        "only member of a group",
        drop(1),
        "import os\n\nimport eventlet\n\nimport nova\n",
        "import os\n\nimport nova\n",
    ),
    case(
        "two blank lines before a definition stay",
        drop(1),
        "import os\n\nimport eventlet\n\n\ndef f():\n    pass\n",
        "import os\n\n\ndef f():\n    pass\n",
    ),
    case(
        "docstring, import, definition",
        drop(0),
        '"""Doc."""\n\nimport eventlet\n\n\nclass A:\n    pass\n',
        '"""Doc."""\n\n\nclass A:\n    pass\n',
    ),
    case(
        "whole group of two",
        [drop(1), drop(2)],
        "import os\n\nimport eventlet\nfrom eventlet import tpool\n\nimport nova\n",
        "import os\n\nimport nova\n",
    ),
    case(
        "only member of a group, before code",
        drop(1),
        "import os\n\nimport eventlet\n\nx = 1\n",
        "import os\n\nx = 1\n",
    ),
    case(
        "only member of a group, below other code",
        drop(1),
        "import os\n\nx = 1\n\nimport eventlet\n\nimport nova\n",
        "import os\n\nx = 1\n\nimport nova\n",
    ),
    case(
        "the last of a group and the first of the next",
        [drop(1), drop(2)],
        "import os\nimport eventlet\n\nimport greenlet\nimport nova\n",
        "import os\n\nimport nova\n",
    ),
    case(
        "two groups in a row",
        [drop(1), drop(2)],
        "import os\n\nimport eventlet\n\nfrom eventlet import tpool\n\nimport nova\n",
        "import os\n\nimport nova\n",
    ),
    case(
        "comments stay",
        drop(1),
        "import os\n\n# NOTE: keep\nimport eventlet\n\nimport nova\n",
        "import os\n\n# NOTE: keep\n\nimport nova\n",
    ),
    case("name of an import list", drop(0, 1), "import os, eventlet\n", "import os\n"),
    case(
        "first name of an import list",
        drop(0),
        "import eventlet, os  # both\n",
        "import os  # both\n",
    ),
    case(
        "middle name",
        drop(0, 1),
        "from eventlet import a, b as c, d\n",
        "from eventlet import a, d\n",
    ),
    case(
        "names at both ends",
        [drop(0), drop(0, 2)],
        "from eventlet import a, b, c\n",
        "from eventlet import b\n",
    ),
    case("all names", [drop(0), drop(0, 1)], "from eventlet import a, b\nx = 1\n", "x = 1\n"),
    case("twice the same", [drop(0), drop(0)], "import eventlet\nimport os\n", "import os\n"),
    case(
        "parentheses on one line",
        drop(0, 1),
        "from eventlet import (a, b,)\n",
        "from eventlet import (a,)\n",
    ),
    case(
        "parentheses, a name on each line",
        drop(0, 1),
        "from eventlet import (  # noqa: F401\n    a,  # first\n    b,  # second\n"
        "    # about c\n    c,\n)\n",
        "from eventlet import (  # noqa: F401\n    a,  # first\n    # about c\n    c,\n)\n",
    ),
    case(
        "parentheses, last name, comma kept",
        drop(0, 1),
        "from eventlet import (\n    a,\n    b,\n)\n",
        "from eventlet import (\n    a,\n)\n",
    ),
    case(
        "parentheses, last name, no comma",
        drop(0, 1),
        "from eventlet import (\n    a,  # first\n    b  # second\n)\n",
        "from eventlet import (\n    a  # first\n)\n",
    ),
    case(
        "hanging names, the first",
        drop(0),
        "from eventlet import (a,\n                      b,\n                      c)\n",
        "from eventlet import (b,\n                      c)\n",
    ),
    case(
        "hanging names, the last",
        drop(0, 2),
        "from eventlet import (a,\n                      b,\n                      c)\n",
        "from eventlet import (a,\n                      b)\n",
    ),
    case(
        "hanging names, the last after a comment",
        drop(0, 1),
        "from eventlet import (a,  # first\n                      b)\n",
        "from eventlet import (a  # first\n                      )\n",
    ),
    case(
        "several names on a line",
        [drop(0, 1), drop(0, 2)],
        "from eventlet import (\n    a, b,\n    c, d  # rest\n)\n",
        "from eventlet import (\n    a,\n    d  # rest\n)\n",
    ),
    case(
        "unusual commas",
        drop(0, 1),
        "from eventlet import (a\n  , b\n  , c)\n",
        "from eventlet import (a\n  , c)\n",
    ),
    case(
        "backslash, the last",
        drop(0, 1),
        "from eventlet import a, \\\n    b\n",
        "from eventlet import a\n",
    ),
    case(
        "backslash, the middle",
        drop(0, 1),
        "from eventlet import a, \\\n    b, \\\n    c\n",
        "from eventlet import a, \\\n    c\n",
    ),
    case(
        "beyond ascii on the line",
        drop(0),
        "x = 'é'; import eventlet, os\n",
        "x = 'é'; import os\n",
    ),
    case("first on the line", drop(0), "import eventlet; import os\n", "import os\n"),
    case(
        "last on the line", drop(1), "import os; import eventlet  # both\n", "import os  # both\n"
    ),
    case(
        "all on the line",
        [drop(0), drop(1)],
        "import eventlet; import greenlet;\nx = 1\n",
        "x = 1\n",
    ),
    case(
        "import before code on the line",
        drop(0),
        "import eventlet; eventlet = 1\n",
        "eventlet = 1\n",
    ),
    case(
        "crlf",
        drop(1),
        "import os\r\n\r\nimport eventlet\r\n\r\nx = 1\r\n",
        "import os\r\n\r\nx = 1\r\n",
    ),
    case(
        "only statement of a function",
        drop(0),
        "def f():\n    import eventlet  # late\n\n\nx = 1\n",
        "def f():\n    pass\n\n\nx = 1\n",
    ),
    case(
        "first statement of a function",
        drop(0),
        "def f():\n    import eventlet\n\n    return 1\n",
        "def f():\n    return 1\n",
    ),
    case(
        "two imports are all of a function",
        [drop(0), drop(1)],
        "def f():\n    import eventlet\n\n    import greenlet\n",
        "def f():\n    pass\n",
    ),
    case("guard on one line", drop(0), "if x: import eventlet\n", "if x: pass\n"),
    case(
        "else",
        drop(1),
        "if x:\n    import a\nelse:\n    import b\n",
        "if x:\n    import a\nelse:\n    pass\n",
    ),
    case(
        "guard",
        drop(0),
        "if x:\n    # why\n    import eventlet\ny = 1\n",
        "if x:\n    # why\n    pass\ny = 1\n",
    ),
    case(
        "TYPE_CHECKING goes whole",
        drop(2),
        "import os\n\nimport typing\n\nif typing.TYPE_CHECKING:\n    import eventlet\n\nx = 1\n",
        "import os\n\nimport typing\n\nx = 1\n",
    ),
    case(
        "TYPE_CHECKING with something else stays",
        drop(0),
        "if TYPE_CHECKING:\n    import eventlet\n    import os\n",
        "if TYPE_CHECKING:\n    import os\n",
    ),
    case(
        "TYPE_CHECKING with else gets pass",
        drop(0),
        "if TYPE_CHECKING:\n    import eventlet\nelse:\n    eventlet = None\n",
        "if TYPE_CHECKING:\n    pass\nelse:\n    eventlet = None\n",
    ),
    case(
        "statements count in source order at every level",
        drop(2),
        "import a\ndef f():\n    import b\n    if a:\n        import eventlet, c\nimport d\n",
        "import a\ndef f():\n    import b\n    if a:\n        import c\nimport d\n",
    ),
]

REPLACEMENTS = [
    case(
        "in its place",
        replace(TIME, 1),
        "import os\nimport eventlet\n\nx = 1\n",
        "import os\nimport time\n\nx = 1\n",
    ),
    case(
        "the trailing comment stays",
        replace(SOCKET, 1),
        "import os\nfrom eventlet.green import socket   # noqa\n",
        "import os\nimport socket   # noqa\n",
    ),
    case(
        "the trailing comment moves along",
        replace(SOCKET, 2),
        "import os\nimport sys\n\nfrom eventlet.green import socket  # noqa\nimport webob\n",
        "import os\nimport socket  # noqa\nimport sys\n\nimport webob\n",
    ),
    case(
        "only import of its group",
        replace(TIME, 1),
        "import os\n\nimport eventlet\n\nfrom . import utils\n",
        "import os\nimport time\n\nfrom . import utils\n",
    ),
    case(
        "only import of the file",
        replace(TIME, 0),
        "#!/usr/bin/env python\n# licence\nimport eventlet\ntime.sleep(1)\n",
        "#!/usr/bin/env python\n# licence\nimport time\ntime.sleep(1)\n",
    ),
    case(
        "its group becomes the standard library's",
        replace(THREADING, 0),
        '"""Doc."""\n\n\nfrom eventlet.green import threading\n\nfrom . import utils\n\n\n'
        "def f():\n    pass\n",
        '"""Doc."""\n\n\nimport threading\n\nfrom . import utils\n\n\ndef f():\n    pass\n',
    ),
    case(
        "two names, two modules",
        [replace(SOCKET, 1, 0), replace(Import("ssl"), 1, 1)],
        "import os\nfrom eventlet.green import socket, ssl\n",
        "import os\nimport socket\nimport ssl\n",
    ),
    case(
        "two names, one comment",
        [replace(SOCKET, 0, 0), replace(Import("ssl"), 0, 1)],
        "from eventlet.green import socket, ssl  # noqa\n",
        "import socket  # noqa\nimport ssl  # noqa\n",
    ),
    case(
        "one name by two imports",
        [replace(TIME, 0), replace(THREADING, 0)],
        "import eventlet  # green\n\nx = 1\n",
        "import threading\nimport time  # green\n\nx = 1\n",
    ),
    case(
        "a module and names of it",
        [
            replace(SOCKET, 0),
            replace(AF_INET, 1, 0),
            replace(SOCK_STREAM, 1, 1),
            replace(TIMEOUT, 2),
        ],
        """
        import eventlet.green.socket as socket
        from eventlet.green.socket import AF_INET, SOCK_STREAM
        from eventlet.green.socket import timeout as SocketTimeout


        x = 1
        """,
        """
        import socket
        from socket import AF_INET, SOCK_STREAM
        from socket import timeout as SocketTimeout


        x = 1
        """,
    ),
    case(
        "a module, the same by another name, and names of it",
        [
            drop(0),
            replace(SUBPROCESS, 1),
            replace(SUBPROCESS_AS_SP, 2),
            replace(PIPE, 3, 0),
            replace(POPEN, 3, 1),
        ],
        """
        import eventlet.green.subprocess
        from eventlet.green import subprocess
        from eventlet.green import subprocess as sp
        from eventlet.green.subprocess import PIPE, Popen
        """,
        """
        import subprocess
        import subprocess as sp
        from subprocess import PIPE, Popen
        """,
    ),
    case(
        "a module beside names of it that are there",
        [replace(SOCKET, 1), replace(AF_INET, 2)],
        "from socket import SOCK_STREAM, timeout\nfrom eventlet.green import socket\n"
        "from eventlet.green.socket import AF_INET\n",
        "import socket\nfrom socket import AF_INET, SOCK_STREAM, timeout\n",
    ),
    case(
        "a commented list of names",
        [replace(PIPE, 0, 0), replace(POPEN, 0, 1)],
        "from eventlet.green.subprocess import PIPE, Popen  # noqa\n",
        "from subprocess import PIPE, Popen  # noqa\n",
    ),
    case(
        "a new group below one that goes",
        [Add(SOCKET), drop(0), drop(1)],
        '"""Doc."""\n\nfrom __future__ import annotations\nimport os\nimport a.b\n',
        '"""Doc."""\n\nimport socket\n\nimport a.b\n',
    ),
    case(
        "two names in the place of one, where nothing is sorted",
        [replace(TIME, 1), replace(Import("abc"), 1)],
        "import sys\nimport eventlet\nimport os\nimport abc.x as y\n",
        "import sys\nimport abc\nimport time\nimport os\nimport abc.x as y\n",
    ),
    case(
        "one of two names",
        replace(SOCKET, 0, 0),
        "from eventlet.green import socket, zmq\n",
        "import socket\n\nfrom eventlet.green import zmq\n",
    ),
    case(
        "already there",
        replace(SOCKET, 1),
        "import socket\nfrom eventlet.green import socket\n",
        "import socket\n",
    ),
    case(
        "both by the same",
        [replace(TIME, 0), replace(TIME, 1)],
        "import eventlet\nfrom eventlet import sleep\n",
        "import time\n",
    ),
    case(
        "with an alias",
        replace(Import("queue", None, "queue_lib"), 1),
        "import os\nfrom eventlet import queue\n",
        "import os\nimport queue as queue_lib\n",
    ),
    case(
        "in a function",
        replace(SOCKET, 0),
        "def f():\n\tfrom eventlet.green import (\n\t\tsocket,\n\t)  # late\n\treturn socket\n",
        "def f():\n\timport socket  # late\n\treturn socket\n",
    ),
    case(
        "one of two names in a function",
        replace(SOCKET, 0, 0),
        "def f():\n    from eventlet.green import socket, zmq\n",
        "def f():\n    from eventlet.green import zmq\n    import socket\n",
    ),
    case(
        "several in a function",
        [replace(SOCKET, 0, 0), replace(TIME, 0, 1)],
        "def f():\n    from eventlet.green import socket, time\n    return socket\n",
        "def f():\n    import socket\n    import time\n    return socket\n",
    ),
    case(
        "both by the same in a function",
        [replace(TIME, 0), replace(TIME, 1)],
        "def f():\n    import eventlet\n    from eventlet import sleep\n    return time\n",
        "def f():\n    import time\n    return time\n",
    ),
    case(
        "in a function that has it already",
        replace(SOCKET, 1),
        "def f():\n    import socket\n    from eventlet.green import socket\n    return socket\n",
        "def f():\n    import socket\n    return socket\n",
    ),
    case(
        "on one line with its if",
        replace(TIME, 0),
        "if x: import eventlet; y = 1\n",
        "if x: import time; y = 1\n",
    ),
    case(
        "in a try",
        replace(SOCKET, 0),
        "try:\n    from eventlet.green import socket\nexcept ImportError:\n    socket = None\n",
        "try:\n    import socket\nexcept ImportError:\n    socket = None\n",
    ),
    case(
        "many at once",
        [drop(2), replace(QUEUE, 3), replace(THREADING, 4), Add(TIME)],
        """
        import os
        import sys

        import eventlet
        from eventlet import queue
        from eventlet.green import threading
        from oslo_config import cfg
        import webob

        from nova import utils
        """,
        """
        import os
        import queue
        import sys
        import threading
        import time

        from oslo_config import cfg
        import webob

        from nova import utils
        """,
    ),
]

FOLDS = [
    case(
        "in its place when it has comments",
        FoldTry(1),
        """
        import os

        try:
            # green, please
            from eventlet.green import socket, ssl
        except ImportError:  # pragma: no cover
            # plain
            import socket  # noqa
            import ssl

        x = 1
        """,
        """
        import os

        # green, please
        # plain
        import socket  # noqa
        import ssl

        x = 1
        """,
    ),
    case(
        "sorted into the group otherwise",
        FoldTry(2),
        "import os\nimport time\n\ntry:\n    from eventlet.green import socket\n"
        "except ImportError:\n    import socket\n\nx = 1\n",
        "import os\nimport socket\nimport time\n\nx = 1\n",
    ),
    case(
        "already imported",
        FoldTry(1),
        "import socket\n\ntry:\n    from eventlet.green import socket\nexcept ImportError:\n"
        "    import socket\n\nx = 1\n",
        "import socket\n\nx = 1\n",
    ),
    case(
        "drop within is satisfied",
        [drop(0), FoldTry(0)],
        "try:\n    import eventlet\nexcept ImportError:\n    import time\n\nx = 1\n",
        "import time\n\nx = 1\n",
    ),
    case(
        "in a function, with the except on one line",
        [FoldTry(0), drop(2)],
        "def f():\n\ttry: from eventlet.green import os\n"
        "\texcept (ImportError, OSError): import os  # yes\n\timport a\n\treturn os\n",
        "def f():\n\timport os  # yes\n\treturn os\n",
    ),
]


@pytest.mark.parametrize(
    ("before", "requests", "after"),
    UNCHANGED + GROUPS + HEADERS + PATCHING + DROPS + REPLACEMENTS + FOLDS,
)
def test_plan(before: str, requests: list[Request], after: str) -> None:
    assert plan_imports(before, requests, first_party=frozenset({"nova"})) == after


@pytest.mark.parametrize(
    ("text", "requests", "line"),
    [
        pytest.param("import\n", [Add(TIME)], 1, id="not python"),
        pytest.param("x = '\0'\n", [Add(TIME)], None, id="nul"),
        pytest.param("import os\n", [drop(1)], None, id="no such statement"),
        pytest.param("x = 1\nimport os\n", [drop(0, 1)], 2, id="no such name"),
        pytest.param("import os\n", [FoldTry(0)], 1, id="nothing to fold"),
        pytest.param(
            "try:\n    import eventlet\nexcept ImportError:\n    eventlet = None\n",
            [drop(0)],
            2,
            id="drop in a try",
        ),
        pytest.param(
            "try:\n    import green\nexcept (ImportError, OSError):\n    import eventlet\n",
            [drop(1)],
            4,
            id="drop in an except",
        ),
        pytest.param(
            "try:\n    import eventlet\nexcept ImportError:\n    eventlet = None\n",
            [FoldTry(0)],
            2,
            id="the except body is not imports",
        ),
        pytest.param(
            "try:\n    import eventlet\nexcept OSError:\n    import time\n",
            [FoldTry(0)],
            2,
            id="another exception",
        ),
        pytest.param(
            "try:\n    import eventlet\nexcept ImportError:\n    import time\nelse:\n    x = 1\n",
            [FoldTry(0)],
            2,
            id="try with else",
        ),
        pytest.param(
            "try:\n    import eventlet\nexcept ImportError:\n    import time\n",
            [FoldTry(0), replace(TIME, 0)],
            2,
            id="replaced and folded away",
        ),
        pytest.param("from nova import queue\n", [Add(QUEUE)], 1, id="name taken by an import"),
        pytest.param("import a\nqueue = 1\n", [Add(QUEUE)], 2, id="name taken by a value"),
        pytest.param("def time():\n    pass\n", [Add(TIME)], 1, id="name taken by a function"),
        pytest.param(
            "", [Add(QUEUE), Add(Import("eventlet", "queue"))], None, id="two for one name"
        ),
    ],
)
def test_refuses(text: str, requests: list[Request], line: int | None) -> None:
    with pytest.raises(ImportPlanError) as caught:
        plan_imports(text, requests)
    assert caught.value.line == line


def test_one_per_line_never_joins_a_list() -> None:
    text = "from concurrent.futures import Future, wait\n"
    after = text + "from concurrent.futures import ThreadPoolExecutor\n"
    assert plan_imports(text, [Add(POOL)], one_per_line=True) == after


def test_one_per_line_sorts_as_hacking_does_where_the_file_does_not_tell() -> None:
    after = "from concurrent import futures\nimport os\n"
    assert plan_imports("import os\n", [Add(FUTURES)], one_per_line=True) == after


def test_long_elif_chains_do_not_exhaust_the_stack() -> None:
    text = "if a: pass\n" + "elif a: pass\n" * 2000
    try:
        ast.parse(text)
    except (RecursionError, MemoryError):
        pytest.skip("too much for this interpreter's own parser")
    assert plan_imports(text, [Add(TIME)]).startswith("import time\n\nif a")


# --- what always holds ------------------------------------------------------------------------

CHUNKS = [
    "import os",
    "import sys  # noqa",
    "import abc, json",
    "import a.b.c",
    "import copy; import re",
    "import eventlet",
    "from eventlet import spawn, sleep as zzz",
    "from eventlet.green import (\n    socket,  # plain\n    ssl\n)",
    "from eventlet.green import (os,\n                            select)",
    "from eventlet import tpool, \\\n    wsgi",
    "import oslo_config\nfrom oslo_log import log",
    "import eventlet.green.socket as socket",
    "from eventlet.green.socket import AF_INET, SOCK_STREAM",
    "from eventlet.green.socket import (\n    timeout as SocketTimeout,  # why\n)",
    "import eventlet.green.subprocess",
    "from eventlet.green import subprocess as sp; sp.x = 1",
    "from eventlet.green.subprocess import PIPE, Popen  # noqa",
    "from socket import AF_UNIX, gaierror",
    "def g():\n    from eventlet.green.socket import error\n    from eventlet.green import socket",
    "from . import helpers",
    "from nova import db  # noqa: E402",
    "# a comment",
    "# Licensed to someone",
    "# third-party",
    "",
    "",
    "",
    "x = 1",
    "eventlet.monkey_patch()",
    "if x: import late",
    "if TYPE_CHECKING:\n    # for annotations\n    from eventlet import GreenPool",
    "try:\n    import simplejson\nexcept ImportError:\n    simplejson = None",
    "def f():\n    import eventlet.queue\n\n    from eventlet import event; return 'é'",
    "class A:\n    '''Doc.'''\n    from eventlet import Queue  # one",
]
HEADS = ["", "#!/usr/bin/env python\n", '"""Doc."""\n', "# Copyright\n\n'''Doc.'''\n\n"]
FUTURE = ["", "from __future__ import annotations\n"]


@st.composite
def modules(draw: st.DrawFn) -> str:
    body = "\n".join(draw(st.lists(st.sampled_from(CHUNKS), max_size=14)))
    text = draw(st.sampled_from(HEADS)) + draw(st.sampled_from(FUTURE)) + body
    text += draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


IMPORTS = [TIME, THREADING, FUTURES, POOL, BACKEND, Import("nova", "threads"), Import(".", "own")]
wanted = st.lists(st.sampled_from(IMPORTS), min_size=1, unique=True)


def statements(text: str) -> list[ast.Import | ast.ImportFrom]:
    found = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def bound(text: str) -> list[tuple[int, str | None, str, str | None]]:
    return [
        (getattr(node, "level", 0), getattr(node, "module", None), alias.name, alias.asname)
        for node in statements(text)
        for alias in node.names
    ]


def as_tuple(new: Import) -> tuple[int, str | None, str, str | None]:
    if new.name is None:
        return (0, None, new.module, new.alias)
    level = len(new.module) - len(new.module.lstrip("."))
    return (level, new.module[level:] or None, new.name, new.alias)


def other_lines(text: str) -> list[str]:
    """Every line but blank ones, ``pass`` and those with imports (of which comments go too)."""
    lines = text.splitlines()
    of_imports = {
        line
        for node in statements(text)
        for line in range(node.lineno - 1, node.end_lineno or node.lineno)
    }
    rest = [line.strip() for index, line in enumerate(lines) if index not in of_imports]
    return [line for line in rest if line and not re.fullmatch(r"(if .*: ?)?pass|if T.*:", line)]


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


Pair = tuple[tuple[str, ...], str, str]  # block, local name, dotted path


def pairs(block: tuple[str, ...], new: Import) -> set[Pair]:
    """What an import binds; ``import a.b`` binds ``a``, through which ``a.b`` is reached."""
    if new.name is not None:
        path = f"{new.module.rstrip('.')}.{new.name}"
        return {(block, new.alias or new.name, "." * (new.module[:1] == ".") + path)}
    if new.alias is not None:
        return {(block, new.alias, new.module)}
    parts = new.module.split(".")
    return {(block, parts[0], ".".join(parts[: end + 1])) for end in range(len(parts))}


def imports_in_blocks(text: str) -> list[list[tuple[tuple[str, ...], Import]]]:
    """The names of each import statement, with the block that it stands in."""
    found: list[tuple[int, int, list[tuple[tuple[str, ...], Import]]]] = []

    def visit(node: ast.AST, block: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                news = [Import(alias.name, None, alias.asname) for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                module = "." * child.level + (child.module or "")
                news = [Import(module, alias.name, alias.asname) for alias in child.names]
            else:
                visit(child, (*block, getattr(child, "name", None) or type(child).__name__))
                continue
            found.append((child.lineno, child.col_offset, [(block, new) for new in news]))

    visit(ast.parse(text), ())
    return [names for *_, names in sorted(found, key=lambda entry: entry[:2])]


def expected_pairs(text: str, requests: list[Request]) -> set[Pair]:
    """Old, without what is dropped or replaced, and with what is added."""
    names = imports_in_blocks(text)
    targets = {request.target for request in requests if isinstance(request, Drop | Replace)}
    result = set()
    for number, statement in enumerate(names):
        for index, (block, old) in enumerate(statement):
            if Target(number, index) not in targets:
                result |= pairs(block, old)
    for request in requests:
        if isinstance(request, Replace):
            block, _ = names[request.target.statement][request.target.alias]
            result |= pairs(block, request.new)
        elif isinstance(request, Add):
            result |= pairs((), request.new)
    return result


def actual_pairs(text: str) -> set[Pair]:
    names = (name for statement in imports_in_blocks(text) for name in statement)
    return {pair for block, new in names for pair in pairs(block, new)}


def bound_twice(wanted: set[Pair]) -> bool:
    """Whether a name stands for two things at module level."""
    meanings: dict[str, set[str]] = {}
    for block, local, path in wanted:
        if not block:
            top = local if path.startswith(local + ".") else path
            meanings.setdefault(local, set()).add(top)
    return any(len(paths) > 1 for paths in meanings.values()) or "x" in meanings


RELATED = [
    SOCKET,
    AF_INET,
    SOCK_STREAM,
    TIMEOUT,
    SUBPROCESS,
    SUBPROCESS_AS_SP,
    PIPE,
    POPEN,
    FUTURES,
    POOL,
    Import("concurrent.futures"),
    Import("concurrent"),
    Import("os.path"),
    Import("queue", None, "socket"),
    *IMPORTS,
]


@st.composite
def modules_with_requests(draw: st.DrawFn) -> tuple[str, list[Request]]:
    """Any mixture of requests, one at most for a name."""
    text = draw(modules())
    requests: list[Request] = [Add(new) for new in draw(st.lists(st.sampled_from(RELATED)))]
    for number, statement in enumerate(imports_in_blocks(text)):
        for index, (block, _) in enumerate(statement):
            kind = draw(st.sampled_from(["keep", "drop", "replace"]))
            if kind == "replace":
                requests.append(replace(draw(st.sampled_from(RELATED)), number, index))
            elif kind == "drop" and "Try" not in block:
                requests.append(drop(number, index))
    return text, draw(st.permutations(requests))


@given(modules_with_requests(), st.booleans())
@settings(max_examples=600, deadline=None)
def test_imports_bind_what_was_asked_for_and_nothing_else(
    planned: tuple[str, list[Request]], one_per_line: bool
) -> None:
    text, requests = planned
    wanted = expected_pairs(text, requests)
    try:
        result = plan_imports(text, requests, one_per_line=one_per_line)
    except ImportPlanError as error:
        assert "is bound" in error.message
        assert bound_twice(wanted)
    else:
        assert actual_pairs(result) == wanted


def native(old: Import) -> Import | None:
    """What an import of eventlet.green is replaced by."""
    if old.module == "eventlet.green" and old.name:
        return Import(old.name, None, old.alias)
    module = old.module.removeprefix("eventlet.green.")
    if module == old.module:
        return None
    return Import(module, old.name, old.alias)


@given(modules(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_leaving_eventlet_green(text: str, one_per_line: bool) -> None:
    requests: list[Request] = []
    for number, statement in enumerate(imports_in_blocks(text)):
        for index, (_, old) in enumerate(statement):
            if new := native(old):
                requests.append(replace(new, number, index))
    result = plan_imports(text, requests, one_per_line=one_per_line)
    assert "eventlet.green" not in result
    assert actual_pairs(result) == expected_pairs(text, requests)
    assert is_subsequence(other_lines(text), other_lines(result))


STDLIB_LINES = [
    "import os",
    "from unittest import mock",
    "import Queue",
    "import sys",
    "import abc",
]
OTHER_LINES = [
    "from oslo_log import log",
    "import eventlet",
    "from eventlet import sleep",
    "import webob",
]
OWN_LINES = ["import nova.conf", "from nova import db as api", "from nova.I18n import _"]


def by_hacking(line: str) -> str:
    """What H306 compares: the full path in lower case."""
    words = line.lower().split()
    return words[1] if words[0] == "import" else f"{words[1]}.{words[3]}"


@st.composite
def sorted_modules(draw: st.DrawFn) -> str:
    lines = [
        draw(st.lists(st.sampled_from(STDLIB_LINES), unique=True)),
        ["from oslo_config import cfg", *draw(st.lists(st.sampled_from(OTHER_LINES), unique=True))],
        draw(st.lists(st.sampled_from(OWN_LINES), unique=True)),
    ]
    groups = ["\n".join(sorted(group, key=by_hacking)) for group in lines if group]
    return "\n\n".join(groups) + draw(
        st.sampled_from(["\n", "\n\nx = 1\n", "\n\n\ndef f(): pass\n"])
    )


@given(sorted_modules(), st.lists(st.sampled_from(IMPORTS), unique=True), st.data())
@settings(max_examples=400, deadline=None)
def test_what_hacking_has_sorted_stays_sorted(
    text: str, news: list[Import], data: st.DataObject
) -> None:
    requests: list[Request] = [Add(new) for new in news]
    for number, [(_, old)] in enumerate(imports_in_blocks(text)):
        if old.module == "eventlet":
            new = data.draw(st.sampled_from([None, *IMPORTS]))
            requests.append(replace(new, number) if new else drop(number))
    result = plan_imports(text, requests, first_party=frozenset({"nova"}))
    for block in result.split("\n\n"):
        lines = [line for line in block.splitlines() if re.match(r"import |from \S+ import ", line)]
        assert [by_hacking(line) for line in lines] == sorted(map(by_hacking, lines))
    assert not re.search(r"\n\n\n(?!def)", result)
    assert not result.startswith("\n")


@given(sorted_modules(), st.sets(st.integers(0, 12)))
@settings(max_examples=300, deadline=None)
def test_dropping_keeps_groups_apart(text: str, gone: set[int]) -> None:
    count = len(statements(text))
    blocks: list[list[str]] = [[]]
    number = 0
    for line in text.splitlines():
        if not line:
            blocks.append([])
        elif not re.match("import |from ", line):
            blocks[-1].append(line)
        else:
            if number not in gone:
                blocks[-1].append(line)
            number += 1
    result = plan_imports(text, [drop(number) for number in gone if number < count])
    assert re.split(r"\n{2,}", result.strip("\n")) == (
        ["\n".join(block) for block in blocks if block] or [""]
    )


def wide_gaps(text: str) -> int:
    """How often two blank lines or more stand above something else than a definition."""
    plain = text.replace("\r\n", "\n")
    comments = r"(?:#[^\n]*\n[ \t\f\n]*)*"  # they belong to what stands below
    return len(re.findall(rf"\n(?:[ \t\f]*\n){{2,}}(?!{comments}(?:def|class|\Z)|\s)", plain))


@example(
    planned=("\n\nfrom eventlet.green import subprocess; x = 1", [Add(new=Import("socket"))]),
)
@example(
    planned=(
        "'''Doc.'''\n\n\n# a comment\nimport os\nimport a.b.c",
        [Add(new=Import("socket")), Drop(target=Target(statement=0, alias=0))],
    ),
)
@given(modules_with_requests())
@settings(max_examples=400, deadline=None)
def test_no_double_blank_line_is_left(planned: tuple[str, list[Request]]) -> None:
    text, requests = planned
    try:
        result = plan_imports(text, requests)
    except ImportPlanError:
        return
    assert wide_gaps(result) <= wide_gaps(text)


@given(modules(), wanted, st.booleans())
@settings(max_examples=400, deadline=None)
def test_adding(text: str, news: list[Import], one_per_line: bool) -> None:
    result = plan_imports(text, list(map(Add, news)), one_per_line=one_per_line)
    before, after = bound(text), bound(result)
    assert sorted(map(repr, after)) == sorted(map(repr, [*before, *map(as_tuple, news)]))
    assert [name for name in after if name in before] == before
    if one_per_line:  # else a name may join a list
        assert is_subsequence(text.splitlines(), result.splitlines())
    assert ("\r\n" in result) == ("\r\n" in text) or "\n" not in text
    assert other_lines(result) == other_lines(text)
    assert plan_imports(result, list(map(Add, news)), one_per_line=one_per_line) == result


@given(modules(), wanted)
@settings(max_examples=200, deadline=None)
def test_the_order_of_requests_does_not_matter(text: str, news: list[Import]) -> None:
    requests = list(map(Add, news))
    assert plan_imports(text, requests) == plan_imports(text, requests[::-1])


@given(modules(), st.sampled_from(IMPORTS))
@settings(max_examples=200, deadline=None)
def test_adding_and_dropping_leaves_only_blank_lines(text: str, new: Import) -> None:
    added = plan_imports(text, [Add(new)], one_per_line=True)
    place = next(
        index
        for index, node in enumerate(statements(added))
        if as_tuple(new) in bound(ast.unparse(node))
    )
    dropped = plan_imports(added, [drop(place)])
    assert [line for line in dropped.splitlines() if line] == [
        line for line in text.splitlines() if line
    ]


@given(modules())
@settings(max_examples=200, deadline=None)
def test_nothing_new_stands_between_eventlet_and_its_patching(text: str) -> None:
    result = plan_imports(text, [Add(TIME)])
    lines = result.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("import time"))
    # Whatever patches before the first definition also patches before the new import.
    head = next(
        (i for i, line in enumerate(lines) if line.startswith(("def ", "class "))), len(lines)
    )
    assert "eventlet.monkey_patch()" not in lines[place:head]


@given(modules(), st.data())
@settings(max_examples=400, deadline=None)
def test_dropping(text: str, data: st.DataObject) -> None:
    targets = [
        Target(number, index)
        for number, node in enumerate(statements(text))
        for index, alias in enumerate(node.names)
        if alias.name != "simplejson"
    ]
    chosen = data.draw(st.lists(st.sampled_from(targets), unique=True) if targets else st.just([]))
    result = plan_imports(text, list(map(Drop, chosen)))
    gone = {(target.statement, target.alias) for target in chosen}
    kept = [
        (getattr(node, "level", 0), getattr(node, "module", None), alias.name, alias.asname)
        for number, node in enumerate(statements(text))
        for index, alias in enumerate(node.names)
        if (number, index) not in gone
    ]
    assert bound(result) == kept
    before, after = other_lines(text), other_lines(result)
    assert [line for line in after if line.startswith("#")] == [
        line for line in before if line.startswith("#")
    ]
    assert is_subsequence(before, after)


@given(modules())
@settings(max_examples=300, deadline=None)
def test_replacing_every_name_of_eventlet(text: str) -> None:
    requests: list[Request] = []
    kept = []
    for number, node in enumerate(statements(text)):
        for index, alias in enumerate(node.names):
            name = (getattr(node, "module", None) or alias.name).partition(".")[0]
            if name == "eventlet" and not getattr(node, "level", 0):
                requests.append(replace(THREADING, number, index))
            else:
                kept.append(alias.name)
    result = plan_imports(text, requests)
    names = [name for _, _, name, _ in bound(result)]
    assert [name for name in names if name != "threading"] == kept
    assert ("threading" in names) == bool(requests)
    assert names.count("threading") <= len(requests)
    assert is_subsequence(other_lines(text), other_lines(result))

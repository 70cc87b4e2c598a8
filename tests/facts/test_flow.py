"""Where objects go: each way on which they are followed, and what ends or spoils it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.facts import Handle, Project, gather


def handles_of(source: str) -> list[Handle]:
    text = "import eventlet\n" + textwrap.dedent(source).lstrip("\n")
    return gather("mod.py", text, Project()).handles


def waits_of(handle: Handle) -> list[int]:
    return [use.line for use in handle.uses if use.attribute == "wait"]


# --- one file: every wait() is one of the green thread that is made ------------------------------

TRAVELS = {
    # names
    "a name": "gt = eventlet.spawn(f)\ngt.wait()",
    "two names at once": "a = b = eventlet.spawn(f)\na.wait()\nb.wait()",
    "another name": "a = eventlet.spawn(f)\nb = a\nb.wait()",
    "an annotation": "gt: object = eventlet.spawn(f)\ngt.wait()",
    "a walrus": "if (gt := eventlet.spawn(f)) is not None:\n    gt.wait()",
    "a walrus, at once": "(gt := eventlet.spawn(f)).wait()",
    "None before": "gt = None\ngt = eventlet.spawn(f)\nif gt is not None:\n    gt.wait()",
    "None or it": "gt = eventlet.spawn(f) if f else None\ngt.wait()",
    "it and then": "gt = eventlet.spawn(f)\nif gt and gt.wait():\n    pass",
    "a global": """
        gt = None
        def start():
            global gt
            gt = eventlet.spawn(f)
        def wait():
            gt.wait()
        """,
    "a nonlocal": """
        def outer():
            gt = None
            def start():
                nonlocal gt
                gt = eventlet.spawn(f)
            start()
            gt.wait()
        """,
    "a closure": """
        def outer():
            gt = eventlet.spawn(f)
            def wait():
                def inner():
                    return gt.wait()
                return inner
            return wait
        """,
    "a lambda": "gt = eventlet.spawn(f)\nlater = lambda: gt.wait()",
    # containers
    "a tuple, unpacked": "a, b = eventlet.spawn(f), eventlet.spawn(f)\na.wait()\nb.wait()",
    "a tuple, unpacked in place": "a, (b, c) = 1, (eventlet.spawn(f), 2)\nb.wait()",
    "an item of a tuple": "pair = ('name', eventlet.spawn(f))\npair[1].wait()",
    "a starred target": "a, *b = [eventlet.spawn(f)]\na.wait()\nb[0].wait()",
    "a list": "gts = [eventlet.spawn(f)]\ngts[0].wait()\nfor gt in gts:\n    gt.wait()",
    "a slice": "gts = [eventlet.spawn(f)]\nfor gt in gts[1:]:\n    gt.wait()",
    "a list, appended to": "gts = []\ngts.append(eventlet.spawn(f))\ngts.pop().wait()",
    "a list, inserted into": "gts = []\ngts.insert(0, eventlet.spawn(f))\ngts[0].wait()",
    "a list, extended": "gts = []\ngts.extend([eventlet.spawn(f)])\ngts[0].wait()",
    "a list, extended lazily": """
        gts = []
        gts.extend(eventlet.spawn(f) for _ in range(3))
        for gt in gts:
            gt.wait()
        """,
    "a list, added to": "gts = []\ngts += [eventlet.spawn(f)]\ngts[0].wait()",
    "a list in a list": "gts = [[eventlet.spawn(f)]]\ngts[0][0].wait()",
    "a starred list in a list": "a = [eventlet.spawn(f)]\nb = [*a]\nb[0].wait()",
    "a copy of a list": "gts = [eventlet.spawn(f)]\nfor gt in gts.copy():\n    gt.wait()",
    "list() of a list": "gts = [eventlet.spawn(f)]\nfor gt in list(gts):\n    gt.wait()",
    "sorted, reversed": """
        gts = [eventlet.spawn(f)]
        for gt in reversed(gts):
            gt.wait()
        sorted(gts)[0].wait()
        """,
    "a set": "gts = set()\ngts.add(eventlet.spawn(f))\nfor gt in gts:\n    gt.wait()",
    "a deque": """
        from collections import deque
        gts = deque()
        gts.append(eventlet.spawn(f))
        gts.popleft().wait()
        """,
    "a queue": """
        import queue
        gts = queue.Queue()
        gts.put(eventlet.spawn(f))
        gts.get().wait()
        gts.get_nowait().wait()
        """,
    "a dict": "gts = {'a': eventlet.spawn(f)}\ngts['a'].wait()\ngts.get('a').wait()",
    "a dict, filled": "gts = {}\ngts['a'] = eventlet.spawn(f)\ngts.pop('a').wait()",
    "values of a dict": "gts = {1: eventlet.spawn(f)}\nfor gt in gts.values():\n    gt.wait()",
    "items of a dict": "gts = {1: eventlet.spawn(f)}\nfor k, gt in gts.items():\n    gt.wait()",
    "an item of a dict, by popitem": "gts = {1: eventlet.spawn(f)}\n_, a = gts.popitem()\na.wait()",
    "setdefault": "gts = {}\ngt = gts.setdefault(1, eventlet.spawn(f))\ngt.wait()\ngts[1].wait()",
    "a list in a dict": """
        gts = {}
        gts.setdefault(1, []).append(eventlet.spawn(f))
        for several in gts.values():
            for gt in several:
                gt.wait()
        """,
    "a defaultdict of lists": """
        import collections
        gts = collections.defaultdict(list)
        gts[1].append(eventlet.spawn(f))
        for gt in gts[1]:
            gt.wait()
        """,
    "a list comprehension": "gts = [eventlet.spawn(f) for _ in x]\n[gt.wait() for gt in gts]",
    "a set comprehension": "gts = {eventlet.spawn(f) for _ in x}\n[gt.wait() for gt in gts]",
    "a dict comprehension": "gts = {k: eventlet.spawn(f) for k in x}\ngts[1].wait()",
    "a generator": "gts = (eventlet.spawn(f) for _ in x)\nnext(gts).wait()",
    "pairs in a list": """
        pairs = []
        pairs.append(("name", eventlet.spawn(f)))
        for name, gt in pairs:
            gt.wait()
        """,
    "enumerate": "gts = [eventlet.spawn(f)]\nfor i, gt in enumerate(gts):\n    gt.wait()",
    "zip": "gts = [eventlet.spawn(f)]\nfor name, gt in zip(x, gts):\n    gt.wait()",
    "map": "gts = [eventlet.spawn(f)]\nlist(map(lambda gt: gt.wait(), gts))",
    "filter": "gts = [eventlet.spawn(f)]\n[g.wait() for g in filter(lambda g: g.wait(), gts)]",
    "what a comprehension picks": """
        gts = [eventlet.spawn(f)]
        slow = [gt for gt in gts if gt.dead]
        slow[0].wait()
        """,
    # functions
    "a result": "def start():\n    return eventlet.spawn(f)\nstart().wait()\na = start()\na.wait()",
    "a result in a list": "def start():\n    return [eventlet.spawn(f)]\nstart()[0].wait()",
    "a result in a tuple": "def go():\n    return 1, eventlet.spawn(f)\n_, a = go()\na.wait()",
    "a result or None": """
        def start(x):
            if x:
                return None
            gt = eventlet.spawn(f)
            return gt
        start(1).wait()
        """,
    "a result of a result": """
        def inner():
            return eventlet.spawn(f)
        def outer():
            return inner()
        outer().wait()
        """,
    "a generator function": """
        def start():
            for _ in range(3):
                yield eventlet.spawn(f)
        for gt in start():
            gt.wait()
        """,
    "a context": """
        import contextlib
        @contextlib.contextmanager
        def started():
            gt = eventlet.spawn(f)
            yield gt
            gt.wait()
        with started() as it:
            it.wait()
        """,
    "a property": """
        class A:
            @property
            def gt(self):
                return eventlet.spawn(f)
            def wait(self):
                self.gt.wait()
        """,
    "a static method": """
        class A:
            @staticmethod
            def start():
                return eventlet.spawn(f)
            def wait(self):
                self.start().wait()
                A.start().wait()
        """,
    "a class method": """
        class A:
            @classmethod
            def start(cls):
                return eventlet.spawn(f)
            @classmethod
            def wait(cls):
                cls.start().wait()
        """,
    "super()": """
        class A:
            def start(self):
                return eventlet.spawn(f)
        class B(A):
            def wait(self):
                super().start().wait()
        """,
    "a parameter": "def wait(gt):\n    gt.wait()\nwait(eventlet.spawn(f))",
    "a keyword": "def wait(*, gt=None):\n    gt.wait()\nwait(gt=eventlet.spawn(f))\nwait()",
    "the second parameter": "def wait(a, gt):\n    gt.wait()\nwait(1, eventlet.spawn(f))",
    "a parameter by its name": "def wait(a, gt):\n    gt.wait()\nwait(gt=eventlet.spawn(f), a=1)",
    "*args": "def wait(*gts):\n    gts[0].wait()\nwait(eventlet.spawn(f), eventlet.spawn(f))",
    "a list as a parameter": "def wait(gts):\n    gts[0].wait()\nwait([eventlet.spawn(f)])",
    "a default": "def wait(gt=eventlet.spawn(f)):\n    gt.wait()",
    "through a function": "def same(gt):\n    return gt\nsame(eventlet.spawn(f)).wait()",
    "a method": """
        class A:
            def wait(self, gt):
                gt.wait()
            def run(self):
                self.wait(eventlet.spawn(f))
        """,
    "a method of an object": """
        class A:
            def join(self, gt):
                gt.wait()
        a = A()
        a.join(eventlet.spawn(f))
        """,
    "a constructor": """
        class A:
            def __init__(self, gt):
                self.gt = gt
            def join(self):
                self.gt.wait()
        A(eventlet.spawn(f))
        """,
    "the constructor of a subclass": """
        class A:
            def __init__(self, gt):
                self.gt = gt
            def join(self):
                self.gt.wait()
        class B(A):
            pass
        B(gt=eventlet.spawn(f))
        """,
    "a constructor, through super()": """
        class A:
            def __init__(self, gt):
                self.gt = gt
        class B(A):
            def __init__(self, gt):
                super().__init__(gt)
                self.gt.wait()
        B(eventlet.spawn(f))
        """,
    # what starts a function
    "an argument of a spawn": "def g(gt):\n    gt.wait()\neventlet.spawn_n(g, eventlet.spawn(f))",
    "an argument of a delayed call": """
        def g(gt):
            gt.wait()
        eventlet.spawn_after(3, g, eventlet.spawn(f))
        """,
    "an argument of a thread": """
        import threading
        def g(gt):
            gt.wait()
        threading.Thread(target=g, args=(eventlet.spawn(f),)).start()
        """,
    "an argument of a timer": """
        import threading
        def g(a, gt):
            gt.wait()
        threading.Timer(1, g, args=(1, eventlet.spawn(f))).start()
        """,
    "an argument of a partial": """
        import functools
        def g(gt):
            gt.wait()
        functools.partial(g, eventlet.spawn(f))()
        """,
    "an argument of what is called at the end of a test": """
        class Test:
            def setUp(self):
                self.gt = eventlet.spawn(f)
                self.addCleanup(self.stop, "agent", self.gt)
            def stop(self, agent, gt):
                gt.wait()
        """,
    "a keyword of a spawn": "def g(gt):\n    gt.wait()\neventlet.spawn_n(g, gt=eventlet.spawn(f))",
    "a callback": "def done(gt):\n    gt.wait()\neventlet.spawn(f).link(done)",
    "a callback with arguments": "def d(gt, a):\n    gt.wait()\neventlet.spawn(f).link(d, 1)",
    "a lambda as a callback": "eventlet.spawn(f).link(lambda gt: gt.wait())",
    "a method as a callback": """
        class A:
            def start(self):
                eventlet.spawn(f).link(self.done)
            def done(self, gt):
                gt.wait()
        """,
    "an argument of a callback": """
        def done(first, second):
            first.wait()
            second.wait()
        a = eventlet.spawn(f)
        b = eventlet.spawn(f)
        a.link(done, b)
        """,
    # attributes
    "an attribute": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
            def join(self):
                self.gt.wait()
        """,
    "an attribute of the class": """
        class A:
            gt = None
            gts = []
            def start(self):
                self.gt = eventlet.spawn(f)
                self.gts.append(self.gt)
            def join(self):
                self.gt.wait()
                self.gts[0].wait()
        """,
    "made by the class": """
        class A:
            gt = eventlet.spawn(f)
            gt.wait()
            def join(self):
                self.gt.wait()
                A.gt.wait()
        """,
    "an attribute of cls": """
        class A:
            @classmethod
            def start(cls):
                cls.gt = eventlet.spawn(f)
            def join(self):
                self.gt.wait()
        """,
    "a dict in an attribute": """
        class A:
            def __init__(self):
                self.gts = {}
            def start(self, name):
                self.gts[name] = eventlet.spawn(f)
            def join(self, name):
                self.gts[name].wait()
                self.gts.pop(name).wait()
                for gt in list(self.gts.values()):
                    gt.wait()
        """,
    "an attribute of a base class": """
        class A:
            def __init__(self):
                self.gt = None
            def join(self):
                self.gt.wait()
        class B(A):
            def start(self):
                self.gt = eventlet.spawn(f)
        class C(B):
            def join(self):
                self.gt.wait()
        """,
    "the attribute of an object": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
        def join():
            a = A()
            a.gt.wait()
        """,
    "the attribute of an annotated parameter": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
        def join(a: A):
            a.gt.wait()
        """,
    "the attribute of an attribute": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
        class B:
            def __init__(self):
                self.a = A()
            def join(self):
                self.a.gt.wait()
        """,
    "set from outside": """
        class A:
            def join(self):
                self.gt.wait()
        def start():
            a = A()
            a.gt = eventlet.spawn(f)
        """,
    "self in a nested function": """
        class A:
            def start(self):
                def go():
                    self.gt = eventlet.spawn(f)
                go()
                return lambda: self.gt.wait()
        """,
    # a function that is handed on with its arguments
    "a function that calls what it is given": """
        def run(function, *args, **kwargs):
            return function(*args, **kwargs)
        def work(x, gt):
            gt.wait()
        run(work, 1, eventlet.spawn(f))
        """,
    "a keyword, past parameters of its own": """
        def run(label, function, retries=3, *args, **kwargs):
            function(label, *args, retries=retries, **kwargs)
        def work(label, x, retries, gt=None):
            gt.wait()
        run('a', work, 2, 1, gt=eventlet.spawn(f))
        """,
    "one function that hands on to another": """
        def outer(function, *args):
            inner('a', function, *args)
        def inner(label, function, *args):
            function(label, *args)
        def work(label, gt):
            gt.wait()
        outer(work, eventlet.spawn(f))
        """,
    "a spawn of such a function": """
        def run(function, *args):
            function(*args)
        def work(gt):
            gt.wait()
        eventlet.spawn_n(run, work, eventlet.spawn(f))
        """,
    "a class inside the class": """
        class A:
            class Item:
                def __init__(self, gt):
                    self.gt = gt
                def end(self):
                    self.gt.wait()
            def go(self):
                self.items = [self.Item(eventlet.spawn(f))]
        """,
}


@pytest.mark.parametrize("source", TRAVELS.values(), ids=TRAVELS)
def test_it_is_followed(source: str) -> None:
    source = textwrap.dedent(source).lstrip("\n")
    wanted = [n for n, line in enumerate(source.splitlines(), 2) if ".wait()" in line]
    handles = handles_of(source)
    apart = {"a tuple, unpacked": 2}
    found = sorted({line for handle in handles for line in waits_of(handle)})
    assert found == wanted
    for handle in handles:
        assert not handle.escapes, handle.escapes[0].reason
        assert not handle.conflicts
        assert not handle.assumed
        assert not any(use.foreign for use in handle.uses)
    if source in [textwrap.dedent(TRAVELS[name]).lstrip("\n") for name in apart]:
        assert len(handles) == 2


# --- one file: where the way ends ----------------------------------------------------------------

ESCAPES = {
    "an unknown function": "gt = eventlet.spawn(f)\nx(gt)",
    "an unknown method": "gt = eventlet.spawn(f)\nx.y(gt)",
    "a keyword": "gt = eventlet.spawn(f)\nx(y=gt)",
    "a keyword that no parameter has": "def g(**k):\n    pass\ng(gt=eventlet.spawn(f))",
    "a starred list": "gts = [eventlet.spawn(f)]\nx(*gts)",
    "a mapping": "gts = {'a': eventlet.spawn(f)}\nx(**gts)",
    "a list": "gts = [eventlet.spawn(f)]\nx(gts)",
    "a dict": "gts = {1: eventlet.spawn(f)}\nx(gts)",
    "an attribute of anything": "def g(x):\n    x.gt = eventlet.spawn(f)",
    "a list of arguments": "Thread(target=g, args=[eventlet.spawn(f)])",
    "a dict, set by name": "gts = {1: eventlet.spawn(f)}\nsetattr(x, 'gts', gts)",
    "an exception": "raise E(eventlet.spawn(f))",
    "an unknown decorator's result": "x = y(lambda: eventlet.spawn(f))",
    "a result nobody asks for": "def g():\n    return eventlet.spawn(f)",
    "a generator nobody asks": "def g():\n    yield eventlet.spawn(f)",
    "unpacked": "gt = eventlet.spawn(f)\na, b = gt",
    "starred": "gt = eventlet.spawn(f)\nx(*gt)",
    "awaited": "async def g():\n    await eventlet.spawn(f)",
    "yielded from": "def g():\n    yield from eventlet.spawn(f)",
    "got by name": "gt = eventlet.spawn(f)\ngetattr(gt, x)()",
    "an unknown callback": "eventlet.spawn(f).link(x)",
    "a method of a container that is not known": "gts = [eventlet.spawn(f)]\ngts.frobnicate()",
    "a queue of somebody": "def g(q):\n    q.put(eventlet.spawn(f))",
    "an unknown base's method": """
        class A(B):
            def start(self):
                self.add(eventlet.spawn(f))
        """,
    "a function that keeps what it passes on": """
        def run(function, *args):
            KEPT.append(args)
            function(*args)
        def work(gt):
            gt.wait()
        run(work, eventlet.spawn(f))
        """,
    "a function that looks it up": """
        def run(function, **kwargs):
            kwargs['gt'].frobnicate()
            function(**kwargs)
        def work(gt):
            gt.wait()
        run(work, gt=eventlet.spawn(f))
        """,
    "a function that calls something else": """
        def run(function, *args):
            function = other
            function(*args)
        def work(gt):
            gt.wait()
        run(work, eventlet.spawn(f))
        """,
    "a function that passes it to another as well": """
        def run(function, *args):
            function(*args)
            other(*args)
        def work(gt):
            gt.wait()
        run(work, eventlet.spawn(f))
        """,
}


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES)
def test_it_escapes(source: str) -> None:
    (handle,) = handles_of(source)
    assert handle.escapes or handle.conflicts
    assert all(use.reason for use in handle.escapes)


CONFLICTS = {
    "another value": ("gt = eventlet.spawn(f)\ngt = x", "line 3 binds it to something else"),
    "another value in a loop": (
        "for gt in x:\n    gt = eventlet.spawn(f)",
        "line 2 binds it to something else",
    ),
    "another value in a with statement": (
        "with x as gt:\n    gt = eventlet.spawn(f)",
        "line 2 binds it to something else",
    ),
    "another value beside it": ("gts = [eventlet.spawn(f), x]", "puts something else beside it"),
    "another value in the dict": (
        "gts = {1: eventlet.spawn(f)}\ngts[2] = x",
        "line 3 puts something else beside it",
    ),
    "another value in the list": (
        "gts = [eventlet.spawn(f)]\ngts.append(x)\ngts[0].wait()",
        "line 3 puts something else beside it",
    ),
    "another value is merged": (
        "gts = [eventlet.spawn(f)]\ngts.extend(x)\ngts[0].wait()",
        "line 3 puts something else beside it",
    ),
    "another list": (
        "def g(x):\n    gts = [eventlet.spawn(f)]\n    gts = x",
        "leaves open what is passed for x",
    ),
    "a default of get": (
        "gts = {1: eventlet.spawn(f)}\ngts.get(2, x).wait()",
        "may give something else in its place",
    ),
    "an alternative": ("gt = x or eventlet.spawn(f)", "may give something else in its place"),
    "a condition": ("gt = x if f else eventlet.spawn(f)", "may give something else in its place"),
    "another result": (
        "def g(x):\n    if x:\n        return x\n    return eventlet.spawn(f)\ng(1).wait()",
        "line 4 returns something else from g()",
    ),
    "another thing yielded": (
        "def g():\n    yield 1\n    yield eventlet.spawn(f)\nfor gt in g():\n    gt.wait()",
        "line 3 yields something else from g()",
    ),
    "another argument": (
        "def g(gt):\n    gt.wait()\ng(eventlet.spawn(f))\ng(x)",
        "line 5 passes something else for gt",
    ),
    "another argument by name": (
        "def g(*, gt):\n    gt.wait()\ng(gt=eventlet.spawn(f))\ng(gt=x)",
        "line 5 passes something else for gt",
    ),
    "another default": (
        "def g(gt=x):\n    gt.wait()\ng(eventlet.spawn(f))\ng()",
        "line 5 passes something else for gt",
    ),
    "a starred argument": (
        "def g(gt):\n    gt.wait()\ng(eventlet.spawn(f))\ng(*x)",
        "line 5 hides what it passes",
    ),
    "another argument of a thread": (
        "def g(gt):\n    gt.wait()\ng(eventlet.spawn(f))\nThread(target=g, args=(x,))",
        "line 5 passes something else for gt",
    ),
    "the function of the parameter is handed on": (
        "def g(gt):\n    gt.wait()\ng(eventlet.spawn(f))\nx(g)",
        "line 5 hands g on",
    ),
    "another attribute": (
        "class A:\n    def g(self, x):\n        self.gt = eventlet.spawn(f)\n        self.gt = x",
        "line 5 binds it to something else",
    ),
    "a method of that name": (
        "class A:\n    def gt(self):\n        self.gt = eventlet.spawn(f)",
        "line 3 binds its name as well",
    ),
    "an import of that name": ("import gt\ngt = eventlet.spawn(f)", "line 2 binds its name as"),
    "an exception of that name": (
        "try:\n    gt = eventlet.spawn(f)\nexcept E as gt:\n    pass",
        "line 4 binds its name as well",
    ),
    "a parameter that anything may come in": (
        "def g(gt):\n    gt = eventlet.spawn(f)",
        "leaves open what is passed for gt",
    ),
    "an override that returns something else": (
        "class A:\n    def g(self):\n        return eventlet.spawn(f)\n"
        "    def h(self):\n        self.g().wait()\n"
        "class B(A):\n    def g(self):\n        return x",
        "line 9 returns something else from g()",
    ),
    "a base that returns something else": (
        "class A:\n    def g(self):\n        return x\n"
        "    def h(self):\n        self.g().wait()\n"
        "class B(A):\n    def g(self):\n        return eventlet.spawn(f)",
        "line 4 returns something else from g()",
    ),
    "a coroutine": (
        "async def g():\n    return eventlet.spawn(f)\nasync def h():\n    (await g()).wait()",
        "a coroutine returns it",
    ),
    "a string that names its class": (
        "def g(gt: 'GreenThread'):\n    gt.wait()\ng(eventlet.spawn(f))",
        "line 2 names its class in a string",
    ),
    "a type comment": (
        "gt = eventlet.spawn(f)  # type: GreenThread",
        "a type comment names its class (line 2)",
    ),
}


@pytest.mark.parametrize(("source", "conflict"), CONFLICTS.values(), ids=CONFLICTS)
def test_something_else_is_in_its_place(source: str, conflict: str) -> None:
    handle = handles_of(source)[0]
    told = [*handle.conflicts, *handle.assumed]
    assert any(conflict in text for text in told), told


APART = {
    "another function's local": "def g():\n    gt = eventlet.spawn(f)\ndef h(gt):\n    gt.wait()",
    "a parameter of the same name": """
        gt = eventlet.spawn(f)
        def g(gt):
            gt.wait()
        """,
    "a comprehension's own name": "gt = eventlet.spawn(f)\n[gt.wait() for gt in x]",
    "another class's attribute": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
        class B:
            def join(self):
                self.gt.wait()
        """,
    "an attribute of an object of another class": """
        class A:
            def start(self):
                self.gt = eventlet.spawn(f)
        class B:
            gt = None
        def join():
            b = B()
            b.gt.wait()
        """,
    "another item of a tuple": "pair = (eventlet.spawn(f), x)\npair[1].wait()",
    "the other of two targets": "a, b = eventlet.spawn(f), x\nb.wait()",
    "keys of a dict": "gts = {1: eventlet.spawn(f)}\nfor gt in gts:\n    gt.wait()",
    "keys by keys()": "gts = {1: eventlet.spawn(f)}\nfor gt in gts.keys():\n    gt.wait()",
    "the first of items": "gts = {1: eventlet.spawn(f)}\nfor gt, _ in gts.items():\n    gt.wait()",
    "the number of enumerate": "a = [eventlet.spawn(f)]\nfor n, _ in enumerate(a):\n    n.wait()",
    "the other of zip": "gts = [eventlet.spawn(f)]\nfor gt, _ in zip(x, gts):\n    gt.wait()",
    "another parameter": "def g(a, b):\n    b.wait()\ng(eventlet.spawn(f), 1)",
}


@pytest.mark.parametrize("source", APART.values(), ids=APART)
def test_what_only_looks_alike_is_not_it(source: str) -> None:
    for handle in handles_of(source):
        assert waits_of(handle) == []


# --- several files -------------------------------------------------------------------------------

START = "import eventlet\n\n\ndef start(work):\n    return eventlet.spawn(work)\n"
SERVICE = """\
import eventlet


class Service:
    def start(self):
        self._runner = eventlet.spawn(print)
"""


def follow(root: Path, files: dict[str, str], path: str) -> list[Handle]:
    for name, text in {"pkg/__init__.py": "", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"))
    return gather(path, (root / path).read_text(), Project(root=root)).handles


def places(handle: Handle) -> list[str]:
    return [
        f"{use.module.path}:{use.line} {use.attribute}{' ?' if use.foreign else ''}"
        for use in handle.uses
    ]


CALLERS = {
    "from": "from pkg.start import start\nstart(1).wait()",
    "from, renamed": "from pkg.start import start as go\ngo(1).wait()",
    "the module": "import pkg.start\npkg.start.start(1).wait()",
    "the module, renamed": "import pkg.start as s\ns.start(1).wait()",
    "the module from its package": "from pkg import start\nstart.start(1).wait()",
    "relative": "from .start import start\nstart(1).wait()",
    "relative, the module": "from . import start\nstart.start(1).wait()",
    "absolute from above": "from ..pkg.start import start\nstart(1).wait()",
    "a star": "from pkg.start import *\nstart(1).wait()",
    "in a function": "def g():\n  from pkg.start import start; start(1).wait()",
    "under a condition": "try:\n  from pkg.start import start; start(1).wait()\nfinally:\n    pass",
}


@pytest.mark.parametrize("source", CALLERS.values(), ids=CALLERS)
def test_a_caller_in_another_file(source: str, tmp_path: Path) -> None:
    files = {"pkg/start.py": START, "pkg/main.py": source}
    (handle,) = follow(tmp_path, files, "pkg/start.py")
    assert places(handle) == ["pkg/main.py:2 wait"]
    assert not handle.escapes and not handle.conflicts


def test_a_caller_through_the_package(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "from pkg.start import start\nfrom pkg.start import start as go\n",
        "pkg/start.py": START,
        "main.py": "import pkg\nfrom pkg import go\npkg.start(1).wait()\ngo(1).wait()\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/start.py")
    assert places(handle) == ["main.py:3 wait", "main.py:4 wait"]


@pytest.mark.parametrize(
    "package",
    [
        "from pkg._impl import start",
        "from pkg._impl import *",
        "from ._impl import begin as start",
        "from pkg import _impl\nfrom pkg._impl import start",
    ],
)
def test_a_caller_that_never_names_the_module(package: str, tmp_path: Path) -> None:
    made = START.replace("start", "begin") if "begin" in package else START
    files = {
        "pkg/__init__.py": f"{package}\n",
        "pkg/_impl.py": made,
        "main.py": "import pkg\nfrom pkg import start as go\npkg.start(1).wait()\ngo(1).wait()\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/_impl.py")
    assert places(handle) == ["main.py:3 wait", "main.py:4 wait"]


def test_a_caller_in_a_source_directory(tmp_path: Path) -> None:
    files = {
        "src/lib/__init__.py": "",
        "src/lib/start.py": START,
        "tests/main.py": "from lib import start\nstart.start(1).wait()\n",
    }
    (handle,) = follow(tmp_path, files, "src/lib/start.py")
    assert places(handle) == ["tests/main.py:2 wait"]


STRANGERS = {
    "another package": "from other.start import start\nstart(1).wait()",
    "another module": "from pkg import other\nother.start(1).wait()",
    "a method": "def g(x):\n    x.start(1).wait()",
    "its own": "def start(x):\n    return x\nstart(1).wait()",
    "a parameter": "from pkg.start import start\ndef g(start):\n    start(1).wait()",
    "a text": "x = 'pkg.start.start(1).wait()'",
    "a library": "from subprocess import Popen as start\nstart(1).wait()",
}


@pytest.mark.parametrize("source", STRANGERS.values(), ids=STRANGERS)
def test_a_function_that_only_looks_alike(source: str, tmp_path: Path) -> None:
    files = {
        "pkg/start.py": START,
        "pkg/main.py": source,
        "pkg/other.py": "def start(x):\n    return x\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/start.py")
    assert [use for use in handle.uses if use.attribute] == []
    assert handle.escapes


OWNERS = {
    "a subclass": (
        "from pkg.service import Service\nclass Sub(Service):\n    def g(self):\n"
        "        self._runner.wait()",
        "pkg/main.py:4 wait",
    ),
    "a subclass of a class by another name": (
        "from pkg.service import Service as Base\nclass Sub(Base):\n    def g(self):\n"
        "        self._runner.wait()",
        "pkg/main.py:4 wait",
    ),
    "a subclass of the module's": (
        "from pkg import service\nclass Sub(service.Service):\n    def g(self):\n"
        "        self._runner.wait()",
        "pkg/main.py:4 wait",
    ),
    "a subclass of a subclass": (
        "from .sub import Sub\nclass More(Sub):\n    def g(self):\n        self._runner.wait()",
        "pkg/main.py:4 wait",
    ),
    "an object": (
        "from pkg.service import Service\nservice = Service()\nservice._runner.wait()",
        "pkg/main.py:3 wait",
    ),
    "an object in an attribute": (
        "from pkg.service import Service\nclass A:\n    def __init__(self):\n"
        "        self.s = Service()\n    def g(self):\n        self.s._runner.wait()",
        "pkg/main.py:6 wait",
    ),
    "an annotated parameter": (
        "from pkg import service\ndef g(s: service.Service):\n    s._runner.wait()",
        "pkg/main.py:3 wait",
    ),
    "the class itself": (
        "from pkg import service\nservice.Service._runner.wait()",
        "pkg/main.py:2 wait",
    ),
}


@pytest.mark.parametrize(("source", "place"), OWNERS.values(), ids=OWNERS)
def test_an_attribute_in_another_file(source: str, place: str, tmp_path: Path) -> None:
    files = {
        "pkg/service.py": SERVICE,
        "pkg/sub.py": "from pkg.service import Service\n\n\nclass Sub(Service):\n    pass\n",
        "pkg/main.py": source,
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert places(handle) == [place]
    assert not handle.escapes and not handle.conflicts and not handle.assumed


def test_an_attribute_of_what_may_be_such_an_object(tmp_path: Path) -> None:
    """Only its name says so, and no other class has that name: it is taken for it, and told."""
    files = {
        "pkg/service.py": SERVICE,
        "pkg/main.py": """
            from pkg.service import Service


            def g(service):
                assert isinstance(service, Service)
                service._runner.wait()
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert places(handle) == ["pkg/main.py:6 wait"]
    assert "`service._runner` (pkg/main.py:6) is taken for it" in handle.assumed


def test_an_attribute_that_another_class_has_as_well(tmp_path: Path) -> None:
    files = {
        "pkg/service.py": SERVICE,
        "pkg/main.py": """
            from pkg.service import Service


            class Other:
                def __init__(self, x):
                    self._runner = x


            def g(service):
                assert isinstance(service, Service)
                service._runner.wait()
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert places(handle) == ["pkg/main.py:11 wait ?"]


def test_a_class_of_the_same_name_is_another(tmp_path: Path) -> None:
    files = {
        "pkg/service.py": SERVICE,
        "pkg/main.py": """
            from other.service import Service


            class Sub(Service):
                def g(self):
                    self._runner.wait()
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert places(handle) == []


def test_an_attribute_that_a_base_class_in_another_file_reads(tmp_path: Path) -> None:
    files = {
        "pkg/base.py": """
            class Base:
                _runner = None

                def join(self):
                    if self._runner is not None:
                        self._runner.wait()
        """,
        "pkg/service.py": """
            import eventlet

            from pkg import base


            class Service(base.Base):
                def start(self):
                    self._runner = eventlet.spawn(print)
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert places(handle) == ["pkg/base.py:5 ", "pkg/base.py:6 wait"]
    assert not handle.conflicts


def test_a_parameter_of_a_function_in_another_file(tmp_path: Path) -> None:
    files = {
        "pkg/utils.py": "def wait_all(gts):\n    for gt in gts:\n        gt.wait()\n",
        "pkg/main.py": """
            import eventlet

            from pkg import utils

            utils.wait_all([eventlet.spawn(print)])
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/main.py")
    assert places(handle) == ["pkg/utils.py:3 wait"]
    assert not handle.conflicts


def test_two_files_that_pass_to_one_function(tmp_path: Path) -> None:
    call = "import eventlet\n\nfrom pkg import utils\n\nutils.wait(eventlet.spawn(print))\n"
    files = {
        "pkg/utils.py": "def wait(gt):\n    gt.wait()\n",
        "pkg/a.py": call,
        "pkg/b.py": call,
    }
    (handle,) = follow(tmp_path, files, "pkg/a.py")
    assert sorted(module.path for module in handle.origins) == ["pkg/a.py", "pkg/b.py"]
    assert places(handle) == ["pkg/utils.py:2 wait"]
    (again,) = follow(tmp_path, files, "pkg/b.py")
    assert again.id == handle.id


def test_another_file_passes_something_else(tmp_path: Path) -> None:
    files = {
        "pkg/utils.py": "def wait(gt):\n    gt.wait()\n",
        "pkg/a.py": "import eventlet\nfrom pkg import utils\nutils.wait(eventlet.spawn(print))\n",
        "pkg/b.py": "from pkg.utils import wait\n\n\ndef g(process):\n    wait(process)\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/a.py")
    assert handle.conflicts == ["pkg/b.py: line 5 passes something else for gt"]


def test_a_constructor_in_another_file(tmp_path: Path) -> None:
    files = {
        "pkg/keeper.py": """
            class Keeper:
                def __init__(self, name, runner=None):
                    self.runner_of = runner

                def join(self):
                    self.runner_of.wait()
        """,
        "pkg/main.py": """
            import eventlet

            from pkg import keeper

            keeper.Keeper("a", runner=eventlet.spawn(print))
        """,
    }
    (handle,) = follow(tmp_path, files, "pkg/main.py")
    assert places(handle) == ["pkg/keeper.py:6 wait"]


def test_a_module_level_name_in_another_file(tmp_path: Path) -> None:
    files = {
        "pkg/state.py": "import eventlet\n\nRUNNER = eventlet.spawn(print)\n",
        "pkg/a.py": "from pkg.state import RUNNER\n\nRUNNER.wait()\n",
        "pkg/b.py": "from pkg import state as s\n\n\ndef g():\n    return s.RUNNER.wait()\n",
        "pkg/c.py": "from other.state import RUNNER\n\nRUNNER.wait()\n",
        "pkg/e.py": "from pkg.state import *\n\nRUNNER.wait()\n",
        "pkg/f/__init__.py": "from pkg.state import *\n",
        "pkg/g.py": "from pkg import f\nfrom pkg.f import RUNNER as r\nr.wait()\nf.RUNNER.wait()\n",
        "pkg/d.py": "from . import state as s\ndef g(x):\n    s.RUNNER = None\n    x.RUNNER()\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/state.py")
    assert places(handle) == [
        *("pkg/a.py:3 wait", "pkg/b.py:5 wait", "pkg/e.py:3 wait"),
        *("pkg/g.py:3 wait", "pkg/g.py:4 wait"),
    ]
    assert not handle.conflicts


def test_another_file_binds_the_module_level_name(tmp_path: Path) -> None:
    files = {
        "pkg/state.py": "import eventlet\n\nRUNNER = eventlet.spawn(print)\n",
        "pkg/a.py": "from pkg import state\n\n\ndef g(x):\n    state.RUNNER = x\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/state.py")
    assert handle.conflicts == ["pkg/a.py: line 5 binds it to something else"]


def test_a_mention_in_a_file_that_names_no_such_class(tmp_path: Path) -> None:
    files = {
        "pkg/service.py": SERVICE,
        "pkg/main.py": "def g(x):\n    x._runner.wait()\n",
        "pkg/more.py": "def g(x):\n    x._runner = 3\n",
    }
    (handle,) = follow(tmp_path, files, "pkg/service.py")
    assert handle.unseen is not None and handle.unseen.path == "pkg/main.py"


def test_a_file_that_cannot_be_parsed_is_no_caller(tmp_path: Path) -> None:
    files = {"pkg/start.py": START, "pkg/main.py": "from pkg.start import start\nstart(1).wait( \n"}
    (handle,) = follow(tmp_path, files, "pkg/start.py")
    assert handle.escapes


def test_a_runner_that_is_a_parameter() -> None:
    source = """
        def pass_on(runner, function, *args, **kwargs):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return runner(wrapper, *args, **kwargs)
        def work(x, gt):
            gt.wait()
        pass_on(x, work, 1, eventlet.spawn(f))
        """
    (handle,) = handles_of(source)
    assert waits_of(handle) == [8]
    assert handle.assumed == [
        "pass_on() is taken to do no more with the arguments than to pass them to work (mod.py:9)"
    ]


CACHE = """
    import abc


    class Base(metaclass=abc.ABCMeta):
        @abc.abstractmethod
        def create(self, prepare, base, size, *args, **kwargs):
            pass

        def cache(self, fetch, name, size=None, *args, **kwargs):
            def fetch_locked(target, *args, **kwargs):
                fetch(target=target, *args, **kwargs)

            self.create(fetch_locked, name, size, *args, **kwargs)


    class Plain(Base):
        def create(self, prepare, base, size, *args, **kwargs):
            {before}
            prepare(target=base, *args, **kwargs)
"""

PASSES = """
    import eventlet


    def fetch(target, done):
        done.wait()


    def main(backend):
        gt = eventlet.spawn(print)
        backend.cache(fetch, "a", done=gt)
"""


def test_a_method_that_only_its_name_tells_hands_it_on(tmp_path: Path) -> None:
    files = {"pkg/cache.py": CACHE.format(before="kwargs.get('size')"), "pkg/a.py": PASSES}
    (handle,) = follow(tmp_path, files, "pkg/a.py")
    assert places(handle) == ["pkg/a.py:5 wait"]
    assert handle.assumed == [
        "cache() is taken to do no more with the arguments than to pass them to fetch (pkg/a.py:10)"
    ]


def test_such_a_method_that_does_something_with_it(tmp_path: Path) -> None:
    files = {"pkg/cache.py": CACHE.format(before="kwargs.get('done')"), "pkg/a.py": PASSES}
    (handle,) = follow(tmp_path, files, "pkg/a.py")
    assert handle.escapes

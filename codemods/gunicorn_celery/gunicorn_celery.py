"""Programs that start gunicorn or Celery with eventlet take threads.

The built-in rules read command lines and the settings files of both. This is for Python code that
holds such settings: options of an embedded gunicorn, `app.conf` of Celery, Django's settings, and
lists of arguments.

    eventlet-codemod diff --codemod gunicorn_celery
    cd codemods/gunicorn_celery && python -m libcst.tool codemod --no-format \
        -x gunicorn_celery.Command PATH
"""

import re

import libcst as cst
from libcst import matchers as m
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.metadata import PositionProvider, QualifiedNameProvider

CODE = "GUNICELERY001"
ORDER = "before"
STEP = 4
REQUIRES = ("eventlet",)
ASKS = (
    "eventlet's worker and pool also patched the process: is nothing of eventlet left in what they "
    "run? One thread serves one request or task now, and they run in parallel: is their number "
    "right, and what they share guarded?"
)

BEFORE = """\
from celery import Celery

app = Celery("shop")
app.conf.update(worker_pool="eventlet", worker_concurrency=32)
"""
AFTER = """\
from celery import Celery

app = Celery("shop")
app.conf.update(worker_pool="threads", worker_concurrency=32)
"""

MANY = 64
WORKERS = ("eventlet", "gunicorn.workers.geventlet.EventletWorker", "egg:gunicorn#eventlet")
POOLS = ("worker_pool", "CELERYD_POOL", "CELERY_WORKER_POOL")
DERIVED = (
    "gunicorn's or Celery's own code for eventlet is used: derive from gunicorn's ThreadWorker, or "
    "see what Celery's pool of threads does by itself"
)
MANY_THREADS = "{} threads may run at once in each worker: give worker_concurrency another number"
UNKNOWN = "this names gunicorn's eventlet worker, and how it gets there cannot be seen"


class Command(VisitorBasedCodemodCommand):
    """Take settings of gunicorn and Celery in code from eventlet to threads."""

    DESCRIPTION = "Programs that start gunicorn or Celery with eventlet take threads."
    METADATA_DEPENDENCIES = (PositionProvider, QualifiedNameProvider)

    def visit_Module(self, node):
        """Note whose settings the file may hold, and what the built-in rules read."""
        path = self.context.filename or ""
        self.gunicorn = "gunicorn" in node.code.lower()
        self.celery = "celery" in f"{path.rpartition('/')[2]} {node.code}".lower()
        self.is_settings = re.search(r"(?:^|/)[^/]*celery[^/]*\.py$", path, re.IGNORECASE)

    # --- options in a dict ---

    def leave_Dict(self, original_node, updated_node):
        """``{"worker_class": "eventlet"}`` and ``{"worker_pool": "eventlet"}``."""
        keys = [text_of(getattr(element, "key", None)) for element in updated_node.elements]
        elements = list(updated_node.elements)
        for number, key in reversed(list(enumerate(keys))):
            value = getattr(elements[number], "value", None)
            if key == "worker_class" and text_of(value) in WORKERS:
                if not self.gunicorn:
                    self.tell(original_node, UNKNOWN)
                    continue
                elements[number] = elements[number].with_changes(value=said(value, "gthread"))
                if "threads" not in keys:
                    threads = cst.DictElement(
                        key=said(elements[number].key, "threads"),
                        value=cst.Integer(str(number_of_threads(elements, keys))),
                    )
                    own = elements[number].comma
                    if isinstance(own, cst.Comma):  # a comment behind it stays there
                        elements.insert(number + 1, threads.with_changes(comma=plain(own)))
                    else:
                        elements[number] = elements[number].with_changes(
                            comma=between(updated_node, elements)
                        )
                        elements.append(threads)
            elif key in POOLS and text_of(value) == "eventlet" and self.celery:
                elements[number] = elements[number].with_changes(value=said(value, "threads"))
                self.tell_many(original_node, elements, keys)
        return updated_node.with_changes(elements=elements)

    # --- settings of Celery ---

    def leave_Arg(self, original_node, updated_node):
        """``app.conf.update(worker_pool="eventlet")`` and ``Celery(worker_pool="eventlet")``."""
        keyword = updated_node.keyword
        if not self.celery or keyword is None or keyword.value not in POOLS:
            return updated_node
        if text_of(updated_node.value) != "eventlet":
            return updated_node
        return updated_node.with_changes(value=said(updated_node.value, "threads"))

    def leave_Assign(self, original_node, updated_node):
        """``app.conf.worker_pool = "eventlet"``, and settings at the top of a module."""
        target = updated_node.targets[0].target
        if text_of(updated_node.value) != "eventlet" or len(updated_node.targets) > 1:
            return updated_node
        if not self.is_pool(target):
            return updated_node
        return updated_node.with_changes(value=said(updated_node.value, "threads"))

    def is_pool(self, target):
        """Whether what is assigned to is Celery's pool, and no built-in rule reads it."""
        if isinstance(target, cst.Attribute):
            return target.attr.value in POOLS
        if m.matches(target, m.Subscript(slice=[m.SubscriptElement(slice=m.Index())])):
            return self.celery and text_of(target.slice[0].slice.value) in POOLS
        if not isinstance(target, cst.Name) or target.value not in POOLS or self.is_settings:
            return False
        return self.celery or target.value != "worker_pool"

    # --- arguments ---

    def leave_List(self, original_node, updated_node):
        """``["worker", "-P", "eventlet"]`` and ``["gunicorn", "-k", "eventlet"]``."""
        words = [text_of(element.value) for element in updated_node.elements]
        if self.celery and "worker" in words:
            return updated_node.with_changes(elements=list(self.pool_in(updated_node, words)))
        if words[:1] == ["gunicorn"] and any(word in WORKERS for word in words):
            return updated_node.with_changes(elements=list(self.worker_in(updated_node, words)))
        return updated_node

    def pool_in(self, node, words):
        """The arguments of a Celery worker with the pool of threads."""
        for element, word, before in zip(node.elements, words, [None, *words], strict=False):
            if (word == "eventlet" and before in ("-P", "--pool")) or word in (
                "--pool=eventlet",
                "-Peventlet",
            ):
                new = word.replace("eventlet", "threads")
                yield element.with_changes(value=said(element.value, new))
            else:
                yield element

    def worker_in(self, node, words):
        """The arguments of gunicorn with the worker of threads, and a number of them."""
        counted = any(word and word.startswith("--threads") for word in words)
        for element, word, before in zip(node.elements, words, [None, *words], strict=False):
            if word not in WORKERS or before not in ("-k", "--worker-class"):
                yield element
                continue
            if counted:
                yield element.with_changes(value=said(element.value, "gthread"))
                continue
            space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
            yield element.with_changes(value=said(element.value, "gthread"), comma=space)
            yield element.with_changes(value=said(element.value, "--threads"), comma=space)
            yield element.with_changes(value=said(element.value, str(MANY)))

    # --- what is told ---

    def visit_ImportFrom(self, node):
        """Code of gunicorn or Celery that is for eventlet."""
        module = node.module
        name = cst.helpers.get_full_name_for_node(module) if module is not None else ""
        if name in ("gunicorn.workers.geventlet", "celery.concurrency.eventlet"):
            self.tell(node, DERIVED)

    def tell_many(self, node, elements, keys):
        """Tell of a concurrency that is much for threads."""
        for element, key in zip(elements, keys, strict=False):
            if key in ("worker_concurrency", "CELERYD_CONCURRENCY"):
                value = element.value
                if isinstance(value, cst.Integer) and value.evaluated_value > MANY:
                    self.tell(node, MANY_THREADS.format(value.evaluated_value))

    def visit_Call(self, node):
        """Tell of a concurrency that is much for threads, beside the pool."""
        named = {a.keyword.value: a.value for a in node.args if a.keyword is not None}
        if self.celery and any(text_of(named.get(name)) == "eventlet" for name in POOLS):
            value = named.get("worker_concurrency")
            if isinstance(value, cst.Integer) and value.evaluated_value > MANY:
                self.tell(node, MANY_THREADS.format(value.evaluated_value))

    def tell(self, node, message):
        """Warn, with the place in front."""
        line = self.get_metadata(PositionProvider, node).start.line
        self.warn(f"{self.context.filename}:{line}: {message}")


def text_of(node):
    """What a plain string says, None for anything else."""
    if isinstance(node, cst.SimpleString) and isinstance(node.evaluated_value, str):
        return node.evaluated_value
    return None


def said(node, text):
    """Another text, in the quotes of a string."""
    return node.with_changes(value=f"{node.prefix}{node.quote}{text}{node.quote}")


def number_of_threads(elements, keys):
    """As many threads as worker_connections allowed requests, if that is no great number."""
    for element, key in zip(elements, keys, strict=True):
        if key == "worker_connections" and isinstance(element.value, cst.Integer):
            return min(element.value.evaluated_value, MANY) or MANY
    return MANY


def between(node, elements):
    """The comma that stands between two items of a dict, with the line break behind it."""
    for element in elements[:-1]:
        if isinstance(element.comma, cst.Comma):
            return plain(element.comma)
    opening = node.lbrace.whitespace_after
    if isinstance(opening, cst.ParenthesizedWhitespace):
        return plain(cst.Comma(whitespace_after=opening))
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def plain(comma):
    """A comma without the comments and empty lines behind it."""
    after = comma.whitespace_after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return comma
    first = cst.TrailingWhitespace(newline=after.first_line.newline)
    return comma.with_changes(whitespace_after=after.with_changes(first_line=first, empty_lines=[]))

"""Where a project's files say what it depends on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.packaging import ini
from eventlet_codemod.packaging.base import GREEN, line_at
from eventlet_codemod.packaging.listing import (
    Entry,
    Listing,
    Role,
    canonical,
    name_of,
    requirement_lines,
)
from eventlet_codemod.packaging.python import constant_strings, parse, span_of
from eventlet_codemod.packaging.toml import TomlError, Value, values

_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:requirements/[^/]+|(?:[^/]*[-_.])?requirements(?:[-_.][^/]*)?)\.(?:txt|in|pip)$"
    r"|(?:^|/)(?:lower-constraints\.txt|pip-requires|test-requires)$"
)
_UPPER = re.compile(r"(?:^|/)(?!lower-)[^/]*constraints[^/]*$|(?:^|/)global-requirements\.txt$")
_NOT_RUNTIME = re.compile(
    r"(?:^|[-_./])(?:tests?|testing|dev|develop|docs?|lint|ci|build|examples?|samples?|"
    r"contrib|tools?|bench\w*|optional|extras?)(?:[-_./]|$)"
)
_GENERATED = re.compile(r"^#.*(?:generated (?:by|automatically)|do(?:n't| not) edit)", re.M | re.I)
_SYSTEM = re.compile(
    r"^(?:python\d?-|py\d?-|python\d?dist\()(?P<name>eventlet|greenlet)\b[^\r\n]*", re.M
)
_ITEM = re.compile(
    r"^(?P<indent>[ \t]*)-[ \t]+(?P<said>[\"']?(?P<name>eventlet|greenlet)(?![\w.-])[^\r\n#]*)",
    re.M,
)
_LOCKED = re.compile(
    r"^[ \t]*(?:\"project_name\": )?\"(?P<name>eventlet|greenlet)\"(?:: \{|,?[ \t]*$)"
    r"|^name = \"(?P<bare>eventlet|greenlet)\"",
    re.M,
)
_FACTOR = re.compile(r"!?[\w{},.*!-]+:[ \t]+")


def reads(path: str) -> bool:
    """Whether a file lists requirements."""
    return kind_of(path) != ""


def kind_of(path: str) -> str:
    """Which kind of list of requirements a file is, "" for none."""
    name = path.rpartition("/")[2]
    if name in ("setup.cfg", "setup.py", "pyproject.toml", "tox.ini", "bindep.txt", "Pipfile"):
        return name
    if name.endswith(".lock"):
        return "lock"
    if re.fullmatch(r"(?:environment|conda)[\w.-]*\.ya?ml", name):
        return "yaml"
    if name == ".pre-commit-config.yaml":
        return "yaml"
    if _UPPER.search(path):
        return ""
    return "requirements" if _REQUIREMENTS.search(path) else ""


def listings(text: str, path: str) -> list[Listing]:
    """The lists of requirements in a file."""
    kind = kind_of(path)
    if kind in ("pyproject.toml", "Pipfile"):
        return list(_from_toml(text))
    if kind == "requirements":
        return [_from_requirements(text, path)]
    if kind == "setup.py":
        return list(_from_setup_py(text))
    if kind in ("setup.cfg", "tox.ini"):
        return list(_from_ini(text))
    if kind == "bindep.txt":
        return [_from_matches("bindep", "other", _SYSTEM.finditer(text))]
    if kind == "lock":
        return [_from_matches("lock", "lock", _LOCKED.finditer(text))]
    return [_from_yaml(text)] if kind == "yaml" else []


def mine(listing: Listing, path: str) -> bool:
    """Whether what the project itself imports at run time belongs into a list."""
    return listing.role == "runtime" and not _NOT_RUNTIME.search(path)


# --- requirements.txt ----------------------------------------------------------------------------


def _from_requirements(text: str, path: str) -> Listing:
    role: Role = "other" if _NOT_RUNTIME.search(path) else "runtime"
    if path.endswith("lower-constraints.txt"):
        role = "lower"
    elif _GENERATED.search(text[:2000]):
        role = "lock"
    spans = list(ini.lines_of(text))
    return Listing("", role, "lines", 0, len(text), tuple(requirement_lines(text, spans)))


def _from_matches(key: str, role: Role, found: Iterator[re.Match[str]]) -> Listing:
    entries = []
    for match in found:
        name = match["name"] or match.groupdict().get("bare", "")
        entries.append(Entry(name, match.start(), match.end(), match.span(), match[0].strip()))
    return Listing(key, role, "lines", 0, 0, tuple(entries))


def _from_yaml(text: str) -> Listing:
    entries = []
    for match in _ITEM.finditer(text):
        first, last = line_at(text, match.start())
        beside = re.compile(rf"{match['indent']}-[ \t]")
        above = text[line_at(text, first - 1)[0] : first] if first else ""
        alone = not beside.match(above) and not beside.match(text, last)
        name = "" if alone else match["name"]
        start, end = match.span("said")
        end = start + len(match["said"].rstrip())
        entries.append(Entry(name, start, end, match.span(), text[start:end]))
    return Listing("yaml", "other", "lines", 0, 0, tuple(entries))


# --- setup.cfg, tox.ini --------------------------------------------------------------------------


def _from_ini(text: str) -> Iterator[Listing]:
    for option in ini.options(text):
        role = _role_of_option(option)
        if role is None:
            continue
        spans = [_without_factor(text, span) for span in option.values]
        entries = []
        for entry in requirement_lines(text, [inner for inner, _ in spans]):
            outer = next(out for inner, out in spans if inner[0] <= entry.start < inner[1])
            entries.append(Entry(entry.name, entry.start, entry.end, outer, entry.text))
        key = f"{option.section}.{option.key}"
        if any(entry.text.startswith(("file:", "attr:")) for entry in entries):
            continue
        if ";" in text[line_at(text, option.start)[0] : line_at(text, option.start)[1]]:
            role = "other"  # setuptools parts what stands beside the key at semicolons
        yield Listing(key, role, "lines", option.start, option.end, tuple(entries))


def _role_of_option(option: ini.Option) -> Role | None:
    key = option.key.replace("-", "_").lower()
    if option.section == "options":
        if key == "install_requires":
            return "runtime"
        return "other" if key in ("tests_require", "setup_requires") else None
    if option.section == "metadata":
        return "runtime" if key in ("requires_dist", "requires") else None
    if option.section in ("options.extras_require", "extras"):
        return "other"
    return "other" if option.section.startswith("testenv") and key == "deps" else None


def _without_factor(text: str, span: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    match = _FACTOR.match(text, *span)
    return ((match.end(), span[1]) if match else span), span


# --- pyproject.toml, Pipfile ---------------------------------------------------------------------

_ARRAYS: dict[tuple[str, ...], Role] = {
    ("project", "dependencies"): "runtime",
    ("project", "optional-dependencies", "*"): "other",
    ("dependency-groups", "*"): "other",
    ("build-system", "requires"): "other",
    ("tool", "poetry", "extras", "*"): "other",
    ("tool", "pdm", "dev-dependencies", "*"): "other",
    ("tool", "uv", "dev-dependencies"): "other",
    ("tool", "hatch", "envs", "*", "dependencies"): "other",
    ("tool", "hatch", "envs", "*", "extra-dependencies"): "other",
}
_TABLES: dict[tuple[str, ...], Role] = {
    ("tool", "poetry", "dependencies"): "runtime",
    ("tool", "poetry", "dev-dependencies"): "other",
    ("tool", "poetry", "group", "*", "dependencies"): "other",
    ("packages",): "runtime",
    ("dev-packages",): "other",
}


def _from_toml(text: str) -> Iterator[Listing]:
    try:
        found = values(text)
    except TomlError:
        return
    for value in found:
        role = _matching(_ARRAYS, value.path)
        if role is not None and value.kind == "array":
            entries = tuple(_item(text, item) for item in value.items)
            key = ".".join(value.path)
            yield Listing(key, role, "brackets", value.start + 1, value.end - 1, entries)
    for pattern, role in _TABLES.items():
        inside = [v for v in found if len(v.path) > len(pattern) and _fits(pattern, v.path)]
        for table in dict.fromkeys(v.path[: len(pattern)] for v in inside):
            rows = [v for v in inside if v.path[: len(pattern)] == table]
            entries = tuple(_row(v, len(pattern)) for v in rows)
            start, end = rows[0].start, rows[-1].end
            yield Listing(".".join(table), role, "table", start, end, entries)
        for value in found:
            whole = len(value.path) == len(pattern) and _fits(pattern, value.path)
            if whole and value.kind == "table":  # all on one line: told, and not edited
                yield Listing("", "other", "table", 0, 0, tuple(map(_inline, value.items)))


def _matching(patterns: dict[tuple[str, ...], Role], path: tuple[str, ...]) -> Role | None:
    for pattern, role in patterns.items():
        if len(pattern) == len(path) and _fits(pattern, path):
            return role
    return None


def _fits(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return all(want in ("*", part) for want, part in zip(pattern, path, strict=False))


def _item(text: str, item: Value) -> Entry:
    if item.kind != "string":
        return Entry("", item.start, item.end, (item.start, item.end), "")
    plain = text[item.start + 1 : item.end - 1] == item.text
    name = name_of(item.text) if plain else ""
    return Entry(name, item.start + 1, item.end - 1, (item.start, item.end), item.text)


def _row(value: Value, depth: int) -> Entry:
    """A dependency of Poetry or pipenv as one of PEP 508; a table of its own is not read."""
    name = canonical(value.path[depth])
    if len(value.path) > depth + 1:
        name = ""
    inner = {item.path[-1]: item for item in value.items} if value.kind == "table" else {}
    version = inner["version"].text if "version" in inner else value.text
    extras = [item.text for item in inner["extras"].items] if "extras" in inner else []
    bound = re.sub(r"^(?:\^|~(?!=))\s*", ">=", version)
    bound = "" if bound == "*" else f">={bound}" if bound[:1].isdigit() else bound
    said = value.path[depth] + (f"[{','.join(extras)}]" if extras else "") + bound
    span = value.key[0], value.end
    return Entry(name, *span, span, said)


def _inline(value: Value) -> Entry:
    span = value.key[0], value.end
    return Entry("", *span, span, value.path[-1])


# --- setup.py ------------------------------------------------------------------------------------

_LISTS: dict[str, Role] = {
    "install_requires": "runtime",
    "tests_require": "other",
    "setup_requires": "other",
}


def _from_setup_py(text: str) -> Iterator[Listing]:
    tree = parse(text)
    for call in ast.walk(tree) if tree else ():
        if not isinstance(call, ast.Call) or _called(call) != "setup":
            continue
        assert tree is not None
        for keyword in call.keywords:
            value = _meant(keyword.value, tree)
            if keyword.arg in _LISTS:
                yield from _python_list(text, value, keyword.arg, _LISTS[keyword.arg])
            elif keyword.arg == "extras_require" and isinstance(value, ast.Dict):
                for number, item in enumerate(value.values):
                    yield from _python_list(text, _meant(item, tree), f"extras.{number}", "other")


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _meant(node: ast.expr, tree: ast.Module) -> ast.expr:
    """What a name is bound to, where the module binds it once and does nothing else to it."""
    if not isinstance(node, ast.Name):
        return node
    named = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == node.id]
    bound = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == node.id for t in statement.targets)
    ]
    return bound[0].value if len(bound) == 1 and len(named) == 2 else node


def _python_list(text: str, node: ast.expr, key: str, role: Role) -> Iterator[Listing]:
    if not isinstance(node, ast.List | ast.Tuple) or text[span_of(text, node)[0]] not in "[(":
        return
    entries = []
    for item in node.elts:
        start, end = span_of(text, item)
        plain = isinstance(item, ast.Constant) and text[start + 1 : end - 1] == item.value
        said = text[start + 1 : end - 1] if plain else ""
        entries.append(Entry(name_of(said), start + 1, end - 1, (start, end), said))
    start, end = span_of(text, node)
    yield Listing(key, role, "brackets", start + 1, end - 1, tuple(entries))


def named_extras(text: str, path: str) -> Iterator[tuple[int, int, str]]:
    """The names of extras of a setup.py that are those of green packages."""
    tree = parse(text) if kind_of(path) == "setup.py" and "extras_require" in text else None
    for node in ast.walk(tree) if tree else ():
        assert tree is not None
        if not isinstance(node, ast.keyword) or node.arg != "extras_require":
            continue
        value = _meant(node.value, tree)
        for key in value.keys if isinstance(value, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value in GREEN:
                yield (*span_of(text, key), str(key.value))


def words(text: str, path: str) -> Iterator[tuple[int, int, str]]:
    """The names of green packages by which a setup.py only describes the project."""
    for node, keyword in constant_strings(text) if kind_of(path) == "setup.py" else ():
        if keyword in ("keywords", "name", "description", "provides") and node.value in GREEN:
            yield (*span_of(text, node), str(node.value))


def unseen(text: str, path: str) -> Iterator[tuple[int, int, str]]:
    """Requirements of eventlet in a setup.py, of which it cannot be seen how they are used."""
    if kind_of(path) != "setup.py":
        return
    seen = {entry.outer for listing in listings(text, path) for entry in listing.entries}
    for node, keyword in constant_strings(text):
        span = span_of(text, node)
        known = keyword in (None, *_LISTS, "extras_require", "dependency_links")
        if span not in seen and known and name_of(str(node.value)) in GREEN:
            yield (*span, str(node.value))

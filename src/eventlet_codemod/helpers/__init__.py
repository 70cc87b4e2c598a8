"""The helper module that a project may ask for: the setting ``helpers``.

Where the native counterpart of an eventlet API takes more than an expression,
a rewrite can call a helper instead. All helpers that a project needs stand in
one module of its own, which this package writes: `render` makes it, `extend`
adds to it, `names_in` tells what it has, and `libraries` what that imports.

Each helper is a file of this package, written for the project that gets it:
for Python 3.9, and with the standard library only, but for the servers, which
run on cheroot; one of them reads its settings from oslo.config. `catalogue`
lists them, `parts` takes the files apart, `generate` puts the module together.
"""

from __future__ import annotations

from eventlet_codemod.helpers.catalogue import HELPERS, Helper
from eventlet_codemod.helpers.generate import (
    HelpersError,
    extend,
    libraries,
    names_in,
    render,
)

__all__ = [
    "HELPERS",
    "Helper",
    "HelpersError",
    "extend",
    "libraries",
    "names_in",
    "render",
]

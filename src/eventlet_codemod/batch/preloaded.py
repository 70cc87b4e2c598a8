"""What every job needs, imported once in the process that they are forked from."""

import ast  # noqa: F401
import json  # noqa: F401
import tempfile  # noqa: F401

import eventlet_codemod.batch.perform
import eventlet_codemod.batch.worker
import eventlet_codemod.imports
import eventlet_codemod.mailbox
import eventlet_codemod.packaging.identity
import eventlet_codemod.patches
import eventlet_codemod.remembered
import eventlet_codemod.rewrite
import eventlet_codemod.run
import eventlet_codemod.series
import eventlet_codemod.verify
import eventlet_codemod.work  # noqa: F401
from eventlet_codemod.rules import every_rule

every_rule()

"""The rewrites as stock libcst codemod commands, one module for all rules and one for each.

With ``modules: ['eventlet_codemod.commands']`` in ``.libcst.codemod.yaml``, or from anywhere::

    python -m libcst.tool codemod --no-format -x \\
        eventlet_codemod.commands.everything.EventletCommand PATH
    python -m libcst.tool codemod --no-format -x \\
        eventlet_codemod.commands.by_rule.SleepCommand PATH

``--no-format`` keeps libcst's tool from formatting the whole file. What waits for other files is
decided by the tree as it stands: run again until nothing changes.
"""

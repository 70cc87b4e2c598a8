"""Run one rewritten program in one leg: ``python -I run_leg.py native|patched PROGRAM``."""

import runpy
import sys

BLOCKED = ("eventlet", "greenlet")


class NoEventlet:
    """A finder that stands first and makes eventlet and greenlet look uninstalled."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r} (blocked)", name=name)


leg, program = sys.argv[1:]
if leg == "native":
    sys.meta_path.insert(0, NoEventlet)
else:
    import eventlet

    eventlet.monkey_patch()
sys.argv[:] = [program]
runpy.run_path(program, run_name="__main__")

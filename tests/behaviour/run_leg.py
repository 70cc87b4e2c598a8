"""Run one program in one leg: ``python -I run_leg.py before|as-is|native|patched PROGRAM``."""

import runpy
import sys
from pathlib import Path

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
elif leg == "patched":
    import eventlet

    eventlet.monkey_patch()
sys.argv[:] = [program]
if Path(program).name == "main.py":
    sys.path.insert(0, str(Path(program).parent))  # it imports what stands beside it
runpy.run_path(program, run_name="__main__")

"""``python -m eventlet_codemod``."""

from eventlet_codemod.cli import main

if __name__ == "__main__":
    main(prog_name="eventlet-codemod")

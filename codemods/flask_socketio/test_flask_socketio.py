"""What becomes of Socket.IO servers, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("flask_socketio.py"))

CASES = [
    # --- what only looks like it ---
    noop("another SocketIO", "from other import SocketIO\n\nSocketIO(async_mode='eventlet')\n"),
    noop(
        "another mode",
        "from flask_socketio import SocketIO\n\ns = SocketIO(async_mode='gevent')\n",
    ),
    noop(
        "threads, in a file that mentions eventlet",
        """
        # no eventlet any more
        from flask_socketio import SocketIO

        s = SocketIO(async_mode='threading')
        """,
    ),
    noop("no mode, and no eventlet", "from flask_socketio import SocketIO\n\ns = SocketIO()\n"),
    noop(
        "no eventlet where it runs",
        "from app import app, socketio\n\nsocketio.run(app)\n",
    ),
    noop(
        "it says itself that it is for development",
        """
        # eventlet
        from app import app, socketio

        socketio.run(app, allow_unsafe_werkzeug=True)
        """,
    ),
    noop(
        "something else runs",
        "import eventlet\nfrom app import app\n\napp.run()\n",
    ),
    noop(
        "an asyncio server",
        "import socketio\n\ns = socketio.AsyncServer(async_mode='asgi')\n",
    ),
    noop(
        "a mode by name that is not eventlet's",
        """
        # eventlet is another
        from flask_socketio import SocketIO

        MODE = "threading"
        s = SocketIO(async_mode=MODE)
        """,
    ),
    noop("another init_app", "from app import db, app\n\ndb.init_app(app)\n"),
    # --- what is told ---
    manual(
        "a mode that cannot be seen",
        "from flask_socketio import SocketIO\n\ns = SocketIO(async_mode=mode)\n",
        says="cannot be seen",
    ),
    manual(
        "a mode by name",
        "from flask_socketio import SocketIO\n\nM = 'eventlet'\ns = SocketIO(async_mode=M)\n",
        says="cannot be seen",
    ),
    manual(
        "None by name",
        """
        # threading, eventlet or gevent
        from flask_socketio import SocketIO

        async_mode = None
        s = SocketIO(async_mode=async_mode)
        """,
        says="without async_mode",
    ),
    manual(
        "arguments that cannot be seen",
        """
        # eventlet or not
        from flask_socketio import SocketIO

        s = SocketIO(**options)
        """,
        says="cannot be seen",
    ),
    manual(
        "no mode in a file of eventlet",
        """
        # it takes eventlet
        from flask_socketio import SocketIO

        s = SocketIO(cors_allowed_origins="*")
        """,
        says="takes eventlet as long as it is installed",
    ),
    manual(
        "what runs it",
        """
        # eventlet's server
        from app import app, socketio

        if __name__ == "__main__":
            socketio.run(app, host="0.0.0.0", certfile="c", keyfile="k")
        """,
        says="ssl_context",
    ),
    # --- what is rewritten ---
    fixes(
        "an app, and what runs it",
        """
        from flask_socketio import SocketIO

        io = SocketIO(
            app,
            async_mode='eventlet',  # for WebSocket
        )
        io.run(app)
        """,
        """
        from flask_socketio import SocketIO

        io = SocketIO(
            app,
            async_mode='threading',  # for WebSocket
        )
        io.run(app)
        """,
        checks=["C-CODEMOD"],
        left=1,
    ),
    fixes(
        "init_app",
        """
        from flask_socketio import SocketIO

        socketio = SocketIO(async_mode=None)


        def create_app(app):
            socketio.init_app(app, async_mode="eventlet")
        """,
        """
        from flask_socketio import SocketIO

        socketio = SocketIO(async_mode=None)


        def create_app(app):
            socketio.init_app(app, async_mode="threading")
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "python-socketio",
        "import socketio as sio\n\nserver = sio.Server(async_mode='eventlet')\n",
        "import socketio as sio\n\nserver = sio.Server(async_mode='threading')\n",
        checks=["C-CODEMOD"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_flask_socketio(case: Case) -> None:
    check(case, CODEMOD)

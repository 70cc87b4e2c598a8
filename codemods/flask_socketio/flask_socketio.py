"""Socket.IO servers with the async mode of eventlet take that of threads.

`SocketIO(async_mode="eventlet")` of Flask-SocketIO, and the servers of python-socketio and
python-engineio. Where the mode cannot be seen, and where `socketio.run()` starts the server, a
person is told.

    eventlet-codemod diff --codemod flask_socketio
    cd codemods/flask_socketio && python -m libcst.tool codemod --no-format \
        -x flask_socketio.Command PATH
"""

import re

import libcst as cst
from libcst import matchers as m
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.metadata import PositionProvider, QualifiedNameProvider

CODE = "SOCKETIO001"
ORDER = "before"
STEP = 2
REQUIRES = ("socketio", "engineio", "async_mode")
ASKS = (
    "is the process patched by eventlet.monkey_patch(), or is nothing else of eventlet left in it? "
    "Each client holds a thread now and handlers run in parallel: is what they share guarded? "
    "WebSocket takes simple-websocket: is it required?"
)

BEFORE = """\
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet", cors_allowed_origins="*")
"""
AFTER = """\
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading", cors_allowed_origins="*")
"""

SERVERS = {
    "flask_socketio.SocketIO",
    "socketio.Server",
    "socketio.server.Server",
    "engineio.Server",
    "engineio.server.Server",
}
UNSEEN = (
    "the async mode of this server cannot be seen: where it is eventlet, it has to be threading"
)
BY_ITSELF = (
    "without async_mode the server takes eventlet as long as it is installed: write "
    "async_mode='threading', or see that eventlet is installed nowhere"
)
RUN = (
    "with threads socketio.run() starts Werkzeug's server, which refuses to run without a "
    "terminal: serve the application with `gunicorn --workers 1 --threads 100 MODULE:app`, or say "
    "allow_unsafe_werkzeug=True where it is for development"
)
CERTIFICATE = "; what certfile and keyfile say is ssl_context=(certfile, keyfile) there"


class Command(VisitorBasedCodemodCommand):
    """Take Socket.IO servers from eventlet to threads."""

    DESCRIPTION = "Socket.IO servers with the async mode of eventlet take that of threads."
    METADATA_DEPENDENCIES = (PositionProvider, QualifiedNameProvider)

    def visit_Module(self, node):
        """Note what the file says of eventlet, and what its servers are called."""
        self.mentions_eventlet = "eventlet" in node.code
        self.servers = {"socketio"}
        self.is_set_later = re.search(r"init_app\([^)]*async_mode", node.code) is not None
        self.constants = {}
        for statement in node.body:
            for assign in statement.body if m.matches(statement, m.SimpleStatementLine()) else ():
                if m.matches(assign, m.Assign(targets=[m.AssignTarget(target=m.Name())])):
                    name = assign.targets[0].target.value
                    twice = name in self.constants
                    self.constants[name] = None if twice else assign.value

    def visit_Assign(self, node):
        """Note the name of a server."""
        if isinstance(node.value, cst.Call) and self.is_server(node.value):
            self.servers |= {
                target.target.value
                for target in node.targets
                if isinstance(target.target, cst.Name)
            }

    def leave_Call(self, original_node, updated_node):
        """Edit the call that makes a server; tell of the one that runs it."""
        server = self.is_server(original_node)
        attribute = original_node.func
        method = attribute.attr.value if isinstance(attribute, cst.Attribute) else ""
        if server or method == "init_app":
            return self.with_threads(original_node, updated_node, server)
        if method == "run" and self.mentions_eventlet and self.is_run(original_node):
            names = {argument.keyword.value for argument in original_node.args if argument.keyword}
            if "allow_unsafe_werkzeug" not in names:
                self.tell(original_node, RUN + CERTIFICATE * ("certfile" in names))
        return updated_node

    def with_threads(self, original_node, updated_node, server):
        """Give the call with another async mode, if it has that of eventlet."""
        modes = [a for a in updated_node.args if a.keyword and a.keyword.value == "async_mode"]
        if not modes:
            spread = any(argument.star for argument in updated_node.args)
            if server and spread and self.mentions_eventlet:
                self.tell(original_node, UNSEEN)
            elif server:
                self.tell_choice(original_node)
            return updated_node
        value = modes[0].value
        if not isinstance(value, cst.SimpleString):
            self.tell_mode(original_node, value)
            return updated_node
        if value.evaluated_value != "eventlet":
            return updated_node
        text = f"{value.prefix}{value.quote}threading{value.quote}"
        return updated_node.deep_replace(value, value.with_changes(value=text))

    def tell_choice(self, node):
        """Tell of a server that chooses its mode by what is installed."""
        if self.mentions_eventlet and not self.is_set_later:
            self.tell(node, BY_ITSELF)

    def tell_mode(self, node, value):
        """Tell of a mode that is no string, or only by another name."""
        if isinstance(value, cst.Name):
            value = self.constants.get(value.value) or value
        if m.matches(value, m.Name("None")):
            self.tell_choice(node)
        elif not isinstance(value, cst.SimpleString) or value.evaluated_value == "eventlet":
            self.tell(node, UNSEEN)

    def is_server(self, node):
        """Whether a call makes a server."""
        names = self.get_metadata(QualifiedNameProvider, node.func, set())
        return any(name.name in SERVERS for name in names)

    def is_run(self, node):
        """Whether a call is `run` of a server."""
        value = node.func.value
        return isinstance(value, cst.Name) and value.value in self.servers

    def tell(self, node, message):
        """Warn, with the place in front."""
        line = self.get_metadata(PositionProvider, node).start.line
        self.warn(f"{self.context.filename}:{line}: {message}")

# proves: the HTTP server and urllib under their old names become the standard ones
# api: eventlet.monkey_patch, eventlet.green.BaseHTTPServer, eventlet.green.urllib.request, eventlet.spawn_n
# tier: review
# settings: force=yes
import eventlet

eventlet.monkey_patch()

from eventlet.green import BaseHTTPServer
from eventlet.green.urllib import error, request


class Handler(BaseHTTPServer.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"you asked for {self.path}".encode()
        self.send_response(404 if "missing" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = BaseHTTPServer.HTTPServer(("127.0.0.1", 0), Handler)
base = f"http://127.0.0.1:{server.server_port}"
eventlet.spawn_n(server.serve_forever, poll_interval=0.01)
print(request.urlopen(base + "/index").read())
try:
    request.urlopen(base + "/missing")
except error.HTTPError as exc:
    print(exc.code, exc.read())

# proves: a service with a certificate answers over TLS, in chunks too, and keeps connections
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.wrap_ssl, eventlet.spawn
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import http.client
import logging
import pathlib
import socket
import ssl

from eventlet import wsgi

#: A certificate for localhost with its key, of no use anywhere else.
PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYhxRIWpJWCmJGSmf
B48c+DEJ/qiADnh3efo8srgAPqShRANCAARYvyX7k55D6F1rclDP4BApMKlLx+5k
e7O3YH3YFRsAUxP5ui1kfc/2KoMxCY9OsZFRl/b0o5pBMu0iYNsS1MKk
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUM8IgwWgRFlP7qb0xeR/gbKUr1WowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzEwMjAzMFoYDzIxMjYxMTAz
MTAyMDMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARYvyX7k55D6F1rclDP4BApMKlLx+5ke7O3YH3YFRsAUxP5ui1kfc/2
KoMxCY9OsZFRl/b0o5pBMu0iYNsS1MKko28wbTAdBgNVHQ4EFgQUM3NprnrK2Fah
2Ears5KdhhNLc8YwHwYDVR0jBBgwFoAUM3NprnrK2Fah2Ears5KdhhNLc8YwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAIIealI40Yl+ig+hB/H7zNSu4zIFVxvJwFbl1QQNdP02AiAu
EO5au2LHttnHbWWfkcoCD9KLqSfFou4lbsMJLuPQpg==
-----END CERTIFICATE-----
"""


def application(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("no such thing")
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (part for part in (environ["wsgi.url_scheme"].encode(), b" ", body))


def ask(connection, method, path, body=None, **headers):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Transfer-Encoding"), answer.read()


def client(sock):
    address = sock.getsockname()
    context = ssl.create_default_context(cafile="localhost.pem")
    connection = http.client.HTTPSConnection("localhost", address[1], timeout=60, context=context)
    print(ask(connection, "GET", "/"))
    print(ask(connection, "POST", "/", b"kept"))
    print(ask(connection, "PUT", "/", iter([b"x" * 20000, b"y" * 20000]))[2].count(b"y"))
    print(ask(connection, "GET", "/broken")[0])
    print(ask(connection, "GET", "/", Connection="close"))
    sock.shutdown(socket.SHUT_RDWR)


def serve(sock):
    try:
        wsgi.server(sock, application, log=logging.getLogger("service"), debug=False)
    except OSError:
        pass
    print("closed")


pathlib.Path("localhost.pem").write_text(PEM)
listening = eventlet.listen(("127.0.0.1", 0))
secure = eventlet.wrap_ssl(listening, certfile="localhost.pem", server_side=True)
talk = eventlet.spawn(client, secure)
serve(secure)
talk.wait()

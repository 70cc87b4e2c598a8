# proves: a socket that listens serves TLS though nothing says server_side, and holds up no accept()
# api: eventlet.green.ssl.wrap_socket, eventlet.listen, eventlet.wrap_ssl, eventlet.spawn
# tier: review
# settings: helpers=concurrency
import eventlet

eventlet.monkey_patch()

import pathlib
import socket
import ssl as plain

from eventlet.green import ssl

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


def bind(conf):
    sock = None
    while not sock:
        sock = eventlet.listen(("127.0.0.1", 0), backlog=int(conf.get("backlog", 5)))
        if "cert_file" in conf:
            sock = ssl.wrap_socket(sock, certfile=conf["cert_file"], keyfile=conf["cert_file"])
    return sock


def answer(sock, clients):
    for _ in range(clients):
        connection = sock.accept()[0]
        try:
            connection.sendall(connection.recv(100).upper())
        except OSError as error:
            print("failed:", isinstance(error, plain.SSLError))
        connection.close()


def ask(sock, question):
    context = plain.create_default_context(cafile="localhost.pem")
    raw = socket.create_connection(sock.getsockname(), timeout=30)
    with context.wrap_socket(raw, server_hostname="localhost") as connection:
        connection.sendall(question)
        return connection.recv(100)


pathlib.Path("localhost.pem").write_text(PEM)
sock = bind({"cert_file": "localhost.pem"})
print(type(sock).__name__[-9:], sock.context.verify_mode.name)
answering = eventlet.spawn(answer, sock, 2)
print(ask(sock, b"hello"))
with socket.create_connection(sock.getsockname(), timeout=30) as plain_client:
    plain_client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    answering.wait()
sock.close()
sock = eventlet.wrap_ssl(eventlet.listen(("127.0.0.1", 0)), certfile="localhost.pem")
answering = eventlet.spawn(answer, sock, 1)
print(ask(sock, b"again"))
answering.wait()
sock.close()

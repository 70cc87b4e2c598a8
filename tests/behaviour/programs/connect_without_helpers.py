# proves: create_connection opens the connection, answers and is refused like eventlet's connect
# api: eventlet.connect, eventlet.listen
# tier: review
import eventlet

eventlet.monkey_patch()


def answer(listener):
    conn, _ = listener.accept()
    conn.sendall(conn.recv(100).upper())
    conn.close()


listener = eventlet.listen(("127.0.0.1", 0))
port = listener.getsockname()[1]
answering = eventlet.spawn(answer, listener)
client = eventlet.connect(("127.0.0.1", port), bind=("127.0.0.2", 0))
client.sendall(b"hello")
print(client.recv(100), client.recv(100), client.getsockname()[0], client.gettimeout())
client.close()
answering.wait()
listener.close()
try:
    eventlet.connect(("127.0.0.1", port))
except ConnectionRefusedError as error:
    print(type(error).__name__)

# proves: the helper serve answers each client, ends quietly with StopServe, with an error else
# api: eventlet.serve, eventlet.StopServe, eventlet.listen, eventlet.connect, eventlet.spawn
# tier: review
# settings: helpers=concurrency
# errors: ValueError: bad; eventlet.convenience.StopServe
# differs: C-EXC (native, patched)
# then-errors:
# then-stdout:
#   | b'hello' b'HELLO'
#   | b'stop' b''
#   | ended with None
#   | b'hello' b'HELLO'
#   | b'bad' b''
#   | ended with ValueError('bad')
import eventlet


def handle(conn, addr):
    question = conn.recv(100)
    if question == b"stop":
        raise eventlet.StopServe()
    if question == b"bad":
        raise ValueError(question.decode())
    conn.sendall(question.upper())


def client(address, last):
    for question in (b"hello", last):
        conn = eventlet.connect(address)
        conn.sendall(question)
        print(question, conn.recv(100), flush=True)
        conn.close()


def run(last):
    sock = eventlet.listen(("127.0.0.1", 0))
    asking = eventlet.spawn(client, sock.getsockname(), last)
    outcome = None
    try:
        eventlet.serve(sock, handle, concurrency=2)
    except Exception as error:
        outcome = error
    asking.wait()
    print("ended with", repr(outcome), flush=True)


run(b"stop")
run(b"bad")

"""For each part of eventlet that no rule rewrites: why it is left, and what to do by hand.

Keys are canonical names; the longest key that a use's name equals or lies below is taken.
"""

from __future__ import annotations

ADVICE: dict[str, tuple[str, str]] = {
    "eventlet": (
        "the module object itself is handed on",
        "name the function that is meant, or point the mock at its native replacement",
    ),
    "eventlet.asyncio": (
        "it bridges asyncio and green threads, and there are no green threads any more",
        "run the coroutine with asyncio.run() in a thread of its own, or hand it to a running loop "
        "with asyncio.run_coroutine_threadsafe()",
    ),
    "eventlet.backdoor": (
        "the backdoor swaps sys.stdin and sys.stdout per green thread, which threads cannot do",
        "use faulthandler.register(SIGUSR1) for stacks, or a code.InteractiveConsole behind a "
        "local socket in a daemon thread",
    ),
    "oslo_service.eventlet_backdoor": (
        "the backdoor swaps sys.stdin and sys.stdout per green thread, which threads cannot do",
        "leave it out: oslo.service removes it without a replacement. For stacks there is "
        "oslo.reports, or faulthandler.register(SIGUSR1)",
    ),
    "eventlet.convenience.StopServe": (
        "it ends eventlet.serve, whose replacement is a design decision",
        "let the native accept loop end on a threading.Event or on shutdown() of the socket",
    ),
    "eventlet.convenience.connect": (
        "create_connection resolves and times out differently from eventlet.connect",
        "use socket.create_connection(address), or build the socket by hand for another family",
    ),
    "eventlet.convenience.listen": (
        "eventlet.listen sets SO_REUSEADDR, SO_REUSEPORT and a backlog of 50, and IPv6 wildcards "
        "are dual-stack; socket.create_server does not",
        "use socket.create_server(address, backlog=50, reuse_port=True), with dualstack_ipv6=True "
        "for an IPv6 wildcard",
    ),
    "eventlet.convenience.serve": (
        "a handler's exception ends eventlet.serve, and it limits its green threads",
        "use socketserver.ThreadingTCPServer, or an accept loop that starts a thread per "
        "connection under a threading.BoundedSemaphore",
    ),
    "eventlet.convenience.wrap_ssl": (
        "wrap_ssl verifies no certificate, whatever cert_reqs says; an SSLContext does",
        "decide: keep the connection unverified on purpose, or start to verify, with an "
        "ssl.SSLContext and a release note",
    ),
    "eventlet.coros": (
        "coros has no native counterpart",
        "for a metaphore: a counter under `cond = threading.Condition()`; inc() adds to it, dec() "
        "takes away and calls `cond.notify_all()` at zero, wait() is `cond.wait_for(lambda: not "
        "count)`. For what hands values over: a queue.Queue",
    ),
    "eventlet.dagpool": (
        "a DAGPool runs tasks as their inputs arrive and passes failures along",
        "order = graphlib.TopologicalSorter({key: depends}); order.prepare(); then, while "
        "order.is_active(): submit(f, key, {d: results[d] for d in depends}) to an executor for "
        "each key of order.get_ready(), futures.wait(pending, return_when=FIRST_COMPLETED), put "
        "result() into results and call order.done(key). result() raises what the task raised, "
        "which a DAGPool wrapped in PropagateError for all that depends on it. Or use taskflow",
    ),
    "eventlet.db_pool": (
        "the pool hands out connections to green threads",
        "use the driver's own pool or SQLAlchemy's QueuePool (pool_size, max_overflow, "
        "pool_timeout, pool_recycle)",
    ),
    "eventlet.debug": (
        "it looks into the hub, which goes",
        "delete it, or use faulthandler.dump_traceback(all_threads=True) for the same insight",
    ),
    "eventlet.event.Event": (
        "this event carries a value or an exception, is reset, or leaves the file",
        "use a concurrent.futures.Future for a value (set_result, set_exception, result), a "
        "threading.Event without one; note that wait(timeout) then answers True or False",
    ),
    "eventlet.green": (
        "this green module has no plain equivalent that behaves the same",
        "import the module itself and review what its greening changed",
    ),
    "eventlet.greenio.GreenPipe": (
        "a GreenPipe duplicates its file and never blocks other green threads",
        "use os.fdopen() on the descriptor, or drop the pipe if it only woke the hub",
    ),
    "eventlet.greenio.GreenSocket": (
        "a GreenSocket puts its socket into non-blocking mode",
        "use the plain socket, after setblocking(True) where it was wrapped late",
    ),
    "eventlet.greenio.shutdown_safe": (
        "it ignores the errors of a socket that is closed already",
        "call sock.shutdown(socket.SHUT_RDWR) and ignore ENOTCONN, EBADF and ENOTSOCK",
    ),
    "eventlet.greenio": (
        "it belongs to green sockets",
        "use the plain socket or file object",
    ),
    "eventlet.greenpool.GreenPile": (
        "results come in the order of spawning, each once, and spawn() blocks when it is full",
        "`calls = collections.deque()` beside an executor: `calls.append(executor.submit(f, x))` "
        "for spawn(f, x), `calls.popleft().result()` for next(), `while calls:` around that for a "
        "loop",
    ),
    "eventlet.greenpool.GreenPool": (
        "a GreenPool blocks its caller when it is full, prints what its tasks raise and does not "
        "hold up the exit of the process; an executor does none of this",
        "name the pool that a concurrent.futures.ThreadPoolExecutor(max_workers=n) becomes, with a "
        "size for threads (the default here was 1000): submit(f, x) for spawn(f, x), result() for "
        "wait(), shutdown() in the place of the last waitall(). Where it must hold up its caller, "
        "count or start anew, take the helper BlockingPool (setting helpers)",
    ),
    "eventlet.greenthread.GreenThread": (
        "native threads and futures have neither this class nor its methods",
        "annotate and compare with the type that the spawn becomes: threading.Thread or "
        "concurrent.futures.Future",
    ),
    "eventlet.greenthread.cancel": (
        "only work that has not started can be cancelled natively",
        "keep the threading.Timer or the Future and call its cancel()",
    ),
    "eventlet.greenthread.exc_after": (
        "it raises an exception in another green thread; nothing native can",
        "pass a deadline to the blocking call instead",
    ),
    "eventlet.greenthread.kill": (
        "a native thread cannot be killed",
        "let the target watch a threading.Event: `while not stop.wait(interval)`; set it here and "
        "join() with a timeout. It may still be running for the length of one blocking call",
    ),
    "eventlet.greenthread.spawn": (
        "the result of this spawn is used",
        "give the work a concurrent.futures.Future of its own thread: wait() becomes result(), "
        "link() becomes add_done_callback(); kill() needs a stop event",
    ),
    "eventlet.greenthread.spawn_after": (
        "the result of this delayed call is used",
        "keep a threading.Timer with daemon = True: cancel() is the same; wait() needs a Future",
    ),
    "eventlet.greenthread.spawn_after_local": (
        "the call runs only if the green thread that asked for it is still alive",
        "keep a daemon threading.Timer and cancel() it in the owner's finally",
    ),
    "eventlet.greenthread.spawn_n": (
        "the result of this spawn is used",
        "keep the threading.Thread instead; what is done with it decides: a kill() needs a stop "
        "event",
    ),
    "eventlet.greenthread": (
        "this part of greenthread has no native twin",
        "say with threading, concurrent.futures or time what is meant",
    ),
    "eventlet.hubs": (
        "the hub is eventlet's event loop; native threads have none",
        "delete calls that only choose or tune a hub; use select or selectors for trampoline()",
    ),
    "eventlet.lock.Lock": (
        "this lock is used in a way that threading.Lock does not offer",
        "use threading.Lock and test with acquire(blocking=False)",
    ),
    "eventlet.patcher.import_patched": (
        "it makes a private green copy of a module",
        "import the module itself: its state and classes become the shared ones",
    ),
    "eventlet.patcher": (
        "it changes how modules are greened",
        "delete it with the last use of eventlet in the process",
    ),
    "eventlet.pools": (
        "eventlet's pools create items on demand and make green threads wait for them",
        "derive from the helper ResourcePool (setting helpers), which has the same methods but no "
        "channel: get() of a subclass calls super().get() where it read channel. A TokenPool is "
        "just a threading.BoundedSemaphore",
    ),
    "eventlet.queue": (
        "this queue is used in a way that the stdlib's does not offer, or the same arguments mean "
        "something else there",
        "use queue.Queue where the size is positive or absent; Queue(0) is a rendezvous here and "
        "unbounded there",
    ),
    "eventlet.semaphore.CappedSemaphore": (
        "no stdlib semaphore blocks on release as well",
        "use two threading.Semaphores, one for each bound",
    ),
    "eventlet.semaphore": (
        "this semaphore is used in a way that threading's does not offer",
        "replace balance and locked() by acquire(blocking=False), the only test that holds "
        "between threads",
    ),
    "eventlet.support": ("it supports eventlet's own modules", "use the stdlib's own name"),
    "eventlet.timeout": (
        "nothing native interrupts code that runs in another thread, so a Timeout has no twin",
        "give the blocking call in its body the limit (timeout=…), or test a time.monotonic() "
        "deadline in its loop; then fit the except clauses: TimeoutError is an Exception, Timeout "
        "was not",
    ),
    "eventlet.tpool": (
        "native code needs no second pool of threads to block in",
        "call the function directly once the hub is gone",
    ),
    "eventlet.websocket": (
        "it takes the raw socket of eventlet's WSGI server",
        "use websockets.sync.server, simple-websocket under a threaded server, or ASGI",
    ),
    "eventlet.wsgi": (
        "eventlet's WSGI server has no drop-in twin",
        "deploy the application under uWSGI, mod_wsgi or gunicorn's gthread, or serve it with "
        "cheroot and an explicit number of threads",
    ),
    "eventlet.zipkin": ("zipkin support hooks into the hub", "use OpenTelemetry"),
    "futurist.GreenThreadPoolExecutor": (
        "an executor of native threads needs a size that suits threads, and holds up the exit",
        "use futurist.ThreadPoolExecutor or concurrent.futures with a chosen max_workers",
    ),
    "futurist": ("this part of futurist makes green threads", "use its native counterpart"),
    "greenlet.GreenletExit": (
        "nothing raises GreenletExit in a native thread",
        "move what the handler does to the stop path or a finally, then delete the clause",
    ),
    "greenlet.getcurrent": (
        "what is done with the current green thread has no native twin",
        "use threading.current_thread() for identity, threading.get_ident() for a key",
    ),
    "greenlet": (
        "greenlets switch by hand; threads cannot",
        "redesign with a generator, or with a thread and a queue",
    ),
    "oslo_utils.eventletutils.Event": (
        "it chooses between eventlet's event and threading's at run time",
        "use threading.Event(), which is what it makes when nothing is patched",
    ),
    "oslo_utils.eventletutils": (
        "it asks whether eventlet is in use",
        "keep the native branch and delete the question",
    ),
}

STRING = (
    "a string that names eventlet is looked up at run time",
    "let it name what the code uses after the rewrite: for a mock, the name in the module under "
    "test",
)
MODE = (
    "the word selects a mode of another library or of this program",
    "choose the threaded mode there",
)
IMPORT = (
    "nothing in this file refers to the import",
    "delete it unless another module takes the name from here",
)
STAR = (
    "a star import hides which names come from eventlet",
    "import the names that are used",
)


def advice_for(api: str) -> tuple[str, str]:
    """Why a use of ``api`` is left, and what to do."""
    parts = api.split(".")
    for end in range(len(parts), 0, -1):
        found = ADVICE.get(".".join(parts[:end]))
        if found:
            return found
    return ("no rule knows it", "see what it does in eventlet, and say it with the stdlib")

# proves: a literal delay between retries stays a delay
# api: eventlet.sleep
# tier: safe
import eventlet


class Unavailable(Exception):
    pass


def call_backend(failures):
    if failures:
        raise Unavailable(failures.pop(0))
    return "ok"


def with_retries(failures, attempts=4):
    for attempt in range(attempts):
        try:
            return attempt, call_backend(failures)
        except Unavailable as exc:
            print("retry after", exc)
            eventlet.sleep(0.01)
    raise Unavailable("gave up")


print(with_retries(["busy", "starting"]))
try:
    with_retries(["down"] * 9)
except Unavailable as exc:
    print(exc)

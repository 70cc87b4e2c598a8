# proves: poll, poll_result and poll_exception answer without waiting
# api: eventlet.event.Event, eventlet.event.Event.poll, eventlet.event.Event.poll_result, eventlet.event.Event.poll_exception
# tier: review
from eventlet import event

good, bad, open_ = event.Event(), event.Event(), event.Event()
good.send(7)
bad.send_exception(RuntimeError("broken"))


def attempt(method):
    try:
        if method == "poll":
            return bad.poll()
        return bad.poll_exception() if method == "exception" else bad.poll_result("no result")
    except RuntimeError as exc:
        return f"raised {exc}"


print(good.poll(), good.poll_result("later"), good.poll_exception("fine"))
print(open_.poll(), open_.poll("later"), open_.poll_result("later"), open_.poll_exception(notready=0))
print(attempt("poll"), attempt("result"), attempt("exception"))

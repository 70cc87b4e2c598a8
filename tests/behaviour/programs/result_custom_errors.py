# proves: an error of the program's own class arrives with all it carries
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ApiError: ('teapot', 418); NotFound: ('no page', 404)
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


class ApiError(Exception):
    def __init__(self, reason, code):
        super().__init__(reason, code)
        self.code = code


class NotFound(ApiError):
    pass


def call(path):
    if path == "/coffee":
        raise ApiError("teapot", 418)
    if path != "/":
        raise NotFound("no page", 404)
    return "welcome"


for path, task in [(path, eventlet.spawn(call, path)) for path in ("/", "/coffee", "/x")]:
    try:
        print(path, task.wait())
    except NotFound as exc:
        print(path, "is not there:", exc.code)
    except ApiError as exc:
        print(path, "failed:", exc.code, exc.args[0])
    else:
        print(path, "is fine")

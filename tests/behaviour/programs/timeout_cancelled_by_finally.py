# proves: the long form, with its test of identity and more in the finally clause, ends alike
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import eventlet


def wait(box, log):
    limit = eventlet.Timeout(0.05)
    try:
        while not box:
            eventlet.sleep(60)
        log.append("ready")
    except eventlet.Timeout as error:
        if error is not limit:
            raise
        log.append("too late")
    finally:
        limit.cancel()
        log.append("done")
    return log


print(wait([1], []))
print(wait([], []))
eventlet.sleep(0.1)
print("nothing fires later")

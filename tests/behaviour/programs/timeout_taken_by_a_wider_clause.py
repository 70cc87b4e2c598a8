# proves: a clause for OSError let a Timeout through and takes a TimeoutError; C-CATCH asks
# api: eventlet.Timeout, eventlet.sleep
# tier: review
# differs: C-CATCH (native, patched)
# then-stdout:
#   | taken on the way
import eventlet


def wait(box):
    with eventlet.Timeout(0.05):
        while not box:
            eventlet.sleep(60)


def attempt():
    try:
        wait([])
    except OSError:
        print("taken on the way")


try:
    attempt()
except eventlet.Timeout:
    print("arrived")

# proves: a deadline ends the loop in the middle of a pause, as the Timeout did, with its own text
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import time

import eventlet

looks = []


def is_ready(after):
    looks.append(after)
    return len(looks) > after


def wait_for(after, limit, pause):
    del looks[:]
    began = time.monotonic()
    try:
        with eventlet.Timeout(limit):
            while not is_ready(after):
                eventlet.sleep(pause)
    except eventlet.Timeout as error:
        ended = f"too late: {error}"
    else:
        ended = "ready"
    in_time = time.monotonic() - began < 5
    print(ended, "after", len(looks), "looks", "in time" if in_time else "late")


wait_for(after=3, limit=60, pause=0.01)
wait_for(after=3, limit=0.1, pause=60)
wait_for(after=0, limit=0, pause=60)
wait_for(after=1, limit=0, pause=60)
wait_for(after=1, limit=-1, pause=60)

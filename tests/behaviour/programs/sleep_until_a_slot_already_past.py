# proves: a difference that comes out negative means "no wait", not ValueError
# api: eventlet.sleep
# tier: safe
import time

import eventlet


def run_at(slots, job):
    """Run the job at each slot; a slot that has passed is run at once."""
    ran = []
    for slot in slots:
        eventlet.sleep(slot - time.monotonic())
        late = time.monotonic() - slot
        ran.append((job(), "missed" if late > 30 else "on time"))
    return ran


now = time.monotonic()
print(run_at([now - 60, now - 59, now + 0.02], lambda: "sampled"))
print("did not wait for the past:", time.monotonic() - now < 20)

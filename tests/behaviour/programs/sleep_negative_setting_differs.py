# proves: a negative setting, harmless until now, raises once nothing is green; C-TYPE says so
# api: eventlet.sleep
# tier: review
# differs: C-TYPE (native)
# then-exit: 1
# then-errors: ValueError: sleep length must be non-negative
# then-stdout:
#   | poll every 0.001 -> 3 jobs
import eventlet

PROFILES = {"default": 0.001, "as fast as possible": -1}


def poll(interval):
    jobs = 0
    for _ in range(3):
        jobs += 1
        eventlet.sleep(interval)
    return jobs


for interval in PROFILES.values():
    print("poll every", interval, "->", poll(interval), "jobs")

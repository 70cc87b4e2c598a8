# proves: an Empty that nobody catches ends the program with the same exception
# api: eventlet.queue.Queue, eventlet.queue.Full
# tier: safe
# exit: 1
# errors: _queue.Empty
import eventlet.queue


def next_job(jobs):
    try:
        return jobs.get(timeout=0.01)
    except eventlet.queue.Full:
        return "never raised by get"
    finally:
        print("looked for a job")


jobs = eventlet.queue.Queue(5)
jobs.put("sweep")
print(next_job(jobs))
print(next_job(jobs))

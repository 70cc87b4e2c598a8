from concurrency import Queue, sleep, spawn


def start(numbers, results):
    jobs = Queue()
    for number in numbers:
        jobs.put(number)
    jobs.put(None)
    return spawn(_run, jobs, results)


def _run(jobs, results):
    done = 0
    for number in iter(jobs.get, None):
        sleep(0.001)
        results.put(number * 10)
        done += 1
    return f"{done} done"

import math

import eventlet


def start_all(numbers):
    tasks = []
    for number in numbers:
        tasks.append(eventlet.spawn(math.isqrt, number))
    return tasks


def start_by_name(checks):
    return {name: eventlet.spawn(pow, value, 2) for name, value in checks.items()}

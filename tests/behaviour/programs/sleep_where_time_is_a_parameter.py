# proves: a parameter called time does not capture the rewritten call
# api: eventlet.sleep
# tier: safe
import eventlet


def stamp(time, message):
    eventlet.sleep(0.001)
    return f"{time}: {message}"


def replay(entries):
    return [stamp(time, message) for time, message in entries]


print(replay([("10:00", "up"), ("10:05", "down")]))

# proves: the arguments are evaluated when the child is started, in their order
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def label(*parts, end=""):
    return "-".join(parts) + end


def say(text):
    print("evaluated", text)
    return text


tasks = []
for number in range(3):
    tasks.append(eventlet.spawn(label, "job", str(number), end="!"))
number = 99
print([task.wait() for task in tasks])
print(eventlet.spawn(label, say("a"), say("b"), end=say("c")).wait())
lambdas = [eventlet.spawn(lambda n=n: n * 10) for n in range(3)]
print([task.wait() for task in lambdas])

# proves: wait gives what the function returned
# api: eventlet.spawn, eventlet.sleep, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def fetch(path):
    eventlet.sleep(0.001)
    return {"path": path, "status": 200}


request = eventlet.spawn(fetch, "/health")
print("asked")
reply = request.wait()
print(reply["status"], reply["path"])

# proves: a name that holds a green thread or another thing that can be waited for stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import subprocess
import sys

import eventlet


def run(command):
    if callable(command):
        job = eventlet.spawn(command)
    else:
        job = subprocess.Popen([sys.executable, "-c", command])
    return job.wait()


print(run(lambda: 40 + 2), run("raise SystemExit(7)"))

# proves: a parameter that is given a green thread here and a process there stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import subprocess
import sys

import eventlet


def report(name, job):
    print(name, "ended with", job.wait())


report("thread", eventlet.spawn(round, 2.6))
report("process", subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]))

# proves: a green thread that another file kills, among things of other kinds, stays
# api: eventlet.spawn, eventlet.queue.Queue
# tier: manual
# rewrite: none
import subprocess
import sys

from cleanup import kill_all
from worker import LOG, start

things = [start("a"), subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1), start("b")]
print(sorted([LOG.get(), LOG.get()]))
kill_all(things)
print(sorted([LOG.get_nowait(), LOG.get_nowait()]), things[1].wait() != 0)

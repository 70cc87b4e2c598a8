# proves: processes run and report alike, in every import form of the module
# api: eventlet.green.subprocess
# tier: safe
import sys

import eventlet.green.subprocess
from eventlet.green import subprocess
from eventlet.green import subprocess as sp
from eventlet.green.subprocess import PIPE, Popen


def python(code):
    return [sys.executable, "-c", code]


print(subprocess.check_output(python("print(6 * 7)")))
print(sp.call(python("raise SystemExit(3)")))
with Popen(python("print(input()[::-1])"), stdin=PIPE, stdout=PIPE) as child:
    print(child.communicate(b"drawer\n")[0].strip(), child.returncode)
try:
    eventlet.green.subprocess.check_call(python("raise SystemExit(5)"))
except subprocess.CalledProcessError as exc:
    print("failed with", exc.returncode)

# proves: the limit of a call of subprocess ends it as the Timeout did, whatever is made of that
# api: eventlet.Timeout
# tier: review
# legs: native
import eventlet

eventlet.monkey_patch()

import subprocess
import sys
import time

NAP = [sys.executable, "-c", "import time; time.sleep(60)"]
TALK = [sys.executable, "-c", "print('talk')"]


class TooLate(Exception):
    pass


def caught(command, seconds):
    try:
        with eventlet.Timeout(seconds):
            return subprocess.check_call(command, stdout=subprocess.DEVNULL)
    except (KeyError, eventlet.Timeout):
        return "too late"


def given(command, seconds):
    with eventlet.Timeout(seconds, TooLate(f"after {seconds}")):
        return subprocess.call(command)


def silent(command):
    done = False
    with eventlet.Timeout(0.3, False):
        subprocess.check_call(command)
        done = True
    return done


def of_a_process(command, seconds):
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        limit = eventlet.Timeout(seconds)
        try:
            return process.communicate()[0]
        except eventlet.Timeout as error:
            if error is not limit:
                raise
            process.kill()
            return "killed"
        finally:
            limit.cancel()


def several(commands, seconds):
    done = []
    try:
        with eventlet.Timeout(seconds):
            for command in commands:
                done.append(subprocess.call(command, stdout=subprocess.DEVNULL))
    except eventlet.Timeout:
        done.append("too late")
    return done


began = time.monotonic()
print(caught(TALK, 50), caught(NAP, 0.3))
try:
    given(NAP, 0.3)
except TooLate as error:
    print(error)
print(silent(NAP))
print(of_a_process(TALK, 50), of_a_process(NAP, 0.3))
print(several([TALK, TALK], 50), several([TALK, NAP, TALK], 2))
print("in time" if time.monotonic() - began < 50 else "late")

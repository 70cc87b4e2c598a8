# proves: every spelling of sleep is found, whatever it was imported as
# api: eventlet.sleep, eventlet.greenthread.sleep
# tier: safe
import eventlet
import eventlet as ev
import eventlet.greenthread
from eventlet import greenthread
from eventlet import greenthread as gt
from eventlet import sleep
from eventlet.greenthread import sleep as nap


def warm_up(stages):
    stages.append("connect")
    eventlet.sleep(0.001)
    stages.append("login")
    ev.sleep(0.001)
    stages.append("list")
    eventlet.greenthread.sleep(0.001)
    stages.append("select")
    greenthread.sleep(0.001)
    gt.sleep(0.001)
    stages.append("fetch")
    sleep(0.001)
    nap(0.001)
    stages.append("logout")


stages = []
warm_up(stages)
print(" > ".join(stages))

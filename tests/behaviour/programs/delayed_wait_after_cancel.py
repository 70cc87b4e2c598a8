# proves: waiting for a cancelled call raises GreenletExit, which nothing native does, so it stays
# api: eventlet.spawn_after, eventlet.greenthread.GreenThread.cancel
# tier: manual
# rewrite: none
import eventlet
import greenlet

timer = eventlet.spawn_after(30, print, "never")
timer.cancel()
try:
    print("value:", timer.wait())
except greenlet.GreenletExit:
    print("cancelled", timer.dead)

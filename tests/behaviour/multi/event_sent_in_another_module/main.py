# proves: an event made in one module is sent in a second and waited for in a third
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.ready
# tier: review
import election
import state

print("leader known:", state.leader.ready())
election.start(["n3", "n1", "n2"])
print("leader:", state.leader.wait())
print("leader known:", state.leader.ready(), state.describe())

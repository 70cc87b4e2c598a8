# proves: handles that are found in globals() by a name stay
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet

load_users = eventlet.spawn(sorted, ["cem", "ann", "bob"])
load_groups = eventlet.spawn(list, ("staff", "guests"))


def loaded(what):
    return globals()["load_" + what].wait()


print(loaded("users"), loaded("groups"))

import eventlet


class Loader:
    def __init__(self):
        self._users_task = eventlet.spawn(sorted, ["bob", "ann"])
        self._groups_task = eventlet.spawn(list, ("staff",))

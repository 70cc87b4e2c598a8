# proves: a property gives the green thread, whoever asks waits
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


class Session:
    def __init__(self, user):
        self._user = user
        self._login_task = eventlet.spawn(self._log_in)

    def _log_in(self):
        return f"token-of-{self._user}"

    @property
    def login(self):
        return self._login_task

    @property
    def token(self):
        return self._login_task.wait()


session = Session("ann")
print(session.token)
print(session.login.wait() == session.token)

from eventlet import Timeout


class NoAnswer(Timeout):
    pass

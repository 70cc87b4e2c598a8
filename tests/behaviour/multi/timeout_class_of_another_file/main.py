# proves: a class that derives from Timeout changes in every file that sets a limit with it
# api: eventlet.Timeout, eventlet.monkey_patch
# tier: review
import eventlet

eventlet.monkey_patch()

import user  # noqa: E402

print(user.attempt(0.05), user.attempt(0.05))
try:
    user.take(0.01)
except eventlet.Timeout as error:
    print(type(error).__name__, error)

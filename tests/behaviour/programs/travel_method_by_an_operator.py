# proves: handles that are waited for by operator.methodcaller stay
# api: eventlet.spawn
# tier: manual
# rewrite: none
import operator

import eventlet

tasks = [eventlet.spawn(round, n / 3) for n in range(4)]
print(list(map(operator.methodcaller("wait"), tasks)))
print([operator.attrgetter("dead")(task) for task in tasks])

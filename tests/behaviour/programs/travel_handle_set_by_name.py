# proves: a handle that reaches an object by setattr stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import argparse

import eventlet

registry = argparse.Namespace()


def register(name, function, *args):
    setattr(registry, name, eventlet.spawn(function, *args))


register("answer", max, 41, 42)
register("question", str.upper, "why")
print(registry.answer.wait(), registry.question.wait())

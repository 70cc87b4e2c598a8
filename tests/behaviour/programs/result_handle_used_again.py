# proves: a name that held one green thread may hold the next
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def step(state, name):
    return [*state, name]


task = eventlet.spawn(step, [], "checkout")
task = eventlet.spawn(step, task.wait(), "build")
task = eventlet.spawn(step, task.wait(), "deploy")
print(task.wait())


class Pipeline:
    def run(self, names):
        done = []
        for name in names:
            self.current = eventlet.spawn(step, done, name)
            done = self.current.wait()
        return done


print(Pipeline().run(["a", "b"]))

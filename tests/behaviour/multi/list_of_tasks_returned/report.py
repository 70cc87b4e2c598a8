def total(tasks):
    return sum(task.wait() for task in tasks)


def table(tasks):
    for name in sorted(tasks):
        yield f"{name:5} {tasks[name].wait()}"

import utils


def render(path):
    if path == "/missing":
        raise FileNotFoundError("no page " + path)
    return f"<{path}>"


def build(paths):
    tasks = [utils.spawn(render, path) for path in paths]
    return [task.wait() for task in tasks]

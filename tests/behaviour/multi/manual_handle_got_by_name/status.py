def result_of(thing, name):
    return getattr(thing, f"_{name}_task").wait()

def produce(target, items):
    for number, item in enumerate(items, 1):
        target.put((number, item))
    target.put(None)

# proves: imports inside functions are followed and replaced where they stand
# api: eventlet.sleep
# tier: safe


def fetch(page):
    from eventlet import sleep

    sleep(0.001)
    return {"page": page}


def fetch_all(pages):
    import eventlet

    found = []
    for page in pages:
        found.append(fetch(page))
        eventlet.sleep(0.001)
    return found


print(fetch_all([1, 2]))

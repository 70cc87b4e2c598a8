def kill_all(things):
    for thing in things:
        thing.kill()

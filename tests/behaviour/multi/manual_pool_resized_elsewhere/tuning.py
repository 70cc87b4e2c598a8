def apply(target, settings):
    target.resize(settings["workers"])

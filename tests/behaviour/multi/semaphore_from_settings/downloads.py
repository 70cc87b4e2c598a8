import limits
from limits import slots

_inside = []


def download(name):
    with slots:
        _inside.append(name)
        limits.note(len(_inside))
        _inside.remove(name)
    return len(name)


def download_all(names):
    pile = limits.new_pile()
    for name in names:
        pile.spawn(download, name)
    return pile

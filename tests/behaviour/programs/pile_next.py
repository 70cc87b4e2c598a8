# proves: next takes one result, and StopIteration or the default comes at the end
# api: eventlet.GreenPile, eventlet.GreenPile.spawn
# tier: manual
# rewrite: none
import eventlet


def dice(seed):
    return seed * 7 % 6 + 1


pile = eventlet.GreenPile(2)
for seed in range(3):
    pile.spawn(dice, seed)
print(next(pile), next(pile), next(pile), next(pile, "no more"))
pile.spawn(dice, 10)
print(next(pile))
try:
    next(pile)
except StopIteration:
    print("empty")

# proves: a pile that is asked for its pool and counter stays
# api: eventlet.GreenPile.waiters, eventlet.GreenPile.counter
# tier: manual
# rewrite: none
import eventlet

pile = eventlet.GreenPile(2)
for n in range(2):
    pile.spawn(abs, -n)
print(pile.counter, pile.waiters.qsize(), pile.pool.running())
print(pile.next(), pile.counter)
print(list(pile), pile.pool.free())

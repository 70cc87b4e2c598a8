# proves: two green threads assigned at once are two
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def profile(user):
    return {"name": user.title()}


def orders(user):
    return [len(user), len(user) * 10]


def page(user):
    head, body = eventlet.spawn(profile, user), eventlet.spawn(orders, user)
    return head.wait()["name"], body.wait()


print(page("alice"))
print(page("bo"))

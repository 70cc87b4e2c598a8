# proves: tests read _value of a semaphore, and balance of the class that stands in its place
# api: eventlet.Semaphore
# tier: review
from tests import checks

for check in (checks.check_limited, checks.check_unlimited):
    print(check.__name__, check())

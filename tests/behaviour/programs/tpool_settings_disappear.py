# proves: statements that only configure the thread pool can go
# api: eventlet.tpool.set_num_threads, eventlet.tpool.killall, eventlet.tpool.execute
# tier: review
# settings: force=yes
import sys

from eventlet import tpool


def main(threads):
    if threads:
        tpool.set_num_threads(threads)
    try:
        print(tpool.execute(sorted, [3, 1, 2], reverse=True))
        return 0
    finally:
        tpool.killall()


sys.exit(main(threads=2))

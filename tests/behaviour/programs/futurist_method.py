# proves: a method of the class that a fixture wraps waits for the work of native executors too
# api: futurist.GreenThreadPoolExecutor
# tier: review

import time

import futurist


def main():
    done = []

    def work(item):
        time.sleep(0.05)
        done.append(item)

    shutdown = futurist.GreenThreadPoolExecutor.shutdown
    executor = futurist.GreenThreadPoolExecutor(max_workers=1)
    for item in "ab":
        executor.submit(work, item)
    shutdown(executor, wait=True)
    print(done, executor.alive)


main()

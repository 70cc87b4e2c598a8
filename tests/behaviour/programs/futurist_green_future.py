# proves: futures that tasks of an executor complete are waited for together, green or native
# api: futurist.GreenFuture, futurist.GreenThreadPoolExecutor
# tier: review

import futurist
from futurist import waiters


def collect(done, pages):
    done.set_result(sorted(len(page) for page in pages))
    return len(pages)


def main():
    done = futurist.GreenFuture()
    failed = futurist.GreenFuture()
    with futurist.GreenThreadPoolExecutor(max_workers=2) as executor:
        task = executor.submit(collect, done, ["abc", "a"])
        executor.submit(failed.set_exception, ValueError("no pages"))
        finished, pending = waiters.wait_for_all([done, failed, task], timeout=10)
    print(len(finished), len(pending))
    print(done.result(), task.result(), isinstance(done, futurist.GreenFuture))
    print(type(failed.exception()).__name__, failed.exception())


main()

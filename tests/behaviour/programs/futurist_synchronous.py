# proves: an executor that runs its work at once gives the same without green futures and locks
# api: futurist.SynchronousExecutor
# tier: review

import futurist


def half(number):
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def main():
    with futurist.SynchronousExecutor(green=True, run_work_func=lambda work: work.run()) as executor:
        futures = [executor.submit(half, number) for number in (4, 5)]
    print(futures[0].result(), futures[1].exception(), executor.alive)
    print(executor.statistics.executed, executor.statistics.failures)
    plain = futurist.SynchronousExecutor(green=False)
    print(plain.submit(half, 8).result(), [future.done() for future in futures])


main()

# proves: a text of several lines among the arguments keeps its indentation
# api: eventlet.spawn, eventlet.spawn_n, eventlet.spawn_after, eventlet.GreenPool
# tier: review
import eventlet

seen = []


class Runner:
    def start(self):
        first = eventlet.spawn(
            self.run,
            """
            SELECT *
              FROM things
        """,
            "a rather long second argument",
            "and a third, so that the line is long",
        )
        eventlet.spawn_n(
            self.run,
            """
                two
            three""",
        )
        eventlet.spawn_after(
            0,
            self.run,
            """
        four
      five""",
            "six",
        )
        pool = eventlet.GreenPool(2)
        pool.spawn_n(
            self.run,
            """
            seven
        eight""",
        )
        pool.waitall()
        first.wait()
        eventlet.sleep(0.2)

    def run(self, *texts):
        seen.append(texts)


Runner().start()
print(sorted(seen))

"""What becomes of settings of gunicorn and Celery in code, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("gunicorn_celery.py"))

CASES = [
    # --- what only looks like it ---
    noop("another pool", "import celery\n\nconf.update(worker_pool='prefork')  # not eventlet\n"),
    noop("another setting", "import celery\n\nconf.update(transport='eventlet')\n"),
    noop("another program", "conf.update(worker_pool='eventlet')\n"),
    noop("another argument", "import celery\n\nrun(['beat', '-P', 'eventlet'])\n"),
    noop("threads already", "import gunicorn\n\nx = {'worker_class': 'gthread'}  # not eventlet\n"),
    noop(
        "settings that a built-in rule reads",
        "worker_pool = 'eventlet'\n",
        path="celeryconfig.py",
    ),
    # --- what is told ---
    manual(
        "a worker class of its own",
        """
        from gunicorn.workers.geventlet import EventletWorker


        class Worker(EventletWorker):
            pass
        """,
        says="own code for eventlet",
    ),
    manual(
        "whose options these are",
        "OPTIONS = {'worker_class': 'eventlet'}\n",
        says="cannot be seen",
    ),
    # --- what is rewritten ---
    fixes(
        "an embedded gunicorn",
        """
        from gunicorn.app.base import BaseApplication


        def main():
            options = {
                'bind': '0.0.0.0:80',
                'worker_class': 'eventlet',  # for WebSocket
                'timeout': 120,
            }
            Application(app, options).run()
        """,
        """
        from gunicorn.app.base import BaseApplication


        def main():
            options = {
                'bind': '0.0.0.0:80',
                'worker_class': 'gthread',  # for WebSocket
                'threads': 64,
                'timeout': 120,
            }
            Application(app, options).run()
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "as many threads as connections",
        """
        import gunicorn

        options = {"worker_class": "eventlet", "worker_connections": 20}
        """,
        """
        import gunicorn

        options = {"worker_class": "gthread", "threads": 20, "worker_connections": 20}
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "threads that are there",
        """
        import gunicorn

        options = {"threads": "30", "worker_class": "eventlet"}
        """,
        """
        import gunicorn

        options = {"threads": "30", "worker_class": "gthread"}
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "the only option",
        """
        import gunicorn

        server = Server(options={
            'worker_class': 'eventlet'
        })
        """,
        """
        import gunicorn

        server = Server(options={
            'worker_class': 'gthread',
            'threads': 64
        })
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "Celery's settings by keyword, and too many",
        """
        from celery import Celery

        app = Celery("shop")
        app.conf.update(
            worker_pool='eventlet',  # green
            worker_concurrency=1000,
        )
        """,
        """
        from celery import Celery

        app = Celery("shop")
        app.conf.update(
            worker_pool='threads',  # green
            worker_concurrency=1000,
        )
        """,
        checks=["C-CODEMOD"],
        left=1,
    ),
    fixes(
        "Celery's settings one by one",
        """
        import celery

        app.conf.CELERYD_POOL = 'eventlet'
        app.conf["worker_pool"] = "eventlet"
        settings = {'worker_pool': 'eventlet'}
        """,
        """
        import celery

        app.conf.CELERYD_POOL = 'threads'
        app.conf["worker_pool"] = "threads"
        settings = {'worker_pool': 'threads'}
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "Django's settings",
        "CELERY_WORKER_POOL = 'eventlet'\n",
        "CELERY_WORKER_POOL = 'threads'\n",
        path="shop/settings.py",
        checks=["C-CODEMOD"],
    ),
    fixes(
        "arguments",
        """
        from shop import celery

        celery.worker_main(["worker", "-P", "eventlet", "-c", "8"])
        subprocess.run(["celery", "worker", "--pool=eventlet"])
        """,
        """
        from shop import celery

        celery.worker_main(["worker", "-P", "threads", "-c", "8"])
        subprocess.run(["celery", "worker", "--pool=threads"])
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "arguments of gunicorn",
        """
        subprocess.run(["gunicorn", "-k", "eventlet", "app:app"])
        subprocess.run(["gunicorn", "--threads", "8", "-k", "eventlet", "app:app"])
        """,
        """
        subprocess.run(["gunicorn", "-k", "gthread", "--threads", "64", "app:app"])
        subprocess.run(["gunicorn", "--threads", "8", "-k", "gthread", "app:app"])
        """,
        checks=["C-CODEMOD"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gunicorn_celery(case: Case) -> None:
    check(case, CODEMOD)

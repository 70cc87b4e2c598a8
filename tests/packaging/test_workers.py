"""Gunicorn's workers and Celery's pools."""

from __future__ import annotations

import pytest
from packaged import LEFT

# --- what is none ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[testenv]\ncommands = pytest -k eventlet\n"),
        ("run.sh", "# gunicorn -k eventlet app:app\n"),
        ("run.sh", "pytest -k eventlet  # not gunicorn\n"),
        ("run.sh", "gunicorn -k gevent app:eventlet\n"),
        ("run.sh", "gunicorn -k eventlet2 app\n"),
        ("run.sh", "gunicorn -k eventlet.py app\n"),
        ("tox.ini", "[testenv:eventlet]\ndescription = gunicorn -k eventlet\n"),
        ("README.md", "gunicorn -k eventlet app:app\n"),
        ("a.yaml", "a:\n  - pytest\n  - -k\n  - eventlet\n"),
        ("a.yaml", "x: gunicorn\ny: pytest -k eventlet\n"),
        ("a.yml", "script:\n  - gunicorn a\n  - pytest -k eventlet\n"),
        ("run.sh", "mkdir -P eventlet\n"),
        ("gunicorn.conf.py", "worker_class = 'gthread'  # not eventlet\n"),
        ("mine.py", "worker_class = 'eventlet'\n"),
        ("celeryconfig.py", "worker_pool = 'prefork'\nname = 'eventlet'\n"),
        ("run.sh", "echo worker_classes: eventlet\n"),
    ],
)
def test_other_words_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("app.env", "GUNICORN_WORKER_CLASS=eventlet\n", "how this reaches gunicorn"),
        ("a.yml", "env:\n  WORKER_CLASS: eventlet\n", "how this reaches gunicorn"),
        ("run.sh", 'OPTS="--worker-class eventlet"\n', "how this reaches gunicorn"),
        ("gunicorn_conf.py", "worker_class = 'a'\nworker_class = 'eventlet'\n", "cannot be seen"),
    ],
)
def test_what_cannot_be_seen_is_told(stays, path, text, says):
    stays(path, text, says=says)


# --- gunicorn -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "run.sh",
            "exec gunicorn -k eventlet a:b\n",
            "exec gunicorn -k gthread --threads 64 a:b\n",
        ),
        (
            "Procfile",
            "web: gunicorn --worker-class eventlet -w 1 a:b\n",
            "web: gunicorn --worker-class gthread --threads 64 -w 1 a:b\n",
        ),
        (
            "x.service",
            "[Service]\nExecStart=/x/bin/gunicorn --worker-class=eventlet a\n",
            "[Service]\nExecStart=/x/bin/gunicorn --worker-class=gthread --threads=64 a\n",
        ),
        (
            "Dockerfile",
            'CMD ["gunicorn", "--worker-class=eventlet", "a"]\n',
            'CMD ["gunicorn", "--worker-class=gthread", "--threads=64", "a"]\n',
        ),
        (
            "Dockerfile.prod",
            "CMD gunicorn \\\n    -w 2 \\\n    -k eventlet \\\n    a:b\n",
            "CMD gunicorn \\\n    -w 2 \\\n    -k gthread --threads 64 \\\n    a:b\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  a:\n    command: gunicorn -k 'eventlet' a\n    x: 1\n",
            "services:\n  a:\n    command: gunicorn -k 'gthread' --threads 64 a\n    x: 1\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  a:\n    command:\n      - gunicorn\n"
            "      - -k\n      - eventlet\n      - a\n",
            "services:\n  a:\n    command:\n      - gunicorn\n      - -k\n      - gthread\n"
            '      - --threads\n      - "64"\n      - a\n',
        ),
        (
            "k8s/a.yaml",
            'command: [\n  "gunicorn",\n  "-k", "eventlet",\n]\n',
            'command: [\n  "gunicorn",\n  "-k", "gthread", "--threads", "64",\n]\n',
        ),
        (
            "a.yaml",
            "command: >\n  gunicorn\n  -k eventlet\n  a:b\n",
            "command: >\n  gunicorn\n  -k gthread --threads 64\n  a:b\n",
        ),
        (
            ".env",
            'GUNICORN_CMD_ARGS="-k eventlet --bind :80"\n',
            'GUNICORN_CMD_ARGS="-k gthread --threads 64 --bind :80"\n',
        ),
        (
            "tox.ini",
            "[testenv]\ncommands =\n  gunicorn -k eventlet a\n",
            "[testenv]\ncommands =\n  gunicorn -k gthread --threads 64 a\n",
        ),
        (
            "run.sh",
            "gunicorn -k gunicorn.workers.geventlet.EventletWorker a\n",
            "gunicorn -k gthread --threads 64 a\n",
        ),
        (
            "gunicorn.conf.py",
            'bind = ":80"\nworker_class = "eventlet"  # green\nworkers = 2\n',
            'bind = ":80"\nworker_class = "gthread"  # green\nthreads = 64\nworkers = 2\n',
        ),
        (
            "deploy/gunicorn_prod.py",
            "worker_connections = 20\nworker_class = 'eventlet'\n",
            "worker_connections = 20\nworker_class = 'gthread'\nthreads = 20\n",
        ),
        (
            "gunicorn.conf.py",
            "worker_class = 'eventlet'\n# threads = 8, worker_connections = 4\n",
            "worker_class = 'gthread'\nthreads = 64\n# threads = 8, worker_connections = 4\n",
        ),
        (
            "gunicorn.conf.py",
            "worker_class = 'eventlet'\nthreads = 8\n",
            "worker_class = 'gthread'\nthreads = 8\n",
        ),
        (
            "run.sh",
            "gunicorn --worker-connections 32 -k eventlet a\n",
            "gunicorn --worker-connections 32 -k gthread --threads 32 a\n",
        ),
        (
            "run.sh",
            "gunicorn --threads=4 -k eventlet a\n",
            "gunicorn --threads=4 -k gthread a\n",
        ),
    ],
)
def test_gunicorn(becomes, stays, path, before, after):
    outcome = becomes(path, before, after)
    assert outcome.told()[0].endswith("EVT805 review rewritten")
    stays(path, before, says=f"left: {LEFT} must go first", left=LEFT)


def test_the_number_of_threads_is_asked_about(becomes):
    def asked(before: str, after: str) -> str:
        return becomes("run.sh", before, after).messages()

    assert "took up to 1000 requests at once, this one 64" in asked(
        "gunicorn -k eventlet a\n", "gunicorn -k gthread --threads 64 a\n"
    )
    assert "took up to 500 requests" in asked(
        "gunicorn --worker-connections=500 -k eventlet a\n",
        "gunicorn --worker-connections=500 -k gthread --threads 64 a\n",
    )
    assert "C-BOUND" not in asked(
        "gunicorn --worker-connections=5 -k eventlet a\n",
        "gunicorn --worker-connections=5 -k gthread --threads 5 a\n",
    )
    assert "it takes as many as --threads 2 says" in asked(
        "gunicorn --threads 2 -k eventlet a\n", "gunicorn --threads 2 -k gthread a\n"
    )


def test_websockets_are_asked_about(package):
    files = {"requirements.txt": "Flask-SocketIO\n", "Procfile": "web: gunicorn -k eventlet a\n"}
    outcome = package(files)
    assert (
        "C-MODE: WebSocket from threads takes simple-websocket (flask-socketio)"
        in outcome.messages()
    )


# --- Celery ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run.sh", "celery -A a worker -P {} -c 50\n"),
        ("run.sh", "celery -A a worker --pool={} -c 50\n"),
        ("Dockerfile", 'CMD ["celery", "worker", "--pool", "{}", "-c", "50"]\n'),
        ("Dockerfile", 'CMD ["celery", "worker", "--pool={}", "-c", "50"]\n'),
        ("a.yml", "command:\n- celery\n- worker\n- -P\n- {}\n- -c50\n"),
        (".env", 'CELERYD_OPTS="-P {} -c 50"\n'),
        ("sysconfig.env", "CELERYD_POOL={}\n"),
        ("a.conf", "[program:x]\ncommand=celery worker -P{} -c 50\n"),
        ("celeryconfig.py", "worker_pool = '{}'\nworker_concurrency = 50\n"),
        ("app/celery_settings.py", 'CELERYD_POOL = "{}"\n'),
    ],
)
def test_celery(becomes, stays, path, text):
    outcome = becomes(path, text.format("eventlet"), text.format("threads"))
    assert outcome.told()[0].endswith("EVT806 review rewritten")
    assert ("C-BOUND" in outcome.messages()) == ("50" not in text)
    stays(path, text.format("eventlet"), says="must go first", left=LEFT)


def test_concurrency_is_asked_about(becomes):
    before = "celery worker -P eventlet --concurrency 1000\n"
    outcome = becomes("run.sh", before, before.replace("eventlet", "threads"))
    assert "1000 threads may run at once" in outcome.messages()


def test_the_requirement_waits_for_the_worker(package):
    files = {
        "requirements.txt": "eventlet\ngunicorn[eventlet]\n",
        "run.env": "WORKER_CLASS=eventlet\n",
        "Procfile": "web: gunicorn -k eventlet a\n",
    }
    outcome = package(files)
    assert outcome.text("requirements.txt") == "eventlet\ngunicorn[eventlet]\n"
    assert "left: gunicorn.workers.geventlet (run.env:1) must go first" in outcome.messages()
    assert outcome.text("Procfile") == "web: gunicorn -k gthread --threads 64 a\n"

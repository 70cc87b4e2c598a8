"""What commands install, and what they run through eventlet."""

from __future__ import annotations

import pytest
from packaged import LEFT


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "# RUN pip install eventlet\nRUN pip install a # eventlet\n"),
        ("Dockerfile", "RUN pip install eventletx my-eventlet -r eventlet.txt\n"),
        ("Dockerfile", "RUN pip install a && echo eventlet\n"),
        ("Dockerfile", "RUN pip install a; ls eventlet\nRUN make eventlet\n"),
        ("Dockerfile", "RUN pip install -e eventlet\n"),
        ("run.sh", "pip uninstall eventlet\n"),
        ("tox.ini", "[testenv]\ndescription = pip install eventlet\n"),
        ("run.sh", "pytest -m eventlet\n"),
        ("run.sh", "python -m eventletx\npython -m my.eventlet\n"),
        ("run.sh", "# python -m eventlet.patcher x.py\n"),
        ("run.sh", "python -c 'print(1)'  # import eventlet\n"),
    ],
)
def test_other_commands_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("run.sh", "pip install eventlet\n", "delete the command"),
        ("Dockerfile", "RUN pip install eventlet && make\n", "delete the command"),
        ("a.yml", "run: pip install eventlet==0.33\n", "delete the command"),
        ("run.sh", "python -m eventlet.backdoor\n", "a command runs `eventlet.backdoor`"),
        ("run.sh", "python -m eventlet.patcher\n", "a command runs `eventlet.patcher`"),
        ("tox.ini", "[testenv]\ncommands = python -c 'import eventlet'\n", "runs `eventlet`"),
        ("Dockerfile", 'RUN python3 -c "from eventlet import x"\n', "runs `eventlet`"),
    ],
)
def test_what_cannot_go_alone_is_told(stays, path, text, says):
    stays(path, text, says=says)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Dockerfile", "RUN pip install eventlet a\n", "RUN pip install a\n"),
        ("Dockerfile", "RUN pip install a eventlet\n", "RUN pip install a\n"),
        ("Dockerfile", "RUN pip install -r r.txt 'eventlet>=0.3'\n", "RUN pip install -r r.txt\n"),
        ("Dockerfile", "FROM x\nRUN pip install eventlet\nCMD a\n", "FROM x\nCMD a\n"),
        (
            "Dockerfile",
            "FROM x\nRUN pip3 install --no-cache-dir \\\n    eventlet \\\n    greenlet\nCMD a\n",
            "FROM x\nCMD a\n",
        ),
        (
            "Dockerfile",
            "RUN pip install \\\n    a \\\n    eventlet==0.33 \\\n    b\n",
            "RUN pip install \\\n    a \\\n    b\n",
        ),
        (
            "Dockerfile",
            "RUN pip install \\\n    a \\\n    eventlet\nCMD b\n",
            "RUN pip install \\\n    a\nCMD b\n",
        ),
        (
            "Dockerfile",
            "RUN apt-get update && apt-get -y install python3-eventlet gcc && rm x\n",
            "RUN apt-get update && apt-get -y install gcc && rm x\n",
        ),
        ("Dockerfile", "RUN apk add --no-cache py3-greenlet gcc\n", "RUN apk add --no-cache gcc\n"),
        ("run.sh", "pip install 'gunicorn[eventlet]>=20' a\n", "pip install 'gunicorn>=20' a\n"),
        (
            "tox.ini",
            "[testenv]\ncommands = pip install a eventlet\n",
            "[testenv]\ncommands = pip install a\n",
        ),
        ("a.yml", "- run: pip install a eventlet\n", "- run: pip install a\n"),
        ("a.yml", "run: |\n  pip install a \\\n    eventlet\n", "run: |\n  pip install a\n"),
    ],
)
def test_installs(becomes, stays, path, before, after):
    outcome = becomes(path, before, after)
    assert all(line.endswith("EVT801 safe rewritten") for line in outcome.told())
    stays(path, before, says="must go first", left=LEFT)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("run.sh", "python3 -m eventlet.patcher a.py\n", "python3 a.py\n"),
        (
            "a.service",
            "ExecStart=/x/python -m eventlet.patcher /a.py -x\n",
            "ExecStart=/x/python /a.py -x\n",
        ),
        (
            "tox.ini",
            "[testenv]\ncommands =\n  python -m eventlet.patcher a.py\n",
            "[testenv]\ncommands =\n  python a.py\n",
        ),
    ],
)
def test_scripts_run_through_eventlet(becomes, path, before, after):
    assert becomes(path, before, after).told()[0].endswith("EVT810 review rewritten")

"""Campaigns for the tests of views: one with something of everything, and large ones."""

import random

from eventlet_codemod.batch.model import Counts, Point, Row, Snapshot, StageRow

OPENDEV = "https://opendev.org/openstack"

ROWS = (
    Row(
        name="openstack/oslo.messaging",
        state="changed",
        source=f"{OPENDEV}/oslo.messaging",
        ref="master",
        base="0123456789abcdef0123456789abcdef01234567",
        group="libraries",
        owner="oslo",
        wave=1,
        attempts=1,
        seconds=41.2,
        peak_memory=210_000_000,
        log="openstack/oslo.messaging/log.txt",
        patches="openstack/oslo.messaging/patches",
        ledger="openstack/oslo.messaging/ledger.json",
        stages=(StageRow("fetch", "done", 2.5), StageRow("tests", "done", 30, "12 passed")),
        counts=Counts(
            uses=23,
            safe=12,
            review=6,
            manual=4,
            suppressed=1,
            hazards=2,
            files_changed=9,
            patches=5,
            lines=310,
            by_rule={"EVT101 sleep": 14, "EVT201 spawn": 9},
        ),
        tests="812 passed",
        published=("https://review.opendev.org/c/openstack/oslo.messaging/+/900001",),
    ),
    Row(
        name="openstack/nova",
        state="failed",
        source=f"{OPENDEV}/nova",
        ref="stable/2026.1",
        base="89abcdef0123456789abcdef0123456789abcdef",
        group="compute",
        owner="nova",
        wave=2,
        stage="tests",
        reason="3 tests fail after the rewrite that did not before",
        attempts=2,
        seconds=1842.0,
        log="openstack/nova/log.txt",
        stages=(StageRow("fetch", "done", 12.5), StageRow("tests", "failed", 1700, "3 failed")),
    ),
    Row(
        name="openstack/neutron",
        state="running",
        source=f"{OPENDEV}/neutron",
        group="network",
        owner="neutron",
        wave=2,
        stage="rewrite",
        attempts=1,
        seconds=75,
        stages=(StageRow("fetch", "done", 9.5), StageRow("rewrite", "running", 61)),
    ),
    Row(
        name="openstack/cinder",
        state="left",
        group="storage",
        owner="cinder",
        wave=2,
        attempts=1,
        seconds=33,
        cached=True,
        counts=Counts(uses=3, manual=3, by_rule={"EVT201 spawn": 3}),
        tests="not run",
    ),
    Row(
        name="openstack/keystone",
        state="clean",
        owner="keystone",
        wave=2,
        attempts=1,
        seconds=5,
        counts=Counts(),
    ),
    Row(name="openstack/heat", state="waiting", group="orchestration", owner="heat", wave=3),
    Row(name="openstack/manila", state="waiting", group="storage", owner="manila", wave=3),
)

HISTORY = (
    Point("2026-09-01T10:00:00+00:00", 7, 3, 2, 61, 30, 25),
    Point("2026-10-01T10:00:00+00:00", 7, 5, 1, 48, 28, 16),
    Point("2026-11-01T10:00:00+00:00", 7, 6, 1, 26, 18, 7),
)

LOGS = {
    "openstack/nova/log.txt": "\x1b[31mFAILED\x1b[0m test_a\r\nTraceback:\n\tassert 1 < 0\n",
}

CAMPAIGN = Snapshot(
    campaign="OpenStack 2026.2",
    version="0.1.0",
    rows=ROWS,
    history=HISTORY,
    running=True,
    started="2026-11-28T03:00:00+00:00",
    updated="2026-11-28T03:41:08+00:00",
    jobs=2,
)


def large(number: int, *, seed: int = 1) -> tuple[Snapshot, dict[str, str]]:
    """Give a campaign over ``number`` repositories, and the logs of those that failed."""
    dice = random.Random(seed)
    rules = [f"EVT{code} {word}" for code, word in enumerate(("sleep", "spawn", "queue"), 101)]
    rows, logs = [], {}
    for index in range(number):
        name = f"openstack/project-{index:04}"
        states = ("changed",) * 6 + ("left", "clean", "failed", "waiting", "waiting")
        state = dice.choice(states) if index > 4 else "running"
        common = {
            "name": name,
            "source": f"https://opendev.org/{name}",
            "ref": dice.choice(("master", "stable/2026.1")),
            "group": dice.choice(("compute", "network", "storage", "libraries")),
            "owner": f"team-{dice.randrange(40)}",
            "wave": dice.randrange(1, 9),
        }
        if state == "waiting":
            rows.append(Row(state=state, **common))
            continue
        common |= {
            "base": f"{dice.getrandbits(160):040x}",
            "seconds": dice.uniform(3, 2000),
            "attempts": 1,
            "log": f"{name}/log.txt",
        }
        if state == "running":
            rows.append(Row(state=state, stage=dice.choice(("fetch", "tests")), **common))
        elif state == "failed":
            lines = [f"tests/test_{n}.py::test_{n} FAILED  [{n}%]" for n in range(60)]
            logs[f"{name}/log.txt"] = "\n".join(lines)
            reason = f"{dice.randrange(1, 30)} tests fail that did not before"
            rows.append(Row(state=state, stage="tests", reason=reason, **common))
        else:
            safe, review, manual = (dice.randrange(0, 60) for _ in range(3))
            if state != "changed":
                safe = review = 0
            uses = safe + review + manual if state != "clean" else 0
            counts = Counts(
                uses=uses,
                safe=safe,
                review=review,
                manual=manual if uses else 0,
                patches=(safe + review) // 4,
                by_rule={dice.choice(rules): uses} if uses else {},
            )
            published = tuple(
                f"https://review.opendev.org/c/{name}/+/{900000 + index * 10 + n}"
                for n in range(dice.randrange(3) if state == "changed" else 0)
            )
            rows.append(
                Row(
                    state=state,
                    counts=counts,
                    patches=f"{name}/patches",
                    ledger=f"{name}/ledger.json",
                    tests=f"{dice.randrange(2000)} passed",
                    published=published,
                    **common,
                )
            )
    points = tuple(
        Point(f"2026-{m:02}-01T10:00:00+00:00", number, number - 9, 9, 90000 // m, 40000 // m, 20)
        for m in range(1, 12)
    )
    snapshot = Snapshot(
        campaign="OpenStack, everything",
        version="0.1.0",
        rows=tuple(rows),
        history=points,
        running=True,
        started="2026-11-28T03:00:00+00:00",
        updated="2026-11-28T03:41:08+00:00",
        jobs=8,
    )
    return snapshot, logs

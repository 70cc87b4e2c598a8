import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import MappingProxyType

import browser as chromium
import pytest
from campaigns import CAMPAIGN, LOGS, ROWS, large
from hypothesis import given
from hypothesis import strategies as st

from eventlet_codemod.batch import burndown, dashboard, markup, tally
from eventlet_codemod.batch.model import Counts, Point, Row, Snapshot

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><script>alert(1)</script>",
    "</title></style></textarea><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<!--",
    "]]>",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "name\u202egnp.exe",
    "\u2066isolated\u2069\u200b",
    "\x00\x07\x1b[2J\x7f\x85",
    "line\r\nbreak\ttab\u2028",
    "not utf-8: \udcff",
    "lone surrogate: \ud800",
    "עברית and ünïcode 日本",
    "=HYPERLINK(1)",
    "https://user:hunter2@example.org/",
)


class Parsed(HTMLParser):
    """What a page says: the text of each element, and all attributes."""

    VOID = ("meta", "input", "br", "link", "img")

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.texts = {}
        self.attributes = []
        self.tags = []
        self._open = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.attributes += [(name, key, value) for key, value in attributes]
        if name not in self.VOID:
            self._open.append((name, []))

    def handle_data(self, text):
        for _, parts in self._open:
            parts.append(text)

    def handle_endtag(self, name):
        opened, parts = self._open.pop()
        assert opened == name
        self.texts.setdefault(name, []).append("".join(parts))


def hostile(text):
    """A campaign in which everything that is not made by the tool is that text."""
    failed = Row(
        name=text,
        state="failed",
        source=text,
        ref=text,
        base=text,
        group=text,
        owner=text,
        stage=text,
        reason=text,
        log=text,
        patches=text,
        ledger=text,
        tests=text,
        published=(text,) * 5,
        counts=Counts(uses=1, manual=1, by_rule={text: 1}),
    )
    return Snapshot(
        campaign=text,
        version=text,
        rows=(failed, replace(failed, state="running"), replace(failed, published=(text,))),
        history=(Point(text, 1, 1, 1, 1, 1, 1),),
        started=text,
        updated=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_text_everywhere(text):
    harmless = Parsed(dashboard.render(hostile("x"), logs={"x": "x"}))
    parsed = Parsed(dashboard.render(hostile(text), logs={text: text}))

    said = tally.shown(text)
    assert parsed.texts["h1"] == [said]
    assert parsed.texts["title"] == [f"{said} – eventlet-codemod"]
    assert parsed.texts["th"].count(said) == harmless.texts["th"].count("x")
    assert parsed.texts["p"].count(said) == harmless.texts["p"].count("x")
    assert parsed.texts["code"] == [said[:12] if said == text else tally.shown(text[:12])] * 3
    assert parsed.texts["pre"] == [tally.shown_lines(text.rstrip())] * 2
    # An address that is none is text, so that links may be fewer: nothing else can differ.
    without = ("a", "span")
    assert [tag for tag in parsed.tags if tag not in without] == [
        tag for tag in harmless.tags if tag not in without
    ]


@given(st.text())
def test_any_text_comes_back(text):
    page = markup.tag("p", text, markup.tag("b", title=text)).html
    page.encode()
    parsed = Parsed(page)
    assert parsed.texts["p"] == [tally.shown(text)]
    assert parsed.attributes == [("b", "title", tally.shown(text))]
    if text.isprintable() and text.isascii() and "@" not in text:
        assert tally.shown(text) == text


@given(st.text())
def test_what_is_shown_can_be_shown(text):
    said = tally.shown(text)
    assert said.isprintable()
    assert said.encode().decode() == said
    assert all(line.replace("\t", "").isprintable() for line in tally.shown_lines(text).split("\n"))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://review.opendev.org/c/openstack/nova/+/1", True),
        ("http://localhost:8080/", True),
        ("HTTPS://example.org/a?b=c&d", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        (" https://example.org/", False),
        ("https:/example.org", False),
        ("https://", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("https://github.com@example.org/", False),
        ("https://user:secret@example.org/", False),
        ("https://example.org\\@evil.example", False),
        ("https://example.org/\u202egro.elpmaxe", False),
        ("https://[::1", False),
        ("https://example.org:port/", False),
    ],
)
def test_only_addresses_of_http_are_links(address, link):
    page = dashboard.render(
        replace(CAMPAIGN, rows=(Row(name="a", state="changed", published=(address,)),))
    )
    parsed = Parsed(page)
    assert (("a", "href", address) in parsed.attributes) == link
    if not link:
        assert tally.shown(address) in parsed.texts["span"]
    assert "secret" not in page


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("openstack/nova/log.txt", "openstack/nova/log.txt"),
        ("a b/ü#?.txt", "a%20b/%C3%BC%23%3F.txt"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("not utf-8 \udcff", "not%20utf-8%20%FF"),
        ("//example.org/x", ""),
        ("/etc/passwd", ""),
        ("../outside", ""),
        ("a/../../outside", ""),
        ("lone \ud800", ""),
        ("", ""),
    ],
)
def test_links_to_files_stay_in_the_directory(path, link):
    assert tally.file_link(path) == link


@pytest.mark.parametrize(
    "attributes",
    [
        {"style": "color: red"},
        {"onclick": "x"},
        {"onClick": "x"},
        {"srcdoc": "x"},
        {"href": "https://example.org/"},
        {"src": "x"},
        {"a b": "x"},
        {"x>": "x"},
    ],
)
def test_attributes_that_act_cannot_be_written(attributes):
    with pytest.raises(ValueError, match=r"attribute|Link"):
        markup.tag("a", **attributes)


@pytest.mark.parametrize("name", ["script", "style", "a b", "a>", ""])
def test_elements_that_act_cannot_be_made_of_text(name):
    with pytest.raises(ValueError, match="no element"):
        markup.tag(name, "x")
    with pytest.raises(ValueError, match="not fit"):
        markup.inline("script", "1</script>")


def test_the_policy_allows_this_style_and_this_script_alone():
    page = dashboard.render(CAMPAIGN)
    parsed = Parsed(page)
    (policy,) = [
        value for name, key, value in parsed.attributes if (name, key) == ("meta", "content")
    ][:1]
    (style,), (script,) = parsed.texts["style"], parsed.texts["script"]
    assert policy == (
        f"default-src 'none'; style-src {markup.digest(style)}; "
        f"script-src {markup.digest(script)}; base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style")
    assert not re.search(r"url\(|@import|fetch\(|innerHTML|eval\(", style + script)


def test_what_was_not_tried_is_not_among_the_failures():
    parsed = Parsed(dashboard.render(CAMPAIGN, logs=LOGS))
    failures, _, repositories = parsed.texts["section"][:3]
    assert failures.startswith("Failures (1)By stage: tests 1.openstack/nova failed in tests")
    assert "openstack/heat" not in failures
    assert "openstack/heatnot tried3heat" in repositories
    assert "openstack/novafailed in tests2nova" in repositories
    assert parsed.texts["dl"][0] == "repositories7done3running1failed1not tried2"


def test_a_failure_has_the_end_of_its_log_and_a_link_to_it():
    long = "".join(f"line {number}\n" for number in range(10_000))
    parsed = Parsed(dashboard.render(CAMPAIGN, logs={"openstack/nova/log.txt": long}))
    (log,) = parsed.texts["pre"]
    assert log.startswith("…\nline ")
    assert log.endswith("line 9998\nline 9999")
    assert 15_000 < len(log) < 16_010
    assert ("a", "href", "openstack/nova/log.txt") in parsed.attributes

    parsed = Parsed(dashboard.render(CAMPAIGN, logs=LOGS))
    assert parsed.texts["pre"] == ["FAILED test_a\nTraceback:\n\tassert 1 < 0"]
    assert "pre" not in Parsed(dashboard.render(CAMPAIGN)).texts


def test_a_failure_in_the_table_leads_to_its_reason():
    page = dashboard.render(CAMPAIGN)
    assert '<a href="#failure-1"><b class=failed>failed</b> in tests</a>' in page
    assert "<li id=failure-1><h3>openstack/nova " in page


def test_changes_are_told_by_host_and_end():
    addresses = (
        "https://review.opendev.org/c/openstack/nova/+/1",
        "https://review.opendev.org/c/openstack/nova/+/2/",
        "https://example.org",
    )
    rows = (replace(ROWS[0], published=addresses), replace(ROWS[0], published=addresses * 2))
    parsed = Parsed(dashboard.render(replace(CAMPAIGN, rows=rows)))
    few, many = (text.partition("ledger log")[2] for text in parsed.texts["tr"] if "ledger" in text)
    assert few == "review.opendev.org …/1 …/2 example.org"
    assert many == f"6{few} {few}"


def test_logs_of_many_failures_share_the_room():
    rows = tuple(Row(name=f"r{n}", state="failed", log=f"{n}.txt") for n in range(1000))
    logs = {row.log: "x" * 99 + "\n" + "y" * 50_000 for row in rows}
    page = dashboard.render(replace(CAMPAIGN, rows=rows), logs=logs)
    assert 2_000_000 < len(page) < 3_000_000


def test_a_repository_has_a_row_with_all_of_it():
    parsed = Parsed(dashboard.render(CAMPAIGN))
    row = next(text for text in parsed.texts["tr"] if text.startswith("openstack/oslo"))
    assert row == (
        "openstack/oslo.messagingchanged1osloLibraries0123456789ab master2312645"
        "5812 passed0:41patches ledger logreview.opendev.org …/900001"
    ).replace("L", "l")
    links = {value for name, key, value in parsed.attributes if (name, key) == ("a", "href")}
    assert links >= {
        "https://opendev.org/openstack/oslo.messaging",
        "openstack/oslo.messaging/patches",
        "openstack/oslo.messaging/ledger.json",
        "https://review.opendev.org/c/openstack/oslo.messaging/+/900001",
    }


def test_totals_add_up():
    parsed = Parsed(dashboard.render(CAMPAIGN))
    assert "EVT101 sleep141" in parsed.texts["tr"]
    assert "EVT201 spawn122" in parsed.texts["tr"]
    assert "storage21001300" + "30" in parsed.texts["tr"]
    assert parsed.texts["tfoot"] == ["all7311226126" + "85"] * 2


def test_the_burndown_is_a_drawing_and_a_table():
    parsed = Parsed(dashboard.render(CAMPAIGN))
    assert "2026-10-01 10:00 UTC7514828" + "1620" in parsed.texts["tr"]
    labels = [
        value for name, key, value in parsed.attributes if (name, key) == ("svg", "aria-label")
    ]
    assert labels == [
        "Burndown over 3 runs: from 61 uses, 31 of them left, to 26 uses, 8 of them left. "
        "The table has all numbers."
    ]
    assert {"26 found", "8 left", "0", "20", "80"} <= set(parsed.texts["text"])


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (61, [0, 20, 40, 60, 80]),
        (1000, [0, 200, 400, 600, 800, 1000]),
        (90000, [0, 20000, 40000, 60000, 80000, 100000]),
    ],
)
def test_the_axis_has_round_numbers(highest, ticks):
    top, found = burndown._axis(highest)
    assert top >= highest
    assert found == ticks


def test_runs_stand_where_their_times_are():
    points = [Point(f"2026-01-{day:02}T00:00:00+00:00", 1, 1, 0, 9, 1, 1) for day in (1, 2, 5)]
    assert burndown._xs(points) == [0, 25, 100]
    assert burndown._xs([replace(point, when="yesterday") for point in points]) == [0, 50, 100]
    assert burndown._xs(points[:1]) == [100]


def test_a_campaign_of_nothing_is_a_page():
    empty = Parsed(dashboard.render(Snapshot(campaign="", version="", rows=())))
    assert empty.texts["h1"] == ["campaign"]
    assert "No repository failed." in empty.texts["p"]
    assert "No run of this campaign has ended yet." in empty.texts["p"]


def test_what_a_runner_left_running_is_not_said_to_run():
    page = dashboard.render(replace(CAMPAIGN, running=False))
    assert "Broken off (1)" in Parsed(page).texts["h2"]
    assert "Running (1)" in Parsed(dashboard.render(CAMPAIGN)).texts["h2"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_text_have_contrast(scheme):
    """WCAG AA: 4.5 to 1, on the paper and on the panels."""
    style = dashboard._packaged("dashboard.css")
    part = style.partition("@media (prefers-color-scheme: dark)")[scheme == "dark" and 2]
    colours = {}
    for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part):
        colours.setdefault(name, value)
    names = ("ink", "soft", "link", "failed", "running", "changed", "left", "clean", "waiting")
    for name in names:
        for ground in ("paper", "panel"):
            assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


def _contrast(one, other):
    lights = []
    for colour in (one, other):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


# In a real browser.

in_browser = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="no chromium on PATH"),
]


@pytest.fixture(scope="module")
def tab():
    with chromium.browser() as page:
        yield page


@pytest.fixture
def put(tmp_path):
    def write(snapshot, logs=MappingProxyType({})):
        file = tmp_path / "dashboard.html"
        file.write_text(dashboard.render(snapshot, logs=logs), "utf-8")
        return file

    return write


def everything_hostile():
    """All hostile texts on one page, each everywhere."""
    parts = [hostile(text) for text in HOSTILE]
    snapshot = replace(
        CAMPAIGN,
        campaign="".join(HOSTILE),
        rows=tuple(row for part in parts for row in part.rows),
        history=tuple(point for part in parts for point in part.history),
    )
    return snapshot, {text: "\n".join(HOSTILE) for text in HOSTILE}


class TestInChromium:
    pytestmark = in_browser

    def assert_calm(self, tab, file):
        """Nothing but the page was asked for, nothing was refused, nothing ran that should not."""
        requests = [params["request"]["url"] for params in tab.params("Network.requestWillBeSent")]
        assert requests == [file.as_uri()]
        assert tab.params("Log.entryAdded") == []
        assert tab.params("Audits.issueAdded") == []
        assert tab.params("Runtime.exceptionThrown") == []
        assert tab.params("Page.javascriptDialogOpening") == []

    def test_the_checks_see_what_is_refused(self, tab, put):
        file = put(CAMPAIGN)
        bad = "<img src=http://127.0.0.1:9/x.png><script>alert(1)</script><p style='color:red'>"
        file.write_text(file.read_text().replace("<main", f"{bad}<main"))
        tab.open(file)
        tab.run("1")
        told = json.dumps(tab.params("Audits.issueAdded"))
        assert "img-src" in told or "default-src" in told
        assert "script-src" in told
        assert "style-src" in told
        with pytest.raises(AssertionError):
            self.assert_calm(tab, file)

    @pytest.mark.parametrize("dark", [False, True])
    def test_it_asks_for_nothing_and_breaks_no_rule(self, tab, put, dark):
        file = put(CAMPAIGN, LOGS)
        tab.open(file, dark=dark)
        paper = tab.run("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(20, 22, 24)" if dark else "rgb(252, 252, 251)")
        tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        self.assert_calm(tab, file)

    def test_hostile_strings_run_nothing(self, tab, put):
        file = put(*everything_hostile())
        tab.open(file)
        tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        tab.run("document.querySelectorAll('#repos thead button').forEach((each) => each.click())")
        assert tab.run("document.scripts.length") == 1
        assert (
            tab.run("document.querySelector('img, iframe, object, base, [style], [onerror]')")
            is None
        )
        assert tab.run("document.title").endswith("– eventlet-codemod")
        assert tab.run("document.querySelectorAll('#repos tbody tr').length") == 3 * len(HOSTILE)
        schemes = "[...new Set(Array.from(document.links, (link) => link.protocol))]"
        assert tab.run(schemes) == ["file:"]
        self.assert_calm(tab, file)

    @pytest.mark.parametrize("width", [360, 700, 1000, 1359, 1360, 1600])
    @pytest.mark.parametrize("page", ["usual", "hostile", "long"])
    def test_it_is_as_wide_as_the_window(self, tab, put, width, page):
        snapshot, logs = {
            "usual": (CAMPAIGN, LOGS),
            "hostile": everything_hostile(),
            "long": (hostile("w" * 300), {"w" * 300: "w" * 5000}),
        }[page]
        tab.open(put(snapshot, logs), width=width)
        tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        # All is laid out, seen or not.
        tab.run(
            "document.querySelectorAll('li, tr').forEach((each) => each.scrollIntoView()),"
            "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
        )
        assert tab.run("document.documentElement.scrollWidth") <= width
        assert tab.run("document.body.scrollWidth") <= width

    @pytest.mark.parametrize("width", [1000, 1600])
    def test_a_table_is_one_for_those_who_listen(self, tab, put, width):
        tab.open(put(CAMPAIGN, LOGS), width=width)
        tab.send("Accessibility.enable")
        nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
        said = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes
            if not node.get("ignored")
        ]
        roles = [role for role, _ in said]
        assert roles.count("table") == 6
        assert roles.count("main") == roles.count("banner") == roles.count("contentinfo") == 1
        assert {("rowheader", row.name) for row in ROWS} <= set(said)
        assert ("searchbox", "Find") in said
        assert ("columnheader", "Uses") in said

    def names(self, tab):
        return tab.run(
            "Array.from(document.querySelectorAll('#repos tbody tr:not([hidden]) th'),"
            " (cell) => cell.textContent.replace('openstack/', ''))"
        )

    def sort(self, tab, word):
        tab.run(
            "Array.from(document.querySelectorAll('#repos thead button'))"
            f".find((each) => each.textContent === '{word}').click()"
        )
        return self.names(tab)

    def test_it_sorts(self, tab, put):
        tab.open(put(CAMPAIGN))
        manifest = [row.name.removeprefix("openstack/") for row in ROWS]
        assert self.names(tab) == manifest
        assert self.sort(tab, "Repository") == sorted(manifest)
        assert self.sort(tab, "Repository") == sorted(manifest, reverse=True)
        assert self.sort(tab, "Uses")[:3] == ["oslo.messaging", "cinder", "keystone"]
        # What has none stays last, in the order of the manifest.
        assert self.sort(tab, "Uses") == [
            *("keystone", "cinder", "oslo.messaging", "nova", "neutron", "heat", "manila"),
        ]
        assert self.sort(tab, "Time")[:4] == ["nova", "neutron", "oslo.messaging", "cinder"]
        assert self.sort(tab, "State")[:4] == ["nova", "neutron", "heat", "manila"]
        heads = (
            "Array.from(document.querySelectorAll('[aria-sort]'), (e) => [e.innerText, e.ariaSort])"
        )
        assert tab.run(heads) == [["State", "ascending"]]

    def test_it_filters(self, tab, put):
        tab.open(put(CAMPAIGN))
        assert tab.run("document.getElementById('filters').hidden") is False

        def choose(field, value, event):
            tab.run(
                f"(field => {{ field.value = {json.dumps(value)};"
                f" field.dispatchEvent(new Event('{event}'))"
                f" }})(document.getElementById('{field}'))"
            )
            return self.names(tab)

        assert choose("find", "OPENSTACK man", "input") == ["manila"]
        assert tab.run("document.getElementById('shown').textContent") == "1 of 7 shown"
        assert choose("find", "", "input") == [row.name.removeprefix("openstack/") for row in ROWS]
        assert choose("state", "waiting", "change") == ["heat", "manila"]
        assert choose("group", "storage", "change") == ["manila"]
        assert choose("owner", "nova", "change") == []
        tab.run("document.getElementById('clear').click()")
        assert len(self.names(tab)) == 7
        assert tab.run("document.activeElement.id") == "find"

    def test_keys_reach_what_can_be_used(self, tab, put):
        tab.open(put(CAMPAIGN, LOGS))
        reached = []
        for _ in range(24):
            for kind in ("keyDown", "keyUp"):
                tab.send("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
            reached.append(
                tab.run("(e => e.id || e.textContent.slice(0, 20))(document.activeElement)")
            )
        assert reached[:5] == [
            "Skip to the content",
            "Failures",
            "Repositories",
            "Totals",
            "Burndown",
        ]
        assert {"End of the log", "find", "state", "clear", "Uses"} <= set(reached)

    def test_all_is_there_without_javascript(self, tab, put):
        file = put(CAMPAIGN, LOGS)
        tab.open(file, script=False)
        document = tab.send("DOM.getDocument", depth=-1)["root"]
        found = tab.send(
            "DOM.querySelectorAll", nodeId=document["nodeId"], selector="#repos tbody tr"
        )
        assert len(found["nodeIds"]) == 7
        filters = tab.send("DOM.querySelector", nodeId=document["nodeId"], selector="#filters")
        told = tab.send("DOM.getAttributes", nodeId=filters["nodeId"])["attributes"]
        assert "hidden" in told
        self.assert_calm(tab, file)

    def test_thousands_of_repositories_open_and_sort(self, tab, put):
        file = put(*large(2000))
        assert file.stat().st_size < 2_500_000
        tab.open(file)
        assert len(self.names(tab)) == 2000
        assert self.sort(tab, "Uses") != self.sort(tab, "Time")

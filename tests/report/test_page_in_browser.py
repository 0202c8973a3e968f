"""The HTML report as Chromium shows it: it is read, searched, filtered, followed, printed, and judged by axe."""

import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from browser_driver import started
from edgelint.report.html import render
from edgelint.run import Wishes, lint
from report_samples import TROUBLE, hostile, varied
from support import FIXTURES, ROOT

pytestmark = pytest.mark.slow

STATUS = {"ask": "document.getElementById('status').textContent"}
SHOWN = {"ask": "[...document.querySelectorAll('details.finding:not([hidden])')].map(one => one.dataset.check)"}
HASH = {"ask": "location.hash"}
SETTLE = {"pause": 250}
PAGES = {
    "shop": lambda: lint([str(FIXTURES / "examples" / "shop.json")], Wishes(), bytes),
    "web-shop": lambda: lint([str(FIXTURES / "deployments" / "web-shop")], Wishes(pedantic=True), bytes),
    "clean": lambda: lint([str(FIXTURES / "examples" / "clean")], Wishes(), bytes),
    "varied": varied,
    "hostile": lambda: hostile("".join(TROUBLE)),
}


@pytest.fixture(scope="module")
def browser():
    found = started()
    yield found
    found.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a page, which is written when it is first asked for."""
    folder = tmp_path_factory.mktemp("pages")

    def find(name):
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(render(PAGES[name]()), encoding="utf-8")
        return file.as_uri()

    return find


# For everybody


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *((name, *view) for name in PAGES for view in (("light", 360), ("dark", 1600))),
        ("shop", "dark", 360),
        ("shop", "light", 1600),
    ],
)
def test_axe_has_nothing_to_say(browser, address, name, scheme, width):
    wide = {"ask": "document.documentElement.scrollWidth - innerWidth"}
    violations, beyond = browser.visit(address(name), {"accessibility": ""}, wide, scheme=scheme, width=width)
    assert violations == []
    assert beyond <= 0


def test_without_scripts_everything_is_there_but_what_needs_them(browser, address):
    # Evaluation works there all the same: it is the page's own scripts that are off.
    open_cards, controls, sides = browser.visit(
        address("shop"),
        {"ask": "document.querySelectorAll('details.finding[open]').length"},
        {"ask": "getComputedStyle(document.getElementById('controls')).display"},
        {"ask": "getComputedStyle(document.querySelector('nav')).display"},
        scripts=False,
    )
    assert (open_cards, controls) == (4, "none")
    assert sides != "none"


def test_the_keyboard_leads_past_the_head(browser, address):
    active = {"ask": "document.activeElement.textContent"}
    skip, main = browser.visit(
        address("shop"), {"press": "Tab"}, active, {"press": "Enter"}, {"ask": "document.activeElement.id"}
    )
    assert (skip, main) == ("Skip to the findings", "main")


@pytest.mark.parametrize(
    ("scheme", "clicks", "dark"), [("light", 0, False), ("dark", 0, True), ("light", 2, True), ("dark", 1, False)]
)
def test_the_page_is_light_or_dark(browser, address, scheme, clicks, dark):
    colour = {"ask": "getComputedStyle(document.body).backgroundColor"}
    (found,) = browser.visit(address("shop"), *[{"click": "#theme"}] * clicks, colour, scheme=scheme)
    assert (sum(map(int, found[4:-1].split(","))) < 200) is dark


# Search and filters


def test_a_search_shows_what_has_all_its_words(browser, address):
    steps = [STATUS, {"fill": ["#search", "LOGIN-limit bucket"]}, SETTLE, STATUS, SHOWN, HASH]
    before, after, shown, state = browser.visit(address("shop"), *steps)
    assert before == "Shown: 4 of 4 findings, 4 of 4 rules"
    assert after == "Shown: 1 of 4 findings, 1 of 4 rules"
    assert shown == ["no-client-identity"]
    assert state == "#?q=LOGIN-limit+bucket"


def test_filters_narrow_findings_and_the_rules_they_are_about(browser, address):
    steps = [
        {"click": "input[value=high]"},
        STATUS,
        {"click": "input[value=critical]"},
        STATUS,
        {"select": ["select[name=check]", "broad-scope"]},
        STATUS,
        HASH,
        {"click": "#clear"},
        SETTLE,
        STATUS,
        HASH,
    ]
    high, both, check, state, cleared, rest = browser.visit(address("shop"), *steps)
    assert high == "Shown: 1 of 4 findings, 1 of 4 rules"
    assert both == "Shown: 4 of 4 findings, 3 of 4 rules"
    assert check == "Shown: 1 of 4 findings, 1 of 4 rules"
    assert state == "#?severity=critical&severity=high&check=broad-scope"
    assert (cleared, rest) == ("Shown: 4 of 4 findings, 4 of 4 rules", "")


def test_phases_and_confidences_are_told_apart(browser, address):
    cards = "[...document.querySelectorAll('details.finding:not([hidden])')]"
    kinds = {"ask": f"[...new Set({cards}.map(({{ dataset }}) => `${{dataset.phase}} ${{dataset.confidence}}`))]"}
    phases = {"ask": "[...document.querySelectorAll('section.phase:not([hidden])')].map(one => one.dataset.phase)"}
    steps = [{"select": ["select[name=phase]", "shaper"]}, phases, {"click": "input[value=likely]"}, kinds]
    assert browser.visit(address("web-shop"), *steps) == [["shaper"], ["shaper likely"]]


def test_a_shared_address_shows_the_same(browser, address):
    url = f"{address('shop')}#?severity=high&q=bucket"
    status, box, words = browser.visit(
        url,
        STATUS,
        {"ask": "document.querySelector('input[value=high]').checked"},
        {"ask": "document.getElementById('search').value"},
    )
    assert (status, box, words) == ("Shown: 1 of 4 findings, 1 of 4 rules", True, "bucket")


@pytest.mark.parametrize(
    "state", ["?severity=%00&check=<b>&q=%F0", "?", "?__proto__=1&constructor=x", "%", "controls", "?check=nope"]
)
def test_an_address_that_means_nothing_is_no_trouble(browser, address, state):
    (status,) = browser.visit(f"{address('shop')}#{state}", STATUS)
    assert status.startswith("Shown: ")


def test_a_large_policy_is_folded_small_and_quick_to_narrow(browser, tmp_path):
    rules, file = 300, tmp_path / "large.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), "--rules", str(rules)]
    file.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    text = render(lint([str(file)], Wishes(), bytes))
    assert len(text) < rules * 5_000
    page = tmp_path / "large.html"
    page.write_text(text, encoding="utf-8")
    cards = {"ask": "document.querySelectorAll('details.card[open]').length"}
    steps = [cards, {"click": "input[value=critical]"}, STATUS, {"fill": ["#search", "planted"]}, SETTLE, STATUS]
    unfolded, critical, planted = browser.visit(page.as_uri(), *steps)
    assert unfolded == 0
    assert re.fullmatch(r"Shown: \d+ of \d+ findings, \d+ of 300 rules", critical)
    assert critical != planted


# Links, folds, copies, prints


def test_a_link_unfolds_what_it_leads_to(browser, address):
    opened, focused = browser.visit(
        address("shop"),
        {"click": "a[href='#check-broad-scope']"},
        SETTLE,
        {"ask": "document.getElementById('check-broad-scope').open"},
        {"ask": "document.activeElement.parentElement.id"},
    )
    assert (opened, focused) == (True, "check-broad-scope")


def test_a_link_leads_to_what_was_filtered_out(browser, address):
    rule = "document.getElementById('rule-rate-limit-login-limit')"
    hidden, shown = browser.visit(
        address("shop"),
        {"click": "input[value=critical]"},
        {"ask": f"{rule}.hidden"},
        {"click": ".matrix a[href='#rule-rate-limit-login-limit']"},
        SETTLE,
        {"ask": f"[{rule}.hidden, {rule}.getBoundingClientRect().top < innerHeight]"},
    )
    assert hidden is True
    assert shown == [False, True]


def test_a_box_of_the_drawing_leads_to_its_rule(browser, address):
    (found,) = browser.visit(address("shop"), {"click": "svg a[href='#rule-waf-blocklist']"}, SETTLE, HASH)
    assert found == "#rule-waf-blocklist"


def test_cards_fold_and_unfold_together(browser, address):
    cards = {"ask": "document.querySelectorAll('#findings details[open]').length"}
    button = {"ask": "document.querySelector('#findings .unfold').textContent"}
    click = {"click": "#findings .unfold"}
    found = browser.visit(address("shop"), cards, button, click, cards, button, click, cards)
    assert found == [4, "Fold all", 0, "Unfold all", 4]


def test_a_request_can_be_copied(browser, address):
    words, label = browser.visit(
        address("shop"),
        {"click": ".finding .copy"},
        {"ask": "navigator.clipboard.readText()"},
        {"ask": "document.querySelector('.finding .copy').textContent"},
    )
    assert (words, label) == ("curl https://shop.example.com/login", "Copied")


def test_on_paper_everything_is_unfolded(browser, address, tmp_path):
    file = tmp_path / "page.pdf"
    folded = {"ask": "document.querySelectorAll('details:not([open])').length"}
    before, after = browser.visit(address("shop"), folded, {"pdf": str(file)}, folded)
    assert before == after > 0
    assert file.stat().st_size > 50_000


def test_a_page_from_a_server_loads_nothing_else(browser, address):
    folder = address("shop").removeprefix("file://").rpartition("/")[0]
    asked = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, _form, *arguments):
            asked.append(str(arguments[0]))

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever).start()
        (status,) = browser.visit(f"http://127.0.0.1:{server.server_port}/shop.html", STATUS)
        server.shutdown()
    assert status.startswith("Shown: 4")
    assert [line for line in asked if "shop.html" not in line and "favicon" not in line] == []

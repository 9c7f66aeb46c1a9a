"""A page of somebody else in the same browser: it can neither start a run on this machine nor read one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.chromium import ARGUMENTS, find
from tests.browser.conftest import New, Serve
from tests.browser.served import Served

JOB = json.dumps({"policy": "rongcheng-2014", "size": "1000", "ranges": False})
NAMED = "--host-resolver-rules=MAP *.test 127.0.0.1"  # names of others that lead to this machine
WAIT = 3000  # milliseconds after which what has not come through will not
ATTACK = """async ([victim, job]) => {
    const got = {}, soon = () => new Promise(done => setTimeout(done, WAIT));
    const attempt = async (name, what) => {
        try { got[name] = await Promise.race([what(), soon().then(() => 'nothing')]); }
        catch (error) { got[name] = 'refused'; }
    };
    const post = (mode, type) => () => fetch(victim + 'api/runs',
        {method: 'POST', mode, headers: {'content-type': type}, body: job}).then(answer => answer.type + answer.status);
    const loaded = (tag, address) => () => new Promise((done, fail) => {
        const each = document.createElement(tag);
        each.onload = () => done(each.naturalWidth || each.sheet?.cssRules.length ? 'loaded' : 'nothing');
        each.onerror = fail;
        each[tag === 'link' ? 'href' : 'src'] = victim + address;
        if (tag === 'link') each.rel = 'stylesheet';
        document.body.append(each);
    });
    const form = (type, target) => () => {
        const frame = document.createElement('iframe'), each = document.createElement('form');
        frame.name = target;
        Object.assign(each, {method: 'post', enctype: type, action: victim + 'api/runs', target});
        const field = document.createElement('input');
        const at = job.length - 1;
        Object.assign(field, {name: job.slice(0, at) + ', "x', value: '": 1}'});
        each.append(field);
        document.body.append(frame, each);
        each.submit();
        return soon().then(() => { try { return frame.contentDocument.body.innerText; } catch { return 'refused'; } });
    };
    await Promise.all([
        attempt('read', () => fetch(victim + 'api/runs').then(answer => answer.text())),
        attempt('read with cookies', () => fetch(victim + 'api/meta', {credentials: 'include'}).then(a => a.text())),
        attempt('read blindly', () => fetch(victim + 'api/runs', {mode: 'no-cors'}).then(answer => answer.text())),
        attempt('read results', () => fetch(victim + 'api/runs/run/view/results').then(answer => answer.text())),
        attempt('post blindly', post('no-cors', 'text/plain')), attempt('post JSON', post('cors', 'application/json')),
        attempt('post as text', post('cors', 'text/plain')),
        attempt('delete', () => fetch(victim + 'api/runs/run', {method: 'DELETE'}).then(answer => answer.text())),
        attempt('beacon', async () => { navigator.sendBeacon(victim + 'api/runs', job); return 'nothing'; }),
        attempt('events', () => new Promise((done, fail) => {
            const source = new EventSource(victim + 'api/runs/run/events');
            source.onmessage = event => done(event.data);
            source.onerror = () => { source.close(); fail(); };
        })),
        attempt('image', loaded('img', 'api/runs/run/files/figure-grounds.svg')),
        attempt('icon', loaded('img', 'icon.svg')),
        attempt('script', loaded('script', 'api/runs')), attempt('sheet', loaded('link', 'report.css')),
        attempt('frame', () => new Promise(done => {
            const frame = document.createElement('iframe');
            frame.onload = () => { try { done(frame.contentDocument.body.innerText); } catch { done('refused'); } };
            frame.src = victim + 'results/run';
            document.body.append(frame);
        })),
        attempt('window', async () => {
            const other = open(victim + 'results/run');
            await soon();
            return other && other.document ? other.document.body.innerText : 'refused';
        }),
        attempt('form as text', form('text/plain', 'one')),
        attempt('form', form('application/x-www-form-urlencoded', 'two')),
    ]);
    return got;
}""".replace("WAIT", str(WAIT))
NOTHING_GOT = ("refused", "nothing", "opaque0", "")


class Theirs(BaseHTTPRequestHandler):
    """A page of somebody else: empty, what it does is told to it by the test."""

    def do_GET(self) -> None:
        body = b"<!doctype html><html lang=en><title>theirs</title><body>theirs</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def theirs() -> Iterator[int]:
    """The port of another server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Theirs)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def deceived(chromium: Browser) -> Iterator[Browser]:
    """A browser in which names of others lead to this machine."""
    other = chromium.browser_type.launch(executable_path=find(), args=[*ARGUMENTS, NAMED])
    yield other
    other.close()


def held(served: Served) -> list[str]:
    """What there is, jobs included, by the folder itself."""
    return sorted(each.name for each in served.runs.iterdir())


@pytest.mark.parametrize("site", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://evil.test:{port}/"])
def test_a_page_of_another_origin_starts_nothing_and_reads_nothing(
    shown: Served, deceived: Browser, theirs: int, site: str
) -> None:
    before = held(shown)
    page = deceived.new_page()
    page.goto(site.format(port=theirs))
    got = page.evaluate(ATTACK, [shown.address, JOB])
    page.context.close()
    assert len(got) == 18 and {name: said for name, said in got.items() if said not in NOTHING_GOT} == {}
    assert held(shown) == before and shown.ids() == ["both", "run"]


def test_a_name_that_was_made_to_lead_here_gets_nothing(shown: Served, deceived: Browser) -> None:
    """DNS rebinding: to the browser it is the same origin, only the Host header tells."""
    before = held(shown)
    page = deceived.new_page()
    answer = page.goto(f"http://evil.test:{shown.port}/")
    assert answer is not None and answer.status == 403 and "its own address alone" in answer.text()
    for path in ("api/runs", "api/runs/run/view/results", "assets/"):
        told = page.evaluate("path => fetch('/' + path).then(answer => answer.status)", path)
        assert told == 403
    assert page.evaluate(SEND, JOB) == 403
    page.context.close()
    assert held(shown) == before


SEND = """job => fetch('/api/runs', {method: 'POST', headers: {'content-type': 'application/json'}, body: job})
    .then(answer => answer.status)"""


def test_the_same_is_possible_for_the_page_itself(serve: Serve, made: object, new: New) -> None:
    """So what is refused above is refused for where it comes from."""
    served = serve()
    page: Page = new()[0].new_page()
    page.goto(served.address)
    expect(page.locator(".plans li").first).to_be_visible()
    assert page.evaluate(SEND, JOB) == 202
    assert page.evaluate("fetch('/api/runs').then(answer => answer.json()).then(runs => runs.length)") == 1
    assert len(served.ids()) == 1

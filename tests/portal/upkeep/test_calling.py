"""Asking addresses outside: off unless set, never inside the house, within tight limits; a real server answers."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from governance import clock
from portal.upkeep import calling
from portal.upkeep.models import AddressCheck, PageLink
from tests.factories import Cast, make_published

ANSWERS = {"/da": 200, "/weiter": 302, "/weg": 404, "/nie": 410, "/verboten": 403, "/kaputt": 500}


class Town:
    """A web server of the world outside, and what it was asked."""

    def __init__(self) -> None:
        asked: list[tuple[str, str]] = []
        self.asked, self.silent = asked, threading.Event()
        silent = self.silent

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                asked.append((self.command, self.path))
                path = self.path.partition("?")[0]
                if path == "/stumm":
                    silent.wait(3)
                    return
                self.send_response(ANSWERS.get(path, 404))
                self.send_header("Location", "/da")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def outside() -> Iterator[Town]:
    town = Town()
    yield town
    town.silent.set()
    town.server.shutdown()
    town.server.server_close()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        *(("/da", True), ("/weiter", True), ("/da?a=b c&d=ä", True)),
        *(("/weg", False), ("/nie", False), ("/verboten", None), ("/kaputt", None)),
    ],
)
def test_only_a_clear_answer_counts_and_nothing_is_followed(
    outside: Town, settings: Settings, path: str, found: bool | None
) -> None:
    settings.LINK_CHECK_PRIVATE = True
    assert calling.is_there(f"{outside.url}{path}") is found
    assert [method for method, _path in outside.asked] == ["HEAD"]


def test_a_server_that_keeps_silent_or_speaks_no_http_costs_little(
    outside: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LINK_CHECK_PRIVATE = True
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    assert calling.is_there(f"{outside.url}/stumm") is None
    assert calling.is_there(outside.url.replace("http:", "https:")) is None
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert calling.is_there(f"http://127.0.0.1:{closed.getsockname()[1]}/") is None


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"),  # noqa: S104
        *("10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fd00::1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255", "[ff02::1]"),
    ],
)
def test_addresses_of_the_own_network_are_never_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_ask", lambda target: pytest.fail(f"called {target}"))
    assert calling.is_there(f"http://{host}/") is None


def test_a_name_is_looked_up_once_and_one_private_address_among_its_own_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = ["8.8.8.8"]
    lookups: list[str] = []
    called: list[calling.Target] = []

    def look_up(name: str, port: int, **more: Any) -> list[Any]:
        lookups.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port)) for at in found]

    def ask(target: calling.Target) -> int:
        called.append(target)
        return 200

    monkeypatch.setattr(calling.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(calling, "_ask", ask)
    assert calling.is_there("https://bücher.example/a#b") is True
    assert lookups == ["xn--bcher-kva.example"]
    assert called == [calling.Target("https", "xn--bcher-kva.example", "8.8.8.8", 443, "/a")]
    found.append("192.168.0.1")
    assert calling.is_there("https://bücher.example/a") is None
    assert len(called) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://8.8.8.8/", "http://8.8.8.8:22/", "http://user@8.8.8.8/", "http:///x", "http://[kaputt/"),
        *("file:///etc/passwd", "http://8.8.8.8:99999/", f"http://{'a' * 70}.example/"),
    ],
)
def test_other_schemes_ports_and_broken_addresses_are_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_ask", lambda target: pytest.fail(f"called {target}"))
    assert calling.is_there(address) is None


def test_no_line_break_gets_into_the_request() -> None:
    target = calling.Target("http", "a.example", "8.8.8.8", 80, "/x")
    assert calling._request(target).count(b"\r\n") == 6
    built = calling.quote("/a\r\nHost: b", safe="/%")
    assert "\r" not in built and "\n" not in built and " " not in built


@pytest.mark.django_db
def test_the_nightly_job_calls_only_where_it_is_allowed_and_keeps_what_it_found(
    cast: Cast, outside: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ["/da", "/weg", "/kaputt", "/frisch"]
    make_published(cast, what_was_done=" ".join(f"[x]({outside.url}{path})" for path in paths))
    old = PageLink.objects.exclude(address__endswith="/frisch")
    old.update(since=clock.today() - dt.timedelta(days=400))
    calling.call()
    settings.LINK_CHECK_BY_SERVER = True
    calling.call()  # all of them stand for this very machine
    assert outside.asked == [] and not AddressCheck.objects.exists()
    settings.LINK_CHECK_PRIVATE = True
    calling.call()
    assert sorted(path for _method, path in outside.asked) == ["/da", "/kaputt", "/weg"]
    assert sorted(AddressCheck.objects.values_list("is_reached", "by_server")) == [(False, True), (True, True)]
    outside.asked.clear()
    monkeypatch.setattr(calling, "AT_ONCE_OF_A_HOST", 0)
    calling.call()
    assert outside.asked == []

"""Asks addresses outside whether they are there: only where a setting allows it, and never inside the house.

One HEAD request for each address, without following where it leads, without cookies and without a proxy. What a text
names is typed by people: an address may try to reach what only the server can see. So the name is looked up once, what
it stands for is judged, and the connection goes to exactly that.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import ssl
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import Q

from governance import clock
from governance.periodic import Job, Period, register
from governance.upkeep.scope import Scope
from portal.upkeep import queries
from portal.upkeep.models import AddressCheck

logger = logging.getLogger(__name__)
SECONDS = 5.0
# In one night; what is left waits for the next one.
AT_ONCE, AT_ONCE_OF_A_HOST, ALL_SECONDS = 50, 5, 180.0
PORTS = {"http": 80, "https": 443}
LONGEST_ANSWER = 4096
AGENT = "Wissensportal-Linkpruefung"
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


class Refused(Exception):
    """This address is not called."""


@dataclass(frozen=True)
class Target:
    """Where to connect, and what to ask for."""

    scheme: str
    host: str
    at: str
    port: int
    path: str


def is_there(address: str) -> bool | None:
    """Whether the server of `address` has it; None where that cannot be said: then a person looks.

    Only a clear "not found" counts as gone. A name that is not known or a server that is silent may be our own line.
    """
    try:
        status = _ask(_target(address))
    except (Refused, OSError, ValueError) as error:
        logger.info("an address was not reached: %s", type(error).__name__)
        return None
    if 200 <= status < 400:
        return True
    return False if status in (404, 410) else None


def _target(address: str) -> Target:
    parts = urlsplit(address)
    port = PORTS.get(parts.scheme)
    host = parts.hostname or ""
    if port is None or not host or "@" in parts.netloc:
        raise Refused
    if parts.port is not None and parts.port != port and not settings.LINK_CHECK_PRIVATE:
        raise Refused
    # Unicode in a name, as a browser would send it; raises ValueError for what is no name.
    name = host if ":" in host else host.encode("idna").decode()
    port = parts.port or port
    found = [str(row[4][0]) for row in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    # All of them: which one a second look-up would give nobody knows.
    if not found or not all(map(_may_call, found)):
        raise Refused
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return Target(parts.scheme, name, found[0], port, path + query)


def _may_call(at: str) -> bool:
    """Whether this is an address of the public network, or the setting allows all."""
    if settings.LINK_CHECK_PRIVATE:
        return True
    number = ipaddress.ip_address(at.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        # IPv4 in other clothes: mapped, 6to4, NAT64.
        inner = number.ipv4_mapped or number.sixtofour
        if inner is None and number in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            number = inner
    return number.is_global and not number.is_multicast and not number.is_reserved


def _ask(target: Target) -> int:
    """The status of the answer, within SECONDS for everything together."""
    end = time.monotonic() + SECONDS

    def left() -> float:
        rest = end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest

    connection: socket.socket = socket.create_connection((target.at, target.port), timeout=left())
    try:
        if target.scheme == "https":
            connection.settimeout(left())
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=target.host)
        connection.settimeout(left())
        connection.sendall(_request(target))
        answer = b""
        while b"\n" not in answer and len(answer) < LONGEST_ANSWER:
            connection.settimeout(left())
            part = connection.recv(LONGEST_ANSWER)
            if not part:
                break
            answer += part
    finally:
        connection.close()
    status = _STATUS.match(answer)
    if status is None:
        raise ValueError("no answer of HTTP")
    return int(status[1])


def _request(target: Target) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port != PORTS[target.scheme]:
        host = f"{host}:{target.port}"
    lines = (
        f"HEAD {target.path} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {AGENT}",
        "Accept: */*",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def call() -> None:
    """Each night, some of the addresses that nobody has looked at for a year; in changing order, so that those that
    cannot be judged keep none waiting."""
    if not settings.LINK_CHECK_BY_SERVER:
        return
    waiting = queries.unchecked_outside(Scope()).filter(Q(is_reached=None) | Q(is_reached=True)).order_by("?")
    of_host: Counter[str] = Counter()
    end = time.monotonic() + ALL_SECONDS
    for row in list(waiting[:AT_ONCE]):
        if time.monotonic() > end:
            return
        host = urlsplit(row["address"]).netloc
        of_host[host] += 1
        if of_host[host] <= AT_ONCE_OF_A_HOST:
            _keep(row["key"], is_there(row["address"]))


def _keep(key: str, found: bool | None) -> None:
    if found is not None:
        AddressCheck.objects.update_or_create(
            key=key, defaults={"checked_on": clock.today(), "is_reached": found, "by_server": True}
        )


def connect() -> None:
    """Called once from `apps.py`."""
    register(Job("call_links", Period.DAY, call))

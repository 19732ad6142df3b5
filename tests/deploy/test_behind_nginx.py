"""The web as its unit starts it, behind a real nginx with the configuration of the repository."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection

from portal import embedded
from tests.conftest import NO_NGINX
from tests.deploy.test_units import INSTALLED, ROOT, environment, unit

NAME = "wissen.stadt.example"
TOKEN = "t" * 40
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH')}:/usr/sbin")
pytestmark = [
    pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason=NO_NGINX),
    pytest.mark.django_db(transaction=True),
]
CONF = (ROOT / "deploy" / "nginx" / "wissensportal.conf").read_text()
AROUND = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {servers}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Front:
    plain: int
    tls: int
    web: int
    folder: Path

    def ask(self, path: str, *, tls: bool = True, **headers: str) -> http.client.HTTPResponse:
        trusting = ssl.create_default_context(cafile=self.folder / "cert.pem")
        trusting.check_hostname = False  # asked by address
        link: http.client.HTTPConnection
        if tls:
            link = http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=20, context=trusting)
        else:
            link = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request("GET", path, headers={"Host": NAME} | named)
        return link.getresponse()

    def directly(self, path: str, **headers: str) -> http.client.HTTPResponse:
        link = http.client.HTTPConnection("127.0.0.1", self.web, timeout=20)
        link.request("GET", path, headers=headers)
        return link.getresponse()


def answers(port: int, process: subprocess.Popen[bytes], within: float = 60) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("does not answer")


@contextlib.contextmanager
def web(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """ExecStart of the unit, with the settings of the example."""
    unit_file = ROOT / "deploy" / "systemd" / "wissensportal-web.service"
    command = shlex.split(unit(unit_file)["Service"]["ExecStart"].replace(INSTALLED, str(ROOT)))
    given = environment() | {
        "SECRET_KEY": "nur-im-test-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder / "var"),
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "PATH": os.environ["PATH"],
    }
    name_static_files(folder / "var" / "static")
    with open(folder / "web.log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=given, stderr=log)
    try:
        answers(port, process)
        yield process
    finally:
        process.terminate()
        assert process.wait(30) == 0


def name_static_files(folder: Path) -> None:
    """What `collectstatic` leaves, without its compressing of everything."""
    names = {name: name for finder in get_finders() for name, _storage in finder.list([])}
    folder.mkdir(parents=True)
    (folder / "staticfiles.json").write_text(json.dumps({"paths": names, "version": "1.1", "hash": ""}))


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if given := os.environ.get("DATABASE_URL"):
        return re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", given, count=1)
    server = embedded.Server(settings.VAR_DIR)
    return f"postgres://{embedded.ROLE}:{server.password()}@/{name}?host={server.run}"


@contextlib.contextmanager
def nginx(front: Front) -> Iterator[None]:
    folder = front.folder
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    request += ["-subj", f"/CN={NAME}", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(request, capture_output=True, check=True)
    servers = re.sub(r"^\s*listen \[::\].*$", "", CONF, flags=re.MULTILINE)
    for found, put in (
        ("listen 80", f"listen 127.0.0.1:{front.plain}"),
        ("listen 443", f"listen 127.0.0.1:{front.tls}"),
        ("127.0.0.1:8000", f"127.0.0.1:{front.web}"),
        ("/etc/ssl/certs/wissensportal.pem", str(folder / "cert.pem")),
        ("/etc/ssl/private/wissensportal.key", str(folder / "key.pem")),
        ("/var/log/nginx/wissensportal.log", str(folder / "portal.log")),
    ):
        assert found in servers
        servers = servers.replace(found, put)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, servers=servers))
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        answers(front.tls, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def test_the_portal_behind_nginx_as_the_page_sets_it_up(tmp_path: Path) -> None:
    front = Front(free_port(), free_port(), free_port(), tmp_path)
    with web(front.web, tmp_path), nginx(front):
        answer = front.ask("/healthz")
        assert (answer.status, answer.read()) == (200, b"ok\n")

        answer = front.ask("/help/datenschutz/?q=Geheimwort", tls=False)
        assert answer.status == 301
        assert answer.headers["Location"] == f"https://{NAME}/help/datenschutz/?q=Geheimwort"

        answer = front.ask("/accounts/login/")
        assert answer.status == 200
        assert answer.headers["Set-Cookie"].startswith("__Host-csrftoken=")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"]

        # What somebody says of himself is overwritten.
        answer = front.ask("/accounts/login/", X_Forwarded_Proto="http", X_Real_IP="8.8.8.8")
        assert answer.status == 200
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            front.ask("/", tls=False, Host="evil.example")
        assert front.ask("/", Host="evil.example").status in (301, 400)

        # Only Prometheus' own machine, and only with the token.
        bearer = f"Bearer {TOKEN}"
        assert front.ask("/metrics", Authorization=bearer).status == 403
        assert front.directly("/metrics").status == 404
        answer = front.directly("/metrics", Authorization=bearer)
        figures = answer.read().decode()
        assert answer.status == 200
        assert 'portal_requests_total{method="GET",status="200"} 2.0' in figures
        assert "portal_database_up 1.0" in figures

        # Without TLS the portal itself sends on.
        assert front.directly("/accounts/login/", Host=NAME).status == 301
    written = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "Geheimwort" not in written
    assert '"logger": "gunicorn.error"' in written

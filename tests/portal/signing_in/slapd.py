"""A real LDAP server for the tests: Debian's slapd, in a folder of its own, and the packages that speak to it.

Both are got once, where that is possible (Debian as root); elsewhere the tests are skipped, and the run's end says so.
"""

from __future__ import annotations

import fcntl
import importlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "var" / "ldap"
LOCKED = ("django-auth-ldap", "python-ldap", "pyasn1", "pyasn1-modules")
HEADERS = ("libldap-dev", "libsasl2-dev", "gcc", "libc6-dev")
BASE, ADMIN, ADMIN_PASSWORD = "dc=stadt,dc=example", "cn=admin,dc=stadt,dc=example", "verwaltet"
PASSWORD = "Kennwort-im-Haus-1"

CONFIGURATION = f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 10485760
suffix "{BASE}"
rootdn "{ADMIN}"
rootpw {ADMIN_PASSWORD}
directory {{folder}}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=portal,{BASE}" read by * auth
"""


def _run(*command: str) -> bool:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=env, capture_output=True, timeout=300, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find() -> str | None:
    return shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def get() -> bool:
    """Whether there is a server and the packages, got if need be."""
    with open(Path(tempfile.gettempdir()) / "portal-ldap.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel workers must not build it twice
        return _get()


def _get() -> bool:
    if find() and _import():
        return True
    print("\nLDAP-Tests: slapd und python-ldap werden geholt ...", flush=True)  # noqa: T201
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        own_python = () if Path(sysconfig.get_path("include"), "Python.h").exists() else ("python3-dev",)
        names = ("slapd", *HEADERS, *own_python)
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *names)
        _run(*install) or (_run("apt-get", "update", "-qq") and _run(*install))
    return bool(find()) and (_import() or (_build() and _import()))


def _build() -> bool:
    """Into a folder beside the environment, which the lock file of the tests leaves without a compiler's work."""
    blocks = (ROOT / "requirements-ldap.lock").read_text().replace("\\\n", "\\ ").splitlines()
    wanted = PACKAGES.with_suffix(".txt")
    wanted.parent.mkdir(exist_ok=True)
    wanted.write_text("\n".join(line.replace("\\ ", " ") for line in blocks if line.split("==")[0] in LOCKED))
    shutil.rmtree(PACKAGES, ignore_errors=True)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes")
    return _run(*pip, "--target", str(PACKAGES), "-r", str(wanted))


def _import() -> bool:
    if PACKAGES.exists() and str(PACKAGES) not in sys.path:
        sys.path.append(str(PACKAGES))
    importlib.invalidate_caches()
    try:
        importlib.import_module("ldap")
        importlib.import_module("django_auth_ldap.backend")
    except ImportError:
        return False
    return True


def person(uid: str, **attributes: str) -> str:
    more = "".join(f"{name}: {value}\n" for name, value in attributes.items())
    return (
        f"dn: uid={uid},ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\nsn: {uid}\n"
        f"cn: {uid.title()} Beispiel\nmail: {uid}@stadt.example\nuserPassword: {PASSWORD}\n{more}\n"
    )


def group(name: str, *members: str) -> str:
    lines = "".join(f"member: uid={uid},ou=people,{BASE}\n" for uid in members)
    return f"dn: cn={name},ou=groups,{BASE}\nobjectClass: groupOfNames\ncn: {name}\n{lines}\n"


TOWN = (
    f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Stadt\ndc: stadt\n\n"
    f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n"
    f"dn: ou=groups,{BASE}\nobjectClass: organizationalUnit\nou: groups\n\n"
    f"dn: cn=portal,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: portal\n"
    f"userPassword: {ADMIN_PASSWORD}\n\n"
    + person("kim", departmentNumber="Steueramt")
    + person("lou", departmentNumber="Amt 99")
    + person("staff")
    + group("wp-steuer", "kim", "lou")
    + group("wp-gremium", "kim")
)


class Slapd:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        self.configuration = folder / "slapd.conf"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "town.ldif").write_text(TOWN)
        command = [str(find()), "-T", "add", "-f", str(self.configuration), "-l", str(folder / "town.ldif")]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(find()), "-f", str(self.configuration), "-h", self.address, "-d", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _attempt in range(200):
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("slapd does not listen")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def lock(self, *uids: str, locked: bool = True) -> None:
        """What the settings' filter leaves out: `employeeType: gesperrt`."""
        import ldap

        connection = ldap.initialize(self.address)
        connection.simple_bind_s(ADMIN, ADMIN_PASSWORD)
        for uid in uids:
            change = [(ldap.MOD_REPLACE, "employeeType", [b"gesperrt"] if locked else None)]
            connection.modify_s(f"uid={uid},ou=people,{BASE}", change)
        connection.unbind_s()

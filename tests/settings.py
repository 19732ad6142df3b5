"""The portal's settings as the tests see them: a folder and an embedded database of their own."""

import os
from pathlib import Path

os.environ["DEBUG"] = "1"
os.environ["DEMO"] = "0"
os.environ["DATABASE_POOL"] = "0"
# Its own tests switch it on.
os.environ["SECOND_FACTOR_REQUIRED"] = "0"
os.environ["VAR_DIR"] = str(Path(__file__).resolve().parent.parent / "var" / "test")
for name in (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "HTTPS",
    "EMAIL_URL",
    "FILE_STORAGE",
    "PORTAL_BASE_URL",
    "OIDC_ISSUER",
    "LDAP_URI",
    "DIRECTORY_GROUPS",
    "DIRECTORY_DEPARTMENTS",
):
    os.environ.pop(name, None)

from portal.settings import *  # noqa: E402, F403

BROWSING_SECONDS = 0
WHITENOISE_AUTOREFRESH = True  # or each new test client looks at all the static files
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - a kept connection blocks dropping the database
# One folder for each xdist worker: files of one must not be found by another.
MEDIA_ROOT = VAR_DIR / "media" / os.environ.get("PYTEST_XDIST_WORKER", "main")  # noqa: F405

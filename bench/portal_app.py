"""The portal as it is served everywhere, on the database of the benchmark."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["BENCH_NAME"]

from portal.wsgi import application

__all__ = ["application"]

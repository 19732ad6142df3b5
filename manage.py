#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL the embedded PostgreSQL runs for as long as the command."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext

# They need no database, or (demo) look after it themselves.
WITHOUT_DATABASE = {"backup_key", "check", "collectstatic", "demo", "help", "version", "--help", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        os.environ.setdefault("DEMO", "1")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    # On a server (neither DEBUG nor DEMO) the checks refuse it: so it is not even started.
    embedded_allowed = settings.DEVELOPMENT or settings.DEMO
    if settings.EMBEDDED_DATABASE and embedded_allowed and command not in WITHOUT_DATABASE:
        from portal.embedded import Server

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped too
        database: AbstractContextManager[None] = Server(settings.VAR_DIR).running()
    else:
        database = nullcontext()
    with database:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

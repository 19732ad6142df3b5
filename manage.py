#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL the embedded PostgreSQL runs for as long as the command."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    server = None
    if not os.environ.get("DATABASE_URL") and sys.argv[1:2] not in ([], ["help"]):
        from django.conf import settings

        from portal import embedded

        server = embedded.Server(settings.VAR_DIR)
        server.start()
    try:
        execute_from_command_line(sys.argv)
    finally:
        if server is not None:
            server.stop()


if __name__ == "__main__":
    main()

"""How gunicorn serves the portal; found by `gunicorn --config deploy/gunicorn.conf.py portal.wsgi`.

No access log: addresses hold titles, queries hold what people search for.
"""

import os

from portal import logs

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
threads = 4
timeout = 60
graceful_timeout = 30
# Memory that a long life fragments comes back.
max_requests = 5_000
max_requests_jitter = 500
# Heartbeats; on a slow disk they would look like dead workers.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
accesslog = None
logconfig_dict = logs.config(os.environ.get("LOG_FORMAT", "line"), os.environ.get("LOG_LEVEL", "WARNING"))
# Its own handler would write in its own form, with the addresses of requests that failed. Starts and ends are told.
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": ["stderr"], "level": "INFO", "propagate": False}

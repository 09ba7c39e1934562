"""How gunicorn runs the web, in production and under the launcher.

WEB_CONCURRENCY is the number of processes, WEB_THREADS that of threads in each. A pool of database
connections belongs to one process (`cosell/core/env_urls.py`), so threads must stay below its size.
"""

import os

wsgi_app = "cosell.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
keepalive = 5
# The heartbeat file must not be on a disk that can stall.
memory = "/dev/shm"  # noqa: S108 (gunicorn makes a file of its own in it)
worker_tmp_dir = memory if os.access(memory, os.W_OK) else None
control_socket_disable = True

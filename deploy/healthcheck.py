"""Health of one container: `web` asks the web next door, `pulse` whether beat and worker work.

Ends with 0 when healthy, otherwise with one line that says what is wrong.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

PORT = 8000
MAX_PULSE_AGE = 90


def web() -> str | None:
    site = urlsplit(os.environ["SITE_URL"])
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
        connection.request("GET", "/healthz", headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        return f"no answer on port {PORT}: {problem}"
    finally:
        connection.close()
    return None if status == http.client.OK else f"/healthz answers {status}"


def pulse() -> str | None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosell.settings")
    sys.path.insert(0, os.getcwd())
    from cosell.core.tasks import pulse_age

    age = pulse_age()
    if age is None:
        return "there was no beat yet"
    return None if age < MAX_PULSE_AGE else f"the last beat was {age:.0f} seconds ago"


if __name__ == "__main__":
    sys.exit({"web": web, "pulse": pulse}[sys.argv[1]]())

"""Sends requests as fast as urllib3 does, and judges nothing.

    .venv/bin/python -m benchmarks.bare_calls FILE

What `hatchway verify` is compared with: the same requests, as many at once, over connections that stay open.
"""

import json
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import urllib3

AT_ONCE = 32
"""As many as `hatchway verify` sends."""


def main(path: Path) -> int:
    """Sends every request of a file; fails unless each is answered as it was when they were recorded."""
    recorded = json.loads(path.read_text(encoding="utf-8"))
    client = urllib3.ProxyManager(
        os.environ["HTTPS_PROXY"], ca_certs=os.environ["SSL_CERT_FILE"], maxsize=AT_ONCE, block=True
    )

    def status(request: dict[str, Any]) -> int:
        url, path = request["url"], "/" + request["url"].split("/", 3)[3]
        pool = client.connection_from_url(url)
        answer = pool.request(
            request["method"],
            path,
            headers=request["headers"],
            body=request["body"],
            retries=False,
            redirect=False,
        )
        return int(answer.status)

    with ThreadPoolExecutor(AT_ONCE) as workers:
        found = Counter(workers.map(status, recorded["requests"]))
    if found != {int(status): count for status, count in recorded["statuses"].items()}:
        sys.stderr.write(f"answered {dict(found)}, and when recorded {recorded['statuses']}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

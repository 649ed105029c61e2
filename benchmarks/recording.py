"""Records the requests that a verification sends, for a bare loop to send them too.

.venv/bin/python -m benchmarks.recording TOPOLOGY OUTPUTS FILE
"""

import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

from hatchway.route.outcome import Verdict
from hatchway.topology import load_views
from hatchway.verify.calling import Answer, Call
from hatchway.verify.http import HttpCaller
from hatchway.verify.outputs_file import OutputsFile
from hatchway.verify.verifier import Verifier


def main(topology: Path, outputs: Path, target: Path) -> int:
    """Verifies once, and writes every request with how often each status was answered.

    The file holds the credential of the sandbox, so nobody else may read it.
    """
    requests: list[dict[str, Any]] = []
    statuses: Counter[int] = Counter()
    lock, send = threading.Lock(), HttpCaller._exchanged  # noqa: SLF001 -- what every call passes

    def noting(caller: HttpCaller, pool: Any, request: Call, watch: Any) -> Any:  # noqa: ANN401 -- as it came
        answer = send(caller, pool, request, watch)
        # What is not answered, such as an old TLS version, a loop could not send.
        if isinstance(answer, Answer):
            with lock:
                statuses[answer.status] += 1
                requests.append(
                    {"method": request.method, "url": request.url, "headers": dict(request.headers)}
                )
        return answer

    with mock.patch.object(HttpCaller, "_exchanged", noting):
        verifier = Verifier(views=load_views(topology), outputs=OutputsFile(outputs), calls_only=True)
        report = verifier.run()
    if report.verdict is not Verdict.PASS:
        sys.stderr.write(f"the services cannot be verified: {report.findings}\n")
        return 1
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"requests": requests, "statuses": statuses}, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:])))

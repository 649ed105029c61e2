"""Records the requests that a verification sends, for a bare loop to send them too.

.venv/bin/python -m benchmarks.recording TOPOLOGY OUTPUTS FILE
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from botocore.httpsession import URLLib3Session

from hatchway.route.outcome import Verdict
from hatchway.topology import load_views
from hatchway.verify.calling import Answer, Call
from hatchway.verify.http import HttpCaller
from hatchway.verify.outputs_file import OutputsFile
from hatchway.verify.verifier import Verifier

Noted = tuple[int, dict[str, Any]]
"""The status that was answered, and the request."""


def main(topology: Path, outputs: Path, target: Path) -> int:
    """Verifies once, and writes every request with how often each status was answered.

    The file holds the credential of the sandbox, so nobody else may read it.
    """
    noted: list[Noted] = []
    verifier = Verifier(views=load_views(topology), outputs=OutputsFile(outputs))
    with _calls(noted.append), _reads(noted.append):
        report = verifier.run()
    if report.verdict is not Verdict.PASS:
        sys.stderr.write(f"the services cannot be verified: {report.findings}\n")
        return 1
    content = {"requests": [request for _, request in noted], "statuses": Counter(it for it, _ in noted)}
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    return 0


def _calls(note: Callable[[Noted], object]) -> AbstractContextManager[object]:
    """Notes the calls to the public host, and to the private APIs themselves."""
    send = HttpCaller._exchanged  # noqa: SLF001 -- what every call passes

    def noting(caller: HttpCaller, pool: Any, request: Call, watch: Any) -> Any:  # noqa: ANN401 -- as it came
        answer = send(caller, pool, request, watch)
        # What is not answered, such as an old TLS version, a loop could not send.
        if isinstance(answer, Answer):
            note((answer.status, _request(request.method, request.url, request.headers)))
        return answer

    return mock.patch.object(HttpCaller, "_exchanged", noting)


def _reads(note: Callable[[Noted], object]) -> AbstractContextManager[object]:
    """Notes what is asked of AWS's own APIs; a signature is good for longer than a benchmark takes."""
    send = URLLib3Session.send

    def noting(session: URLLib3Session, request: Any) -> Any:  # noqa: ANN401 -- botocore's own kinds
        answer = send(session, request)
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        note((answer.status_code, _request(request.method, request.url, request.headers, body)))
        return answer

    return mock.patch.object(URLLib3Session, "send", noting)


def _request(method: str, url: str, headers: Mapping[str, Any], body: str | None = None) -> dict[str, Any]:
    texts = {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()
    }
    return {"method": method, "url": url, "headers": texts, "body": body}


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:])))

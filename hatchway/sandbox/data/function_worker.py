"""Runs a Lambda function's handler in a process of its own: `python -I function_worker.py CODE HANDLER`.

One JSON event a line on standard input, one JSON answer a line on standard output: `{"result": …}` or
`{"error": message, "type": class}`. What the handler prints goes to standard error. Only the standard
library is imported here, so that a function gets nothing it does not bring.
"""

import importlib
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any


class Context:
    """The `context` argument of a handler."""

    def __init__(self, request_id: str, limit_seconds: float) -> None:
        self.aws_request_id = request_id
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
        self.function_version = "$LATEST"
        self.invoked_function_arn = os.environ.get("HATCHWAY_FUNCTION_ARN", "")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        self._deadline = time.monotonic() + limit_seconds

    def get_remaining_time_in_millis(self) -> int:
        """How long the handler may still run."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main(code: str, handler: str) -> None:
    """Loads the handler, then answers events until standard input ends."""
    _die_with_parent()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    sys.path.insert(0, code)
    os.chdir(code)
    module_name, _, function_name = handler.rpartition(".")
    try:
        function = getattr(importlib.import_module(module_name.replace("/", ".")), function_name)
    except Exception as error:  # noqa: BLE001 - any failure of foreign code is its answer
        _answer(answers, _failure(error))
        return
    _answer(answers, {"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        try:
            result = function(order["event"], Context(order["request_id"], order["limit_seconds"]))
            _answer(answers, {"result": result})
        except Exception as error:  # noqa: BLE001 - the same
            _answer(answers, _failure(error))


def _failure(error: Exception) -> dict[str, Any]:
    traceback.print_exception(error)
    return {"error": str(error), "type": type(error).__name__}


def _answer(stream: Any, answer: dict[str, Any]) -> None:  # noqa: ANN401 - a text stream of any kind
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


def _die_with_parent() -> None:
    """A handler that hangs does not read its input's end; the process still must not outlive the sandbox."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), sys.argv[2])

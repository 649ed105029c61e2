"""Runs Lambda functions: the deployed code, in processes of their own, with a time limit."""

import io
import json
import os
import queue
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hatchway.sandbox.data.world import Function

__all__ = ["FunctionError", "FunctionStillRunningError", "FunctionTimeoutError", "Functions"]

_WORKER = Path(__file__).with_name("function_worker.py")
# AWS gives 10 s to the init phase: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html.
# A developer's machine shares its cores with Terraform, which Lambda does not.
_INIT_LIMIT_SECONDS = 30.0
_SLOWER_MACHINE = 3


class FunctionError(Exception):
    """The handler failed. `error_type` is the class it raised, the message its text."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


class FunctionTimeoutError(Exception):
    """The handler took longer than the function's time limit, and its process was killed."""


class FunctionStillRunningError(Exception):
    """The caller did not wait for the end."""


class Functions:
    """Keeps warm processes of functions; a change of code or settings gets new ones.

    `environment` gives what lets the AWS SDK in a handler reach the sandbox (proxy and CA); `credentials`
    gives those of a role. Code is unpacked under `directory`; what handlers print goes to files there.
    """

    def __init__(
        self,
        directory: Path,
        environment: Callable[[], Mapping[str, str]],
        credentials: Callable[[str], Mapping[str, str]],
    ) -> None:
        self._directory = directory
        self._environment = environment
        self._credentials = credentials
        self._idle: dict[str, list[_Process]] = {}
        self._all: set[_Process] = set()
        self._lock = threading.Lock()

    def invoke(
        self,
        function: Function,
        event: Mapping[str, Any],
        request_id: str,
        patience_seconds: float | None = None,
    ) -> object:
        """Runs the handler with an event and returns its result.

        Raises:
            FunctionError: the handler could not be loaded, raised, or its process died.
            FunctionTimeoutError: it took longer than the function's own limit.
            FunctionStillRunningError: it took longer than the caller waits; unlike in Lambda it is ended.
        """
        if not function.runtime.startswith("python3"):
            raise FunctionError("Runtime.Unsupported", f"the sandbox runs Python, not {function.runtime}")
        key = self._key(function)
        process = self._take(key) or self._start(function)
        order = {
            "event": event,
            "request_id": request_id,
            "limit_seconds": function.timeout_seconds,
        }
        limit = function.timeout_seconds * _SLOWER_MACHINE
        impatient = patience_seconds is not None and patience_seconds < limit
        try:
            answer = process.ask(order, patience_seconds if impatient and patience_seconds else limit)
        except FunctionTimeoutError as error:
            self._discard(process)
            if impatient:
                raise FunctionStillRunningError(str(error)) from error
            raise
        except FunctionError:
            self._discard(process)
            raise
        with self._lock:
            self._idle.setdefault(key, []).append(process)
        if "error" in answer:
            raise FunctionError(str(answer["type"]), str(answer["error"]))
        return answer["result"]

    def stop(self) -> None:
        """Ends all processes."""
        with self._lock:
            processes, self._idle = list(self._all), {}
        for process in processes:
            self._discard(process)

    def _key(self, function: Function) -> str:
        return json.dumps([function.arn, function.digest, function.handler, dict(function.environment)])

    def _take(self, key: str) -> "_Process | None":
        with self._lock:
            waiting = self._idle.get(key)
            return waiting.pop() if waiting else None

    def _start(self, function: Function) -> "_Process":
        code = self._directory / "functions" / f"{function.name}-{function.digest[:16]}"
        with self._lock:
            if not code.exists():
                code.mkdir(parents=True)
                zipfile.ZipFile(io.BytesIO(function.code)).extractall(code)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            **self._environment(),
            **self._credentials(function.role),
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_megabytes),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
            "LAMBDA_TASK_ROOT": str(code),
            "HATCHWAY_FUNCTION_ARN": function.arn,
            **function.environment,
        }
        log = code.with_suffix(".log")
        process = _Process(code, function.handler, environment, log)
        with self._lock:
            self._all.add(process)
        try:
            ready = process.wait(_INIT_LIMIT_SECONDS)
        except (FunctionTimeoutError, FunctionError):
            self._discard(process)
            raise
        if "error" in ready:
            self._discard(process)
            raise FunctionError(str(ready["type"]), str(ready["error"]))
        return process

    def _discard(self, process: "_Process") -> None:
        process.kill()
        with self._lock:
            self._all.discard(process)


class _Process:
    """One worker process and the thread that reads its answers."""

    def __init__(self, code: Path, handler: str, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file; no shell
                [sys.executable, "-I", str(_WORKER), str(code), handler],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(environment),
            )
        self._answers: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, order: Mapping[str, Any], limit_seconds: float) -> dict[str, Any]:
        """Sends an order and waits for its answer."""
        stdin = self._process.stdin
        if stdin is None:
            raise FunctionError("Runtime.ExitError", "the process has no input")
        try:
            stdin.write(json.dumps(order).encode() + b"\n")
            stdin.flush()
        except OSError as error:
            raise FunctionError("Runtime.ExitError", "the process ended before it was called") from error
        return self.wait(limit_seconds)

    def wait(self, limit_seconds: float) -> dict[str, Any]:
        """Waits for the next answer; an empty line means that the process ended."""
        try:
            line = self._answers.get(timeout=limit_seconds)
        except queue.Empty as error:
            raise FunctionTimeoutError(f"no answer in {limit_seconds:g} s") from error
        if not line:
            raise FunctionError("Runtime.ExitError", f"the process ended with {self._exit_code()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _exit_code(self) -> int | None:
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None  # it closed its output and lives on: it is killed next

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # unsent input of a dead process

    def _read(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        try:
            for line in stdout:
                self._answers.put(line)
        except (OSError, ValueError):
            pass  # closed by kill
        self._answers.put(b"")

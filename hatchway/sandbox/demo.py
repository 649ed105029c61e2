"""`hatchway sandbox demo`: everything once, from nothing to nothing, with the time each stage took."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from hatchway.errors import HatchwayError, ToolError
from hatchway.sandbox import DEFAULT_FOLDER, Sandbox
from hatchway.topology import load_views, stacks
from hatchway.topology.stacks import gateway_stack

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Service

__all__ = ["Demo"]

NAME = "demo"
_LET_GO_SECONDS = 20.0


class StageFailedError(HatchwayError):
    """A stage ended with an exit code other than 0; what it has to say, it has said."""

    def __init__(self, stage: str, code: int) -> None:
        super().__init__(f"{stage} failed with exit code {code}")
        self.code = code


class Demo:
    """Deploys a topology into a sandbox of its own, verifies it, destroys it, and leaves nothing behind.

    Args:
        topology: The topology file.
        keep: Whether the deployed sandbox stays up afterwards.
        console: Where a person follows it.
    """

    def __init__(self, *, topology: Path, keep: bool, console: Console) -> None:
        self._path = topology.resolve()
        self._views = load_views(topology)
        self._topology = self._views[0]
        self._keep = keep
        self._console = console
        self._times: dict[str, float] = {}
        self._body = ""
        self._sandbox: Sandbox | None = None

    def run(self) -> int:
        """Runs all stages; returns 0, or the exit code of the stage that failed."""
        verdict, code = "pass", 0
        with ExitStack() as cleanup:
            # Registered before there is anything to clean up: whatever happens, it is done.
            cleanup.callback(self._summary, lambda: verdict)
            cleanup.callback(self._down, lambda: code)
            try:
                self._stages()
            except StageFailedError as error:
                verdict, code = str(error), error.code
            except BaseException:
                verdict, code = "stopped", 4
                raise
        return code

    def _stages(self) -> None:
        self._stage("sandbox up", self._up)
        self._stage("synth", lambda: self._hatchway("synth"))
        self._stage("deploy", lambda: self._hatchway("deploy", "--yes"))
        self._stage("credential", self._credential)
        self._stage("call", self._call)
        self._stage("verify", lambda: self._hatchway("verify"))
        self._stage("second plan", self._second_plan)
        if not self._keep:
            self._stage("destroy", lambda: self._hatchway("destroy", "--yes"))

    def _stage(self, name: str, action: Callable[[], object]) -> None:
        self._console.rule(f"[bold]{name}", align="left")
        started = time.monotonic()
        try:
            action()
        finally:
            self._times[name] = time.monotonic() - started

    def _up(self) -> None:
        folder = DEFAULT_FOLDER / NAME
        self._sandbox = Sandbox.start(
            folder, self._topology, follow_parent=not self._keep, progress=self._console.print
        )
        self._console.print(f"on 127.0.0.1:{self._sandbox.server.port}, in {folder}", soft_wrap=True)

    def _credential(self) -> None:
        issued = [self._running.credentials(view) for view in self._views]
        if not any(issued):
            self._console.print("the gateway has no authorizer")
        else:
            self._console.print("the authorizer knows a new token")

    def _call(self) -> None:
        """Sends the first request that the topology expects an answer to, as any client would."""
        for name, service in self._topology.services.items():
            if service.checks:
                self._body = self._answer(name, service, service.checks[0])
                return
        self._console.print("the topology has no checks: nothing to call")

    def _answer(self, name: str, service: "Service", check: "Check") -> str:
        import urllib3  # noqa: PLC0415 - only this stage needs it

        outputs = self._running.outputs(self._topology, gateway_stack(self._topology))
        token = self._running.token()
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if self._topology.gateway.api_id_header == "passthrough":
            headers["x-apigw-api-id"] = outputs["private_api_ids"][name]
        prefix = service.path.rstrip("/") if not check.path.startswith(service.path) else ""
        url = f"{outputs['public_url']}{prefix}{check.path}"
        with urllib3.ProxyManager(self._running.proxy_url, ca_certs=str(self._running.ca_file)) as client:
            answer = client.request(check.method, url, headers=headers, timeout=40, retries=False)
        body = answer.data.decode("utf-8", "replace")
        self._console.print(
            f"{check.method} {url}", f"{answer.status} {body}", sep="\n", markup=False, soft_wrap=True
        )
        return body

    def _second_plan(self) -> None:
        said = self._hatchway("plan", capture=True)
        changed = [
            name
            for view in self._views
            for name in stacks(view)
            if not re.search(rf"{re.escape(name)}: no changes", said)
        ]
        if changed:
            raise StageFailedError(f"second plan (not empty: {', '.join(changed)})", 1)

    def _hatchway(self, *arguments: str, capture: bool = False) -> str:
        """Runs a hatchway command inside the sandbox, as a user would; returns what it said if captured.

        Raises:
            StageFailedError: Its exit code is not 0.
        """
        environment = self._running.environment()
        environment["CDKTF_OUTDIR"] = str(self._running.directory / "cdktf.out")
        command = [
            sys.executable,
            "-m",
            "hatchway",
            arguments[0],
            "--topology",
            str(self._path),
            *arguments[1:],
        ]
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command, env=environment, stderr=subprocess.PIPE if capture else None, text=True
        )
        with _taken_along(process):
            _, said = process.communicate()
        if capture:
            sys.stderr.write(said)
        if process.returncode != 0:
            raise StageFailedError(arguments[0], process.returncode)
        return said or ""

    def _down(self, code: Callable[[], int]) -> None:
        if self._sandbox is None:
            return
        if self._keep and code() == 0:
            return
        self._stage("sandbox down", self._sandbox.stop)

    def _summary(self, verdict: Callable[[], str]) -> None:
        self._console.rule(align="left")
        for name, seconds in self._times.items():
            self._console.print(f"{name:<14}{seconds:7.1f} s")
        self._console.print(f"{'all':<14}{sum(self._times.values()):7.1f} s")
        if self._body:
            self._console.print(f"body: {self._body}", markup=False, soft_wrap=True)
        self._console.print(f"verdict: {verdict()}", markup=False, soft_wrap=True)
        if self._keep and verdict() == "pass":
            for command in ("exec -- hatchway verify", "status", "down"):
                first, *rest = command.split(" ", 1)
                self._console.print(
                    " ".join(["next: hatchway sandbox", first, f"--name {NAME}", *rest]), markup=False
                )

    @property
    def _running(self) -> Sandbox:
        if self._sandbox is None:
            raise ToolError("sandbox: it is not up.")
        return self._sandbox


@contextmanager
def _taken_along(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Leaves no child behind: an interrupt reaches it from the terminal, and it is given time to end."""
    try:
        yield
    except BaseException:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_LET_GO_SECONDS / 2)
                break
            process.send_signal(number)
        process.wait()
        raise

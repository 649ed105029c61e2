"""Sends to Node without waiting for answers that nobody needs yet.

jsii waits for the answer to each request: a hundred thousand times for two hundred services. Here a request
that makes an object, reads an attribute of a resource or adds something is only sent. What stands for its
result is known before, and `pipeline.cjs` puts the result in its place when a later request names it; Node
works meanwhile. Any other request is waited for, and an error in one before it is raised then.

Only `main.py` asks for it, through `bindings.send_ahead`. Goes when jsii does this by itself.
"""

import atexit
import json
import os
import platform
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any, cast

import jsii
from jsii._kernel import types
from jsii._kernel.providers.process import ProcessProvider, _NodeProcess, jdefault
from jsii._reference_map import resolve_id

from constructs_lib.names import logical_id

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIN = Path(__file__).with_name("pipeline.cjs")
RESOURCE_TYPES = ("@cdktf/provider-aws.", "cdktf.TerraformResource@")
AWS_MODULES = "cdktf_cdktf_provider_aws."
NODE_TYPE = "constructs.Node"
# They return nothing, and call nothing back.
ADDING = frozenset({"addOverride", "addDependency", "addValidation"})
# Answered by pipeline.cjs, for all stacks of Hatchway.
NAMING = "allocateLogicalId"
# As jsii does.
OPTIONS = ("--preserve-symlinks",)
STRUCT = "$jsii.struct"
EXIT_SECONDS = 5


def start_pipeline() -> None:
    """Starts Node, and has jsii send to it from now on."""
    process = PipelinedProcess()
    process.start()
    jsii.kernel.provider = PipelinedProvider(process)


class PipelinedProvider(ProcessProvider):
    """jsii's way to a process, with a process of ours."""

    def __init__(self, process: "PipelinedProcess") -> None:
        self._pipelined = process

    @property
    def waited(self) -> int:
        """How many requests were waited for so far."""
        return self._pipelined.waited

    @property
    def _process(self) -> "PipelinedProcess":
        return self._pipelined


class PipelinedProcess(_NodeProcess):
    """Node, which reads on while we write on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # jsii's own
        self.waited = 0
        self._mark = f"hatchway-{token_hex(8)}"
        self._sent = 0
        self._greeted = False
        self._named: set[str] = set()
        self._paths: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, Mapping[str, Any]] = {}
        self._nodes: dict[str, types.ObjRef] = {}

    def start(self) -> None:
        """Starts Node; what it says first is read with the first answer."""
        program = Path(self._jsii_runtime()).parents[1] / "lib" / "program.js"
        # Standard output is where requests go; what somebody prints in Node goes to ours.
        output = os.dup(1)
        command = [os.environ.get("JSII_NODE", "node"), "--max-old-space-size=4069", *OPTIONS]
        self._process = subprocess.Popen(  # noqa: S603 -- the program that jsii starts, and no shell
            [*command, os.fspath(MAIN), os.fspath(program), str(output), self._mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[output],
            env=os.environ | {"JSII_AGENT": f"Python/{platform.python_version()}"},
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        os.close(output)
        atexit.register(self.stop)

    def stop(self) -> None:
        """Ends Node."""
        atexit.unregister(self.stop)
        if not hasattr(self, "_requests") or self._requests.closed:
            return
        # Node may be gone already: an interrupt reaches both.
        with suppress(BrokenPipeError):
            self._requests.write(b'{"exit":0}\n')
        with suppress(BrokenPipeError):
            self._requests.close()
        try:
            self._process.wait(timeout=EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait()
        self._answers.close()
        self._ctx_stack.close()

    def send(self, request: Any, response_type: Any) -> Any:  # noqa: ANN401 -- as in jsii
        """Sends a request; waits for the answer unless it is known, or what stands for it is."""
        match request:
            case types.CreateRequest():
                return self._create(request)
            case types.GetRequest():
                known = self._get(request)
                if known is not None:
                    return types.GetResponse(value=known)
            case types.InvokeRequest() if request.method in ADDING:
                self._defer("invoke", objref=request.objref, method=request.method, args=request.args)
                return types.InvokeResponse()
            case types.LoadRequest():
                message = {"name": request.name, "version": request.version, "tarball": request.tarball}
                self._defer("load", **message)
                return types.LoadResponse(assembly=request.name, types=0)
        if not self._greeted:
            self._requests.flush()
            self._greeted = True
            self.handshake()
        self.waited += 1
        return super().send(request, response_type)

    def _create(self, request: types.CreateRequest) -> types.ObjRef:
        overrides = [
            {"method": it.method, "property": it.property, "cookie": it.cookie}
            for it in request.overrides
            if it.method != NAMING
        ]
        number = self._defer(
            "create",
            "*" if len(overrides) < len(request.overrides) else "",
            fqn=request.fqn,
            args=[_given(argument) for argument in request.args],
            overrides=overrides,
            interfaces=request.interfaces,
        )
        if len(overrides) < len(request.overrides):
            self._named.add(request.args[1])
        made = types.ObjRef(ref=f"{request.fqn}@{self._mark}:{number}")
        self._remember(made.ref, request)
        return made

    def _remember(self, ref: str, request: types.CreateRequest) -> None:
        """Keeps where a construct is, and what it was given."""
        scope, id_, *rest = [*request.args, None, None][:3]
        if not isinstance(id_, str):
            if request.fqn == "cdktf.App":
                self._paths[ref] = ()
            return
        parent = self._paths.get(getattr(getattr(scope, "__jsii_ref__", None), "ref", ""))
        if parent is None:
            return
        self._paths[ref] = (*parent, id_)
        if isinstance(rest[0], dict) and STRUCT in rest[0]:
            self._given[ref] = rest[0][STRUCT]["data"]

    def _get(self, request: types.GetRequest) -> Any:  # noqa: ANN401 -- a value of any property
        """What a property is, as far as it is known here; None if it is not."""
        ref = request.objref.ref
        if ref not in self._paths:
            return None
        if request.property == "node":
            if ref not in self._nodes:
                number = self._defer("get", objref=request.objref, property=request.property)
                self._nodes[ref] = types.ObjRef(ref=f"{NODE_TYPE}@{self._mark}:{number}")
            return self._nodes[ref]
        return self._get_of_resource(request) if ref.startswith(RESOURCE_TYPES) else None

    def _get_of_resource(self, request: types.GetRequest) -> Any:  # noqa: ANN401 -- as above
        ref, name = request.objref.ref, request.property
        resource = cast("type[object]", type(resolve_id(ref)))
        if name in {"provider", "terraformResourceType"} and name in self._given.get(ref, {}):
            return self._given[ref][name]
        if name == "terraformResourceType":
            return resource_type(resource)  # type: ignore[arg-type] # mypy sees the hash of instances
        if name == "friendlyUniqueId" and self._paths[ref][0] in self._named:
            return logical_id(self._paths[ref][1:])
        if is_attribute(resource, name):  # type: ignore[arg-type] # as above
            number = self._defer("get", objref=request.objref, property=name)
            return f"${{TfToken[{self._mark}:{number}]}}"
        return None

    def _defer(self, api: str, mark: str = "", /, **message: Any) -> int:  # noqa: ANN401 -- its parts
        self._sent += 1
        text = json.dumps({"api": api, **message}, default=_as_jsii)
        self._requests.write(f"!{self._sent}{mark} {text}\n".encode())
        return self._sent


def _given(argument: object) -> object:
    """An argument without what was not given, which is most of a resource's."""
    if isinstance(argument, dict) and STRUCT in argument:
        data = {name: value for name, value in argument[STRUCT]["data"].items() if value is not None}
        return {STRUCT: {"fqn": argument[STRUCT]["fqn"], "data": data}}
    return argument


def _as_jsii(value: object) -> Any:  # noqa: ANN401 -- a value of JSON
    if isinstance(value, types.ObjRef):
        return {"$jsii.byref": value.ref} | (
            {"$jsii.interfaces": value.interfaces} if value.interfaces else {}
        )
    return jdefault(value)  # type: ignore[no-untyped-call] # jsii's own


@cache
def resource_type(resource: type[object]) -> str:
    """The Terraform type of a class of the bindings."""
    return str(resource.TF_RESOURCE_TYPE)  # type: ignore[attr-defined] # classes of resources have it


@cache
def is_attribute(resource: type[object], jsii_name: str) -> bool:
    """Whether a property is text that Terraform will know: what the bindings declare as `str`."""
    if not resource.__module__.startswith(AWS_MODULES):
        return False
    getters = (value.fget for value in vars(resource).values() if isinstance(value, property))
    return any(
        getattr(getter, "__jsii_name__", None) == jsii_name and getter.__annotations__.get("return") is str
        for getter in getters
    )

"""The peer in Python with bindings that have one module per AWS service: `elb.AwsLb`."""

import re
from collections.abc import Collection
from functools import cached_property

from benchmarks.peers.program import pascal
from benchmarks.peers.python_program import PythonProgram
from benchmarks.processes import PeerError

PROVIDER = "provider"
RESOURCE = re.compile(
    r'^    jsii_type="@cdktn/aws\.[\w.]+\.(\w+)",\n\):\n    \'\'\'[^\n]*Represents a \{@link \S+ aws_(\w+)\}',
    flags=re.MULTILINE,
)


class ServiceModulesProgram(PythonProgram):
    """As `PythonProgram`; a block within a resource is a class within its class: `AwsLb.ActionProperty`."""

    def aws_class(self, block: str, class_name: str) -> str:
        """By its module: the package's own documentation imports those."""
        module, owner = self._place(block)
        self._imports.add(f"from {self._package} import {module}")
        inner = class_name.removeprefix(_name(block))
        return f"{module}.{owner}.{inner}Property" if inner else f"{module}.{owner}"

    def _structs_of(self, module: str) -> Collection[str]:
        if module not in self._structs:
            service, owner = self._place(module)
            source = (self._bindings / service / "__init__.py").read_text(encoding="utf-8")
            inner = re.findall(rf'jsii_type="@cdktn/aws\.[\w.]+\.{owner}\.(\w+)Property"', source)
            self._structs[module] = {f"{_name(module)}{name}" for name in inner}
        return self._structs[module]

    def _place(self, block: str) -> tuple[str, str]:
        if block == PROVIDER:
            return PROVIDER, "AwsProvider"
        if block not in self._places:
            raise PeerError(f"{self._package}: has no class for aws_{block}")
        return self._places[block]

    @cached_property
    def _places(self) -> dict[str, tuple[str, str]]:
        """Module and class of each resource."""
        return {
            kind: (path.parent.name, class_name)
            for path in self._bindings.glob("*/__init__.py")
            for class_name, kind in RESOURCE.findall(path.read_text(encoding="utf-8"))
            if not class_name.startswith("Data")
        }


def _name(block: str) -> str:
    return "AwsProvider" if block == PROVIDER else pascal(block)

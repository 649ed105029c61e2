"""Writes a program that makes given resources, in the manner of the bindings' own documentation.

One class per stack and one statement per resource. What refers to another resource takes it from that
resource's attribute; what our output says in Terraform's own expressions stays text, which costs a peer
less than building it would.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.blocks import COMMENT, REFERENCE, Block, StackBlocks
from benchmarks.processes import PeerError

Pairs = Sequence[tuple[str, str]]
Constant = bool | float | None

REMOTE_STATE = "terraform_remote_state"
# `DataResource` of cdktf is made for it, and takes nothing but maps.
GENERIC = "terraform_data"
OVERRIDDEN_OF_BACKEND = "use_lockfile"
SECTIONS = {COMMENT, "data", "output", "provider", "resource", "terraform"}


def pascal(snake: str) -> str:
    """A name of Terraform as the name of a class."""
    return "".join(part[:1].upper() + part[1:] for part in snake.split("_"))


class Program(ABC):
    """A program in one language."""

    def __init__(self, bindings: Path) -> None:
        self._bindings = bindings
        self._structs: dict[str, Collection[str]] = {}

    @abstractmethod
    def write(self, stacks: Sequence[StackBlocks], folder: Path) -> None:
        """Writes the program into a folder."""

    @abstractmethod
    def name(self, argument: str) -> str:
        """An argument of Terraform, as the language names it."""

    @abstractmethod
    def constant(self, value: Constant) -> str:
        """A value that is no text."""

    @abstractmethod
    def aws_class(self, block: str, class_name: str) -> str:
        """A class of the AWS bindings, imported from the module of that block."""

    @abstractmethod
    def struct(self, class_name: str, pairs: Pairs) -> str:
        """A block within a block."""

    @abstractmethod
    def mapping(self, pairs: Pairs) -> str:
        """A map, whose keys are data."""

    @abstractmethod
    def construct(self, class_name: str, id_: str | None, pairs: Pairs) -> str:
        """A new construct in the stack."""

    @abstractmethod
    def statement(self, variable: str | None, expression: str) -> str:
        """A line of the stack's constructor."""

    @abstractmethod
    def override(self, of: str | None, path: str, value: str) -> str:
        """The escape hatch, for what the bindings have no argument for; of the stack without `of`."""

    def statements(self, stack: StackBlocks) -> Iterator[str]:
        """The constructor of a stack."""
        unknown = set(stack.document) - SECTIONS
        if unknown:
            raise PeerError(f"{stack.name}: a peer has no words for {', '.join(sorted(unknown))}")
        yield from self._settings(stack)
        for name, bodies in stack.document.get("provider", {}).items():
            for body in bodies:
                pairs = self._arguments(stack, f"{pascal(name)}Provider", "provider", body)
                made = self.construct(self.aws_class("provider", "AwsProvider"), body["alias"], pairs)
                yield self.statement(f"provider_{body['alias']}", made)
        for block in stack.blocks.values():
            yield self.statement(block.variable, self._block(stack, block))
            if block.kind == GENERIC:
                for key, each in _arguments(block.body):
                    yield self.override(block.variable, key, self._value(stack, each))
        for name, body in stack.document.get("output", {}).items():
            pairs = [(self.name(key), self._value(stack, each)) for key, each in body.items()]
            yield self.statement(None, self.construct("TerraformOutput", name, pairs))

    def _settings(self, stack: StackBlocks) -> Iterator[str]:
        settings = stack.document["terraform"]
        backend = settings["backend"]["s3"]
        plain = {key: value for key, value in backend.items() if key != OVERRIDDEN_OF_BACKEND}
        pairs = self._backend(stack, plain)
        yield self.statement("backend", self.construct("S3Backend", None, pairs))
        locked = self.constant(backend[OVERRIDDEN_OF_BACKEND])
        yield self.override("backend", OVERRIDDEN_OF_BACKEND, locked)
        versions = json.dumps(settings["required_providers"]["aws"]["version"])
        yield self.override(None, "terraform.required_providers.aws.version", versions)
        yield self.override(None, "terraform.required_version", json.dumps(settings["required_version"]))

    def _block(self, stack: StackBlocks, block: Block) -> str:
        if block.kind == REMOTE_STATE:
            workspace = (self.name("workspace"), self._value(stack, block.body["workspace"]))
            state = [workspace, *self._backend(stack, block.body["config"])]
            return self.construct("DataTerraformRemoteStateS3", block.construct_id, state)
        if block.kind == GENERIC:
            kind = [(self.name("terraform_resource_type"), json.dumps(block.kind))]
            return self.construct("TerraformResource", block.construct_id, kind)
        own = block.kind.removeprefix("aws_")
        module = f"data_aws_{own}" if block.is_data else own
        class_name = self.aws_class(module, pascal(module))
        pairs = self._arguments(stack, pascal(module), module, block.body)
        return self.construct(class_name, block.construct_id, pairs)

    def _backend(self, stack: StackBlocks, config: Mapping[str, Any]) -> Pairs:
        return [
            (
                self.name(key),
                self.struct(
                    "S3BackendAssumeRoleConfig",
                    [(self.name(name), self._value(stack, each)) for name, each in value.items()],
                )
                if key == "assume_role"
                else self._value(stack, value),
            )
            for key, value in config.items()
        ]

    def _arguments(self, stack: StackBlocks, class_name: str, module: str, body: Mapping[str, Any]) -> Pairs:
        return [
            (self.name(key), self._argument(stack, f"{class_name}{pascal(key)}", module, key, value))
            for key, value in _arguments(body)
        ]

    def _argument(self, stack: StackBlocks, struct: str, module: str, key: str, value: Any) -> str:  # noqa: ANN401 -- a value of JSON, and where it stands
        if key == "provider":
            return f"provider_{value.partition('.')[2]}"
        if key == "depends_on":
            addresses = [tuple(address.split(".")) for address in value]
            return f"[{', '.join(stack.blocks[kind, name].variable for kind, name in addresses)}]"
        if key == "lifecycle":
            pairs = [(self.name(name), self._value(stack, each)) for name, each in value.items()]
            return self.struct("TerraformResourceLifecycle", pairs)
        if struct not in self._structs_of(module):
            return self._value(stack, value)
        if isinstance(value, list):
            items = [self._struct(stack, struct, module, each) for each in value]
            return f"[{', '.join(items)}]"
        return self._struct(stack, struct, module, value)

    def _struct(self, stack: StackBlocks, struct: str, module: str, body: Mapping[str, Any]) -> str:
        pairs = self._arguments(stack, struct, module, body)
        return self.struct(self.aws_class(module, struct), pairs)

    def _structs_of(self, module: str) -> Collection[str]:
        if module not in self._structs:
            source = (self._bindings / module / "__init__.py").read_text(encoding="utf-8")
            self._structs[module] = set(re.findall(r"^class (\w+)", source, flags=re.MULTILINE))
        return self._structs[module]

    def _value(self, stack: StackBlocks, value: Any) -> str:  # noqa: ANN401 -- a value of JSON
        if isinstance(value, str):
            return self._text(stack, value)
        if isinstance(value, Mapping):
            return self.mapping([(json.dumps(key), self._value(stack, each)) for key, each in value.items()])
        if isinstance(value, list):
            return f"[{', '.join(self._value(stack, each) for each in value)}]"
        return self.constant(value)

    def _text(self, stack: StackBlocks, text: str) -> str:
        """Text, with references to resources taken from their attributes."""
        parts: list[str] = []
        at = 0
        for found in REFERENCE.finditer(text):
            block = stack.blocks.get((found[1], found[2]))
            if block is not None:
                parts += [json.dumps(stack.renamed(text[at : found.start()]))] if found.start() > at else []
                parts.append(f"{block.variable}.{self.name(found[3])}")
                at = found.end()
        if at < len(text) or not parts:
            parts.append(json.dumps(stack.renamed(text[at:])))
        return " + ".join(parts)


def _arguments(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in body.items() if key != COMMENT)

"""What a topology was synthesized to, for tests to read."""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Terraform = Callable[..., subprocess.CompletedProcess[str]]
Validate = Callable[[Path], Document]

SNAPSHOT = (
    "aws_api_gateway_authorizer.",
    "aws_api_gateway_gateway_response.",
    "aws_api_gateway_integration",
    "aws_api_gateway_method.",
    "aws_api_gateway_method_response.",
    "aws_api_gateway_request_validator.",
    "aws_api_gateway_resource.",
    "aws_api_gateway_rest_api_policy.",
)
NOT_IN_A_SNAPSHOT = ("//", "provider", "rest_api_id")


@dataclass(frozen=True)
class Stack:
    """The JSON of one stack, by Terraform address."""

    text: str

    @cached_property
    def document(self) -> Document:
        return json.loads(self.text)

    @cached_property
    def resources(self) -> dict[str, Document]:
        return {
            f"{kind}.{name}": body
            for kind, named in self.document.get("resource", {}).items()
            for name, body in named.items()
        }

    @property
    def addresses(self) -> list[str]:
        data = [
            f"data.{kind}.{name}" for kind, named in self.document.get("data", {}).items() for name in named
        ]
        return sorted([*data, *self.resources])

    @property
    def outputs(self) -> dict[str, Any]:
        return {
            name: output["value"]
            for name, output in self.document.get("output", {}).items()
            if not name.startswith("cross-stack-output-")
        }

    def of_kind(self, kind: str) -> dict[str, Document]:
        return self.document.get("resource", {}).get(kind, {})

    @property
    def snapshot(self) -> set[str]:
        """Each argument of what a deployment is a snapshot of, and the links it goes through."""
        arguments = {
            f"{address}.{argument}"
            for address, body in self.resources.items()
            if address.startswith(SNAPSHOT)
            for argument in body
            if argument not in NOT_IN_A_SNAPSHOT
        }
        return arguments | {
            f"aws_api_gateway_vpc_link.{name}.id" for name in self.of_kind("aws_api_gateway_vpc_link")
        }

    def triggers(self, api: str) -> set[str]:
        """References in the redeployment trigger of an API."""
        trigger = self.resources[f"aws_api_gateway_deployment.{api}"]["triggers"]["redeployment"]
        found = re.fullmatch(r"\$\{sha1\(jsonencode\(\[(.*)\]\)\)\}", trigger)
        assert found is not None
        return set(found[1].split(", "))

    def policy(self, address: str) -> Document:
        return json.loads(self.resources[address]["policy"])


@dataclass(frozen=True)
class Synthesized:
    """What one topology was synthesized to."""

    outdir: Path

    @cached_property
    def manifest(self) -> Document:
        return json.loads((self.outdir / "manifest.json").read_text())

    @cached_property
    def stacks(self) -> dict[str, Stack]:
        return {
            name: Stack((self.outdir / entry["synthesizedStackPath"]).read_text())
            for name, entry in self.manifest["stacks"].items()
        }

    def __getitem__(self, name: str) -> Stack:
        return self.stacks[name]


Synth = Callable[[Document], Synthesized]

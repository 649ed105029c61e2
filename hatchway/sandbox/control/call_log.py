"""The control plane's log: one JSON line for each call to an AWS API."""

import json
import re
import threading
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

from moto.iam.models import get_account_id_from

__all__ = ["CallLog"]

NAME = "calls.jsonl"


class CallLog:
    """Appends to `calls.jsonl` in the sandbox's folder.

    A line says in which account what was called, by what program, and what status it got. Headers and bodies
    are left out: they hold credentials.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / NAME
        self._lock = threading.Lock()

    def call(self, name: str, method: str, target: str, headers: Message, status: int) -> None:
        """Writes one call.

        Args:
            name: Service and operation, or method and path where the operation has no name.
            method: HTTP method.
            target: Request target; its query is left out, as it may hold a signature.
            headers: Headers of the request.
            status: Status of the answer.
        """
        service, _, operation = name.partition(" ")
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "account": _account(headers),
            "service": service,
            "operation": operation,
            "method": method,
            "path": target.split("?", 1)[0],
            "status": status,
            "program": _program(headers),
        }
        with self._lock, self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")


def _account(headers: Message) -> str | None:
    """Returns the account whose credentials signed the call."""
    key = re.search(r"Credential=([^/]+)/", headers.get("Authorization", ""))
    return str(get_account_id_from(key[1])) if key else None


def _program(headers: Message) -> str:
    """Returns what calls: `Terraform`, or the first word of its user agent."""
    agent = headers.get("User-Agent", "")
    return "Terraform" if "Terraform/" in agent else agent.split(" ", 1)[0]

"""Access logs of stages.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.world import World

__all__ = ["AccessLog", "render_line"]

_VARIABLE = re.compile(r"\$context\.(\w+(?:[.:]\w[\w:-]*)*)")
_OTHER_NAMES = {
    "integrationStatus": "integration.status",
    "integrationLatency": "integration.latency",
    "integrationErrorMessage": "integration.error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLog:
    """Where a stage's lines go, and their form; nowhere without a log group."""

    world: World
    arn: str | None
    form: str

    def write(self, context: Mapping[str, str], answer: Answer, elapsed_milliseconds: int) -> None:
        """Writes the line of an answered request; `context` is what is known of it."""
        if self.arn is None:
            return
        known = {
            **context,
            "status": str(answer.status),
            "responseLength": str(len(answer.body)),
            "responseLatency": str(elapsed_milliseconds),
        }
        if "error.message" in known:
            known["error.messageString"] = json.dumps(known["error.message"])
        self.world.write_log(self.arn, known["requestId"][:8], render_line(self.form, known))


def render_line(form: str, context: Mapping[str, str]) -> str:
    """Fills in a format; what has no value becomes `-`."""

    def value(found: re.Match[str]) -> str:
        name = _OTHER_NAMES.get(found[1], found[1])
        return context.get(name) or "-"

    return _VARIABLE.sub(value, form)

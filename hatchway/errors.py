"""What Hatchway raises for a person to read, and the exit code each kind ends with.

```
HatchwayError            4  something Hatchway cannot put in better words
├── UsageError           2  the command line, or a file it names
│   └── TopologyError    2  `hatchway.yaml` (in `hatchway.topology`)
├── UndecidedError       3  neither right nor wrong could be shown: a permission or a value is missing
└── ToolError            4  Terraform, AWS or the network failed; keeps the last useful lines
```

Exit code 1 is no error: it is the verdict of a review or a verification that found the path broken.
"""

from collections.abc import Sequence
from typing import ClassVar

__all__ = ["HatchwayError", "ToolError", "UndecidedError", "UsageError"]


class HatchwayError(Exception):
    """A failure whose message says where, what is wrong, what was got and what to do."""

    exit_code: ClassVar[int] = 4


class UsageError(HatchwayError):
    """The command line, or a file it names, cannot be used as given."""

    exit_code = 2


class UndecidedError(HatchwayError):
    """A verdict needs a permission or a value that is missing."""

    exit_code = 3


class ToolError(HatchwayError):
    """A program or a service outside Hatchway failed.

    Attributes:
        tail: Its last useful lines, without secrets; a caller prints them under the message.
    """

    exit_code = 4

    def __init__(self, message: str, *, tail: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.tail = tuple(tail)

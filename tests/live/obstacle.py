"""What stands for a module that is not run: one line in every report, and not one for each of its tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from tests.live.settings import WANTED


class NotRun(pytest.Module):
    """A module of which nothing is imported.

    Attributes:
        obstacle: Why it cannot be run, which is a failure; None where nobody asked, which is a skip.
    """

    obstacle: Exception | None

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, obstacle: Exception | None) -> Self:
        """Return what stands for a module."""
        made = cls.from_parent(parent, path=path)
        made.obstacle = obstacle
        return made

    def collect(self) -> Iterator[pytest.Item]:
        item: pytest.Item = _Obstacle.from_parent(self, name="live")
        item.add_marker(pytest.mark.live)
        if self.obstacle is None:
            item.add_marker(pytest.mark.skip(reason=WANTED))
        yield item


class _Obstacle(pytest.Item):
    """Fails with the reason."""

    parent: NotRun

    def runtest(self) -> None:
        raise self.parent.obstacle or AssertionError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002 -- pytest's own signature
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name

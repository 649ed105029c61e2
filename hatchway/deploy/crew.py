"""Working on several stacks at once, each after those it depends on."""

from collections.abc import Callable, Generator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Generic, TypeVar

from hatchway.deploy.interruptions import Interruptions
from hatchway.terraform.process import Interrupted, interrupt_running

__all__ = ["Crew", "Job", "Step"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a job that takes long.

    Attributes:
        action: What to do.
        is_last: Whether nothing is begun after it: what came of it is noted whatever happens elsewhere.
    """

    action: Callable[[], object]
    is_last: bool = False


Job = Generator[Step, Any, R]
"""What is to be done for one stack: it yields steps, and is sent what came of each.

Steps run in threads of their own. All the rest, questions to a person among it, runs in the thread that
works, one after the other.
"""


@dataclass(slots=True, kw_only=True)
class _Active(Generic[R]):
    name: str
    job: Job[R]
    step: Step | None = None


class Crew(Generic[R]):
    """Does jobs, a bounded number at once.

    After a failure, and after Ctrl-C, no step is begun any more; those under way end, and the first failure
    is raised.

    Args:
        size: How many jobs may be under way.
        interrupt: Passes a Ctrl-C on to what is under way.

    Attributes:
        results: What came of the jobs that are done, by name.
        started: Names of the jobs that were begun, in order.
    """

    def __init__(self, size: int, interrupt: Callable[[], object] = interrupt_running) -> None:
        self._size = size
        self._interrupt = interrupt
        self._under_way: dict[Future[object], _Active[R]] = {}
        self._failures: list[BaseException] = []
        self._ready: set[str] = set()
        self._interruptions = Interruptions()
        self.results: dict[str, R] = {}
        self.started: list[str] = []

    def work(self, jobs: Mapping[str, Callable[[], Job[R]]], needs: Mapping[str, set[str]]) -> None:
        """Do all jobs.

        Args:
            jobs: Makes the job of each name, when its turn has come.
            needs: Names of the jobs that have to be done before each.

        Raises:
            BaseException: The first failure of a job.
        """
        sorter = TopologicalSorter({name: needs.get(name, set()) & jobs.keys() for name in jobs})
        sorter.prepare()
        waiting = list(jobs)
        with (
            self._interruptions,
            ThreadPoolExecutor(self._size, thread_name_prefix="hatchway-stack") as pool,
        ):
            is_going_on = True
            while is_going_on:
                try:
                    self._begin(pool, sorter, jobs, waiting)
                    is_going_on = self._wait(pool, sorter)
                except KeyboardInterrupt as stopped:
                    self._failed(stopped)
        if self._failures:
            raise self._failure()

    def _begin(
        self,
        pool: ThreadPoolExecutor,
        sorter: "TopologicalSorter[str]",
        jobs: Mapping[str, Callable[[], Job[R]]],
        waiting: list[str],
    ) -> None:
        """Begin the jobs whose turn has come, as many as may be under way."""
        while True:
            self._ready |= set(sorter.get_ready())
            name = next((name for name in waiting if name in self._ready), None)
            if name is None or self._failures or len(self._under_way) >= self._size:
                return
            waiting.remove(name)
            self.started.append(name)
            self._go_on(pool, sorter, _Active(name=name, job=jobs[name]()), None)

    def _wait(self, pool: ThreadPoolExecutor, sorter: "TopologicalSorter[str]") -> bool:
        """Go on with what has ended a step; tell whether anything was under way."""
        if not self._under_way:
            return False
        with self._interruptions.allowed():
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        for ended in done:
            self._go_on(pool, sorter, self._under_way.pop(ended), ended)
        return True

    def _go_on(
        self,
        pool: ThreadPoolExecutor,
        sorter: "TopologicalSorter[str]",
        active: _Active[R],
        ended: Future[object] | None,
    ) -> None:
        """Hand a job what came of its step, and begin its next one."""
        error = None if ended is None else ended.exception()
        try:
            if error is not None:
                active.step = active.job.throw(error)
            elif self._failures and active.step is not None and not active.step.is_last:
                active.job.close()
                return
            else:
                with self._interruptions.allowed():
                    active.step = active.job.send(None if ended is None else ended.result())
        except StopIteration as done:
            self.results[active.name] = done.value
            sorter.done(active.name)
        except BaseException as failure:  # noqa: BLE001 -- raised when everything under way has ended
            self._failed(failure)
        else:
            self._under_way[pool.submit(active.step.action)] = active

    def _failed(self, failure: BaseException) -> None:
        self._failures.append(failure)
        # What ran in a thread was told already, and has ended.
        if isinstance(failure, KeyboardInterrupt) and not isinstance(failure, Interrupted):
            self._interrupt()

    def _failure(self) -> BaseException:
        interrupts = [one for one in self._failures if isinstance(one, KeyboardInterrupt)]
        if not interrupts:
            return self._failures[0]
        said = dict.fromkeys(str(one) for one in interrupts if str(one))
        forced = any(isinstance(one, Interrupted) and one.forced for one in interrupts)
        return Interrupted(" ".join(said), forced=forced)

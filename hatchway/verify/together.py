"""Doing the same for many at once, in bounded numbers, without keeping anybody who wants to leave."""

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

__all__ = ["all_at_once"]

T = TypeVar("T")
R = TypeVar("R")


def all_at_once(work: Callable[[T], R], subjects: Iterable[T], workers: int) -> list[R]:
    """Return what `work` makes of each subject, in their order; the first exception of theirs is raised.

    The threads are daemons, which `concurrent.futures` does not have: an interrupt, or an error of one,
    leaves the calls of the others behind instead of waiting for their time limits.
    """
    waiting: queue.SimpleQueue[tuple[T, Future[R]]] = queue.SimpleQueue()
    futures: list[Future[R]] = []
    for subject in subjects:
        future: Future[R] = Future()
        futures.append(future)
        waiting.put((subject, future))
    for _ in range(min(workers, len(futures))):
        threading.Thread(target=_work, args=(work, waiting), name="hatchway-calls", daemon=True).start()
    try:
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()


def _work(work: Callable[[T], R], waiting: "queue.SimpleQueue[tuple[T, Future[R]]]") -> None:
    while True:
        try:
            subject, future = waiting.get_nowait()
        except queue.Empty:
            return
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(work(subject))
        except BaseException as error:  # noqa: BLE001 -- it is raised again where the result is asked for
            future.set_exception(error)

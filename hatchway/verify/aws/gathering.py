"""Asks for everything that a path consists of: what is known says what to ask next."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from hatchway.verify.aws import (
    apis,
    balancers,
    endpoints,
    firewalls,
    functions,
    http_apis,
    networks,
    transits,
    vpc_links,
)
from hatchway.verify.aws.accounts import CONNECTIONS
from hatchway.verify.aws.answers import Answers, Reader
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request

__all__ = ["gather", "wanted"]

_MOST_ROUNDS = 12


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Give every request that what is known so far gives reason for."""
    for topic in (apis, firewalls, http_apis, vpc_links, functions, balancers, endpoints, networks, transits):
        yield from topic.wanted(estate, answers)


def gather(
    estate: Estate, reader: Reader, progress: Callable[[str], object] = lambda _sentence: None
) -> Answers:
    """Read everything, as many calls at once as connections are kept open."""
    answers = Answers()
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="hatchway-facts") as pool:
        for _ in range(_MOST_ROUNDS):
            fresh = _fresh(estate, answers)
            if not fresh:
                break
            for request, answer in zip(fresh, pool.map(reader.read, fresh), strict=True):
                answers.take(request, answer)
            progress(f"read {len(answers.given)} facts")
    http_apis.withhold_unserved(estate, answers)
    return answers


def _fresh(estate: Estate, answers: Answers) -> Sequence[Request]:
    return [one for one in dict.fromkeys(wanted(estate, answers)) if one not in answers.given]

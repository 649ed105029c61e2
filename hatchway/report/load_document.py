"""The JSON form of what a load showed."""

from hatchway.report.schema_1 import (
    LatencyDocument,
    LoadDocument,
    RequestLoadDocument,
    WrongAnswersDocument,
)
from hatchway.route.load import Latency, Load, RequestLoad, WrongAnswers

__all__ = ["load_document"]


def load_document(load: Load) -> LoadDocument:
    """Return a load as plain values, in the shape of schema 1."""
    return {
        "asked_per_second": round(load.asked_per_second, 6),
        "asked_seconds": round(load.asked_seconds, 6),
        "seconds": round(load.seconds, 6),
        "sent_per_second": round(load.sent_per_second, 6),
        "due": load.due,
        "sent": load.sent,
        "late": load.late,
        "unanswered": load.unanswered,
        "at_once": load.at_once,
        "kept_up": load.kept_up,
        "ended_early": load.ended_early,
        "budget": round(load.budget, 6),
        "requests": [_request(one) for one in load.requests],
    }


def _request(one: RequestLoad) -> RequestLoadDocument:
    return {
        "service": one.service,
        "request": one.request,
        "answered": one.answered,
        "wrong": one.wrong_count,
        "wrong_share": round(one.wrong_share, 6),
        "throttled": one.throttled,
        "latency": None if one.latency is None else _latency(one.latency),
        "limit_milliseconds": one.limit_milliseconds,
        "wrong_answers": [_wrong(each) for each in one.wrong],
    }


def _latency(latency: Latency) -> LatencyDocument:
    return {
        "p50": round(latency.p50, 6),
        "p95": round(latency.p95, 6),
        "p99": round(latency.p99, 6),
        "longest": round(latency.longest, 6),
    }


def _wrong(wrong: WrongAnswers) -> WrongAnswersDocument:
    return {
        "count": wrong.count,
        "symptom": wrong.symptom,
        "broken_hop": wrong.broken_hop,
        "suspects": list(wrong.suspects),
        "example": wrong.example,
    }

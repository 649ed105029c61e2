"""The orders service: answers with the order that was asked for."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answers a request that API Gateway hands on whole (Lambda proxy integration)."""
    order = {"order": event["pathParameters"]["id"]}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(order)}

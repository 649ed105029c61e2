"""Answers with what it was asked: the function behind routes of the tests."""

import json


def handler(event, _context):
    """Says which path and which variables arrived."""
    asked = {"path": event["path"], "parameters": event["pathParameters"]}
    return {"statusCode": 200, "body": json.dumps(asked)}

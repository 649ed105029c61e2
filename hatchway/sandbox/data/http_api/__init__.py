"""HTTP APIs: what answers callers of them, as AWS would.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
"""

from hatchway.sandbox.data.http_api.answering import HttpApis

__all__ = ["HttpApis"]

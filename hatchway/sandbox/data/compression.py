"""Compression of payloads by API Gateway.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html
"""

import gzip
import zlib
from dataclasses import replace

from hatchway.sandbox.data.gateway_responses import BAD_REQUEST_BODY, GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer, Request
from hatchway.sandbox.data.world import ApiDefinition

__all__ = ["compressed", "decompressed"]


def compressed(definition: ApiDefinition, request: Request, answer: Answer) -> Answer:
    """Compresses an answer that is large enough, for a caller who takes it."""
    least = definition.minimum_compression_size
    if least is None or len(answer.body) < max(least, 1) or answer.header("Content-Encoding"):
        return answer
    accepted = {
        part.split(";")[0].strip().lower() for part in (request.header("Accept-Encoding") or "").split(",")
    }
    if "gzip" in accepted or "*" in accepted:
        return replace(answer, body=gzip.compress(answer.body)).with_headers({"Content-Encoding": "gzip"})
    if "deflate" in accepted:
        return replace(answer, body=zlib.compress(answer.body)).with_headers({"Content-Encoding": "deflate"})
    return answer


def decompressed(definition: ApiDefinition, source: Source) -> Source:
    """Decompresses a request's body before it is looked at; a switch of the API turns both ways on.

    Raises:
        GatewayError: the body is not what its header says.
    """
    request = source.request
    coding = (request.header("Content-Encoding") or "identity").strip().lower()
    if definition.minimum_compression_size is None or coding not in {"gzip", "deflate"}:
        return source
    try:
        body = gzip.decompress(request.body) if coding == "gzip" else zlib.decompress(request.body)
    except (OSError, EOFError, zlib.error) as error:
        raise GatewayError(BAD_REQUEST_BODY, f"the body is not {coding}") from error
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-encoding")
    return replace(source, request=replace(request, headers=headers, body=body))

"""Binary media types of an API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
"""

from collections.abc import Iterable

__all__ = ["as_text_unless_binary", "is_binary"]


def is_binary(binary_media_types: Iterable[str], content_type: str | None) -> bool:
    """Tells whether a body of this type is binary to the API; `*/*` makes all of them binary."""
    given = (content_type or "").split(";")[0].strip().lower()
    return any(_fits(media_type.lower(), given) for media_type in binary_media_types)


def as_text_unless_binary(body: bytes, binary_media_types: Iterable[str], content_type: str | None) -> bytes:
    """The body as it comes through an API: what is not declared as binary is taken for UTF-8 text."""
    if is_binary(binary_media_types, content_type):
        return body
    return body.decode("utf-8", "replace").encode()


def _fits(media_type: str, given: str) -> bool:
    if media_type == "*/*":
        return True
    main, _, sub = media_type.partition("/")
    return media_type == given or (sub == "*" and given.startswith(f"{main}/"))

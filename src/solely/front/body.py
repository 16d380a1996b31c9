"""The body of a call, capped before and after it is unpacked (formats.md 3.3)."""

import zlib
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request

from solely.access.refusal import INVALID, CallRefused, refuse_unless

PACKED_MAX, BODY_MAX = 64 * 1024, 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


async def read_body(
    request: Request,
    packed_max: int = PACKED_MAX,
    most: int = BODY_MAX,
    take_room: Callable[[], None] = lambda: None,
) -> bytes:
    """The body, unpacked where it came in gzip; CallRefused when it is too large or no gzip.

    `take_room` is called before more than `BODY_MAX` of it is kept.
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    refuse_unless(encoding in ("identity", "gzip"), "ENCODING", "unimplemented")
    limit = packed_max if encoding == "gzip" else most
    parts, size = list[bytes](), 0
    try:
        async for part in request.stream():
            size += len(part)
            refuse_unless(size <= limit, "SIZE", "resource_exhausted")
            if size > BODY_MAX:
                take_room()
            parts.append(part)
    except ClientDisconnect:
        raise CallRefused("BROKEN_OFF", INVALID) from None
    body = b"".join(parts)
    if encoding != "gzip":
        return body
    if most > BODY_MAX:
        take_room()  # how much it unpacks to is not known before
    return _unpacked(body, most)


def _unpacked(body: bytes, most: int) -> bytes:
    """The bytes of one gzip member, never more than the cap; CallRefused for anything else."""
    reader = zlib.decompressobj(_GZIP)
    try:
        data = reader.decompress(body, most + 1)
    except zlib.error:
        raise CallRefused("GZIP", INVALID) from None
    refuse_unless(len(data) <= most, "SIZE", "resource_exhausted")
    refuse_unless(reader.eof and not reader.unused_data, "GZIP", INVALID)
    return data

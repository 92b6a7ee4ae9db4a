"""The body of a request, read within bounds of size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

DRAINED = 8 * 1024 * 1024  # bytes read of a body that is too large, so that its sender hears why


class BodyTooLarge(Exception):
    """More was sent than is taken."""


class BodyTooSlow(Exception):
    """What was sent did not arrive in time."""


async def read_body(request: Request, *, largest: int, within: float) -> bytes:
    """Return a body of at most `largest` bytes that arrives within so many seconds.

    Raises BodyTooLarge, BodyTooSlow, ClientDisconnect.
    """
    try:
        return await asyncio.wait_for(_read(request, largest), within)
    except asyncio.TimeoutError:
        raise BodyTooSlow from None


async def _read(request: Request, largest: int) -> bytes:
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= largest:
            body += chunk
        if size > max(DRAINED, largest):
            break
    if size > largest:
        raise BodyTooLarge
    return bytes(body)

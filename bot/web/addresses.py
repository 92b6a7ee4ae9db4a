"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from starlette.requests import Request


def address_of(request: Request, *, trust_proxy: bool) -> str:
    """Return the address a request comes from; behind a trusted proxy, the one that proxy saw.

    An IPv6 address counts as its /64, which is what one household or school is given.
    """
    address = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")
    if trust_proxy and forwarded:
        address = forwarded[-1].rpartition(",")[2].strip() or address  # what stands before was said by the visitor
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return request.client.host if request.client else ""
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)

"""The two pages of a sign-in by an identity provider: the way there, and the way back.

- The way back always leads to `/me`: no address that came from anywhere is followed.
- The page after the way back moves on by itself: a cookie of the own site alone is not sent on a redirect
  that another site began.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request, Response

from solely.console.exchange import HEADERS, peer_of, require_own
from solely.console.openid import BACK, Away, OpenId, Unproved
from solely.console.sign_in import SignIn
from solely.errors import NotPermitted, SolelyError, TroubleError
from solely.steps import attending

WAY: Final = "/sign-in/provider"
_SECONDS: Final = 600
Show = Callable[[str, Mapping[str, Any], int], Response]


class ByProvider:
    """Sign-in by one identity provider; `show` makes a page of a template."""

    def __init__(self, openid: OpenId, sign_in: SignIn, show: Show) -> None:
        self._openid, self._sign_in, self._show = openid, sign_in, show
        # A name that no other host and no plain connection can set (RFC 6265bis, 4.1.3.2).
        self._word = "__Host-solely-begun" if sign_in.is_secure else "solely-begun"

    def add_to(self, app: FastAPI) -> None:
        """Add both pages."""
        app.add_api_route(WAY, self._there, methods=["GET"], include_in_schema=False)
        app.add_api_route(BACK, self._back, methods=["GET"], include_in_schema=False)

    async def _there(self, request: Request) -> Response:
        try:
            require_own(request, self._sign_in.address)
            address, word = await self._openid.begin(peer_of(request))
        except (NotPermitted, Away) as error:
            return self._not(error)
        response = Response(status_code=303, headers={"Location": address} | HEADERS)
        response.set_cookie(
            self._word, word, _SECONDS, httponly=True, samesite="lax", secure=self._sign_in.is_secure
        )
        return response

    async def _back(self, request: Request) -> Response:
        try:
            cookie = await self._signed_in(request)
        except SolelyError as error:
            response = self._not(await self._sign_in.unshown(error, request, ""))
        except TroubleError as error:
            response = self._not(error)
        else:
            response = self._show("signed_in.html", {}, 200)
            response.headers["Refresh"] = "0; url=/me"
            self._sign_in.give(response, cookie)
        response.delete_cookie(
            self._word, secure=self._sign_in.is_secure, httponly=True, samesite="lax", path="/"
        )
        return response

    async def _signed_in(self, request: Request) -> str:
        """The cookie of a new sign-in of whom the provider names."""
        came = dict(request.query_params)
        if len(came) != len(request.query_params.multi_items()):
            raise Unproved("QUERY")
        provider = self._openid.provider
        found = await self._openid.finish(came, request.cookies.get(self._word, ""))
        named = attending.Named(found, provider.digest, provider.roles)
        return await self._sign_in.provided(named)

    def _not(self, error: SolelyError | TroubleError) -> Response:
        """The page of sign-in, which says why this way led nowhere; the passkey remains."""
        return self._show("sign_in.html", {"trouble": str(error)}, error.http_status)

"""The application behind the console's pages: who is signed in, what the route admits, the step, the page.

    0  the form comes from a page of ours (origin, fetch metadata, the sign-in's own word)
    1  the visitor is who the cookie says, and the route admits the role; else nothing runs
    2  the step runs on the thread that acts; where it comes to a signature, what would be signed is shown
    3  the same form with the passkey's answer runs the step again, and signs only what was shown

- Every answer bears the headers of `HEADERS`; nothing of it is kept by a browser or a proxy.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from solely.access.allowance import Places
from solely.access.refusal import CallRefused
from solely.canonical import sha256_hex
from solely.console.attendance import Once, Registrar, read
from solely.console.exchange import HEADERS, Lasting, cookie_name, is_short, read_form, require_own
from solely.console.menu import MENU
from solely.console.provider import Provider
from solely.console.public import LedgerFiles
from solely.console.routes import ROUTES
from solely.console.shown import coded, told_of
from solely.console.sign_in import Do, SignIn
from solely.console.upload import Incoming, TooMany, Unreadable, Upload
from solely.console.visit import (
    TITLES,
    Answer,
    Answering,
    Asking,
    Elsewhere,
    File,
    Later,
    Page,
    Rendered,
    Route,
    SignatureNeeded,
    Stream,
    Visit,
)
from solely.errors import NotPermitted, SolelyError, TroubleError, VerificationFailed
from solely.passkey import Assertion, Shown, Vouched
from solely.services import Services
from solely.signing import Signer
from solely.steps import attending, turning_away
from solely.steps.following import NoSuchBatch

LOOKS_AT_ONCE: Final = 4  # pages of one person that are made beside the thread that acts
_KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}


class _Signing(NamedTuple):
    """What a visitor was shown and asked to sign: which sign-in's form of which route it was."""

    form_word: str
    path: str
    shown: Shown


class _Seen(NamedTuple):
    """Who asks, and what came of it; `needed` where a signature has to come first."""

    signed_in: attending.SignedIn | None
    answer: Answer | None
    needed: tuple[bytes, ...] = ()
    passkeys: tuple[str, ...] = ()  # whose signature it may be


class Console:
    """The pages of one gate; `do` runs a step on the thread that acts; files come into `incoming`."""

    def __init__(
        self, do: Do, address: str, gate: str, incoming: Incoming, provider: Provider | None = None
    ) -> None:
        self._do, self._address, self._gate = do, address, gate
        self.incoming = incoming
        self._registrar = Registrar(address)
        self._signing: Once[_Signing] = Once()
        self._sign_in = SignIn(do, self._registrar)
        self.too_many = self._sign_in.too_many
        self._provider = provider
        self._looking, self._looks = asyncio.Semaphore(1), Places(LOOKS_AT_ONCE)
        style = files("solely.console").joinpath("static", "fetched", "css", "uswds.min.css")
        self._is_styled = style.is_file()
        self._templates = Environment(
            loader=PackageLoader("solely.console"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["coded"] = coded

    def add_to(self, app: FastAPI) -> None:
        """Add every page, the static files, and what browser and gate say to each other at sign-in."""
        for route in ROUTES:
            app.add_api_route(
                route.path, self._endpoint(route), methods=[route.method], include_in_schema=False
            )
        for path, method, endpoint in (
            ("/static/{name:path}", "GET", self._static),
            ("/sign-in", "GET", self._sign_in_page),
            ("/passkeys/new", "GET", self._new_page),
        ):
            app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)
        self._sign_in.add_to(app)
        if self._provider is not None:
            from solely.console import openid
            from solely.console.by_provider import ByProvider

            ByProvider(openid.OpenId(self._provider, self._address), self._sign_in, self._plain).add_to(app)
        LedgerFiles(self._do).add_to(app)

    def leave(self, services: Services) -> None:
        """The last step before the gate is left."""
        self._sign_in.leave(services)

    # -- pages and acts ------------------------------------------------------------------------------------

    def _endpoint(self, route: Route) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                if route.method == "POST":
                    require_own(request, self._address)  # 0
                # A form that is signed comes back without its files: they were looked at when it was shown.
                if route.takes_files and not is_short(request):
                    return await self._with_files(request, route)
                form = await read_form(request, route.field_max) if route.method == "POST" else {}
                seen = await self._made(
                    await self._do(lambda services: self._visit(services, request, route, form))
                )
            except (SolelyError, TroubleError) as error:
                return await self._refused(request, await self.turned_away(error, _kind_of(route)))
            return self._answered(request, route, seen, form)

        return endpoint

    async def _with_files(self, request: Request, route: Route) -> Response:
        """The answer to a form with files; nothing of it is kept for whom the route does not admit."""
        signed_in, further = await self._do(
            lambda services: (_admitted(services, request, route), services.law.further_columns)
        )
        if signed_in is None:
            return self._answered(request, route, _Seen(None, _to_sign_in(request)), {})
        check = partial(_require_word, signed_in=signed_in)
        holder = signed_in.person.key_id
        async with self.incoming.taken_in(request, holder, check, further) as upload:
            seen = await self._made(
                await self._do(lambda services: self._visit(services, request, route, upload.fields, upload))
            )
        return self._answered(request, route, seen, upload.fields)

    async def _made(self, seen: _Seen) -> _Seen:
        """What was seen, its answer made where that takes long; of one person some such at once."""
        if not isinstance(seen.answer, Later | Stream):
            return seen
        holder = _holder(seen)
        if not self._looks.take(holder):
            raise TooMany(f"{LOOKS_AT_ONCE} pages of yours are being made already; wait until one is there")
        if isinstance(seen.answer, Stream):  # it leaves its place once it is sent
            return seen
        try:
            async with self._looking:  # one at a time: it takes as much of the machine as there is
                return seen._replace(answer=await asyncio.to_thread(seen.answer.make))
        finally:
            self._looks.leave(holder)

    def _visit(
        self,
        services: Services,
        request: Request,
        route: Route,
        form: Mapping[str, str],
        upload: Upload | None = None,
    ) -> _Seen:
        at = services.now()
        signed_in = _admitted(services, request, route)
        if route.roles and signed_in is None:
            return _Seen(None, _to_sign_in(request))
        if route.needs_passkey and signed_in is not None and signed_in.known is None:
            return _Seen(None, Elsewhere("/sign-in", "for this page, sign in with your passkey"))
        if signed_in is not None and route.method == "POST":
            _require_word(form, signed_in)
        person = None if signed_in is None else signed_in.person
        signer = self._signer(services, signed_in, request.url.path, form)
        words = (request.path_params, dict(request.query_params), form, upload)
        render = partial(self._rendered, signed_in=signed_in, request=request)
        visit = Visit(services, at, person, signer, render, *words)
        try:
            return _Seen(signed_in, route.answer(visit))  # 2
        except SignatureNeeded as asked:
            assert signed_in is not None, "only who is signed in is asked to sign"
            return _Seen(signed_in, None, asked.statements, _passkeys(services, signed_in, at))

    def _signer(
        self, services: Services, signed_in: attending.SignedIn | None, path: str, form: Mapping[str, str]
    ) -> Signer:
        if signed_in is None:
            return Asking("")
        if "assertion_signature" not in form:
            return Asking(signed_in.person.key_id)
        asked = self._signing.take(form.get("assertion_nonce", ""))
        if asked is None or (asked.form_word, asked.path) != (signed_in.form_word, path):
            raise NotPermitted("what you were shown is too old, or was signed already; open the page again")
        credential = form.get("assertion_credential", "")
        known = signed_in.known or attending.find(services, credential, services.now())
        if known.person != signed_in.person:
            raise NotPermitted("this passkey speaks for somebody else than who is signed in")
        parts = [read(form.get(f"assertion_{name}", "")) for name in ("data", "client", "signature")]
        vouched: Vouched = known.vouched
        return Answering(known.person.key_id, vouched, asked.shown, Assertion(*parts))  # 3

    def _answered(self, request: Request, route: Route, seen: _Seen, form: Mapping[str, str]) -> Response:
        if seen.needed:
            return self._ask(request, route, seen, form)
        match seen.answer:
            case Elsewhere(path, said):
                response = Response(status_code=303, headers={"Location": path} | HEADERS)
                if said:
                    more: Any = {"httponly": True, "samesite": "strict", "secure": self._sign_in.is_secure}
                    response.set_cookie("said", _quoted(said), max_age=60, **more)
                return response
            case File(name, kind, data):
                headers = {"Content-Disposition": f'attachment; filename="{name}"'} | HEADERS
                return Response(data, media_type=kind, headers=headers)
            case Stream(name, kind, parts):
                headers = {"Content-Disposition": f'attachment; filename="{name}"'} | HEADERS
                return Lasting(self._parts(parts), kind, headers, partial(self._looks.leave, _holder(seen)))
            case Page() as page:
                return _sent(self._rendered(page, seen.signed_in, request), request)
            case Rendered() as rendered:
                return _sent(rendered, request)
        raise AssertionError("a route answers with a page, a file or the way to one")

    async def _parts(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        """A file part by part; others act between two of them."""
        while (part := await self._do(lambda _: next(parts, None))) is not None:
            yield part

    def _ask(self, request: Request, route: Route, seen: _Seen, form: Mapping[str, str]) -> Response:
        """The page that shows what would be signed; the signature is over this page's words too (R-106)."""
        # What the page of a signature adds is its own: it must not come back a second time.
        fields = {name: form[name] for name in form if not name.startswith(("form_word", "assertion_"))}
        given = form.get("about") or form.get("request_id") or request.path_params.get("request_id", "")
        named = given if len(seen.needed) == 1 else ""
        words = {"what": route.signs, "statement": told_of(seen.needed), "fields": fields, "named": named}
        shown_page = self._templates.get_template("signing.html").render(words)
        shown = Shown(
            secrets.token_urlsafe(16), sha256_hex(shown_page.encode()), tuple(map(sha256_hex, seen.needed))
        )
        assert seen.signed_in is not None, "only who is signed in is asked to sign"
        whose = seen.signed_in.person.key_id
        self._signing.keep(whose, shown.nonce, _Signing(seen.signed_in.form_word, request.url.path, shown))
        more = {"nonce": shown.nonce, "challenge": shown.challenge().hex(), "passkeys": seen.passkeys}
        more |= {"shown": shown_page, "path": request.url.path}
        return self._page("sign.html", {**words, **more}, seen.signed_in)

    def _page(
        self,
        template: str,
        words: Mapping[str, Any],
        signed_in: attending.SignedIn | None,
        status: int = 200,
        request: Request | None = None,
    ) -> Response:
        return _sent(self._rendered(Page(template, words, status), signed_in, request), request)

    def _rendered(
        self, page: Page, signed_in: attending.SignedIn | None, request: Request | None = None
    ) -> Rendered:
        person = None if signed_in is None else signed_in.person
        shared = {
            "gate": self._gate,
            "provider": "" if self._provider is None else self._provider.name,
            "is_styled": self._is_styled,
            "person": person,
            "menu": () if person is None else MENU.get(person.role, ()),
            "title_of": TITLES,
            "here": "" if request is None else request.url.path,
            "form_word": "" if signed_in is None else signed_in.form_word,
            "said": _said(request),
        }
        text = self._templates.get_template(page.template).render({**shared, **page.words})
        return Rendered(text.encode(), page.status)

    async def turned_away(self, error: SolelyError | TroubleError, call: str) -> SolelyError | TroubleError:
        """Why somebody may not do this, once the ledger has heard of it or will within the minute (R-103)."""
        if isinstance(error, Unreadable):
            return await self._sign_in.failed(error, turning_away.UPLOAD)
        kinds = NotPermitted | VerificationFailed | TooMany | NoSuchBatch | turning_away.NotAsDescribed
        is_logged = isinstance(error, CallRefused)
        if isinstance(error, SolelyError) and isinstance(error, kinds) and not is_logged:
            return await self._sign_in.failed(error, call)
        return error

    async def _refused(self, request: Request, error: SolelyError | TroubleError) -> Response:
        return await self._not_done(request, error.code, str(error), error.http_status)

    async def _not_done(self, request: Request, code: str, message: str, status: int) -> Response:
        """The page that says why nothing was done, to whoever is signed in as to nobody."""
        words = {"code": code, "message": message}
        return self._page("refused.html", words, await self._who(request), status)

    async def _who(self, request: Request) -> attending.SignedIn | None:
        """Who is signed in; nobody too where the gate cannot say just now."""
        cookie = self._sign_in.cookie_of(request)
        if not cookie:
            return None
        try:
            found: attending.SignedIn | None = await self._do(
                lambda services: attending.signed_in(services, cookie, services.now())
            )
        except (SolelyError, TroubleError):
            return None
        return found

    async def _sign_in_page(self, request: Request) -> Response:
        return self._page("sign_in.html", {"trouble": ""}, None, request=request)

    def _plain(self, template: str, words: Mapping[str, Any], status: int) -> Response:
        """A page of sign-in, which names nobody."""
        return self._page(template, words, None, status)

    async def _new_page(self) -> Response:
        return self._page("passkey.html", {}, None)

    async def missing(self, request: Request, status: int) -> Response:
        """The page of an address that is none of this gate's, or that the gate fails to make."""
        if status == 500:
            said = "the gate has a fault here; look whether it was done before you try again"
            return self._page("refused.html", {"code": "FAULT", "message": said}, None, status)
        return await self._not_done(request, "NOT_FOUND", "this gate has no such page", status)

    async def _static(self, request: Request, name: str) -> Response:
        """A style sheet, script or picture; a browser asks each time whether it is still the same, so that
        the script of the version before meets no page of this one."""
        folder, _, end = files("solely.console") / "static", *name.rpartition(".")[1:]
        found = folder.joinpath(*name.split("/"))
        if ".." in name.split("/") or end not in _KINDS or not found.is_file():
            return self._page("refused.html", {"code": "not-found", "message": "no such file"}, None, 404)
        data = found.read_bytes()
        tag = f'"{sha256_hex(data)}"'
        headers = HEADERS | {"Cache-Control": "no-cache", "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=_KINDS[end], headers=headers)


def _admitted(services: Services, request: Request, route: Route) -> attending.SignedIn | None:
    """Who is signed in, where the route admits them; None for nobody; NotPermitted for another role."""
    cookie = request.cookies.get(cookie_name(services.address), "")
    signed_in = attending.signed_in(services, cookie, services.now())
    is_admitted = not route.roles or signed_in is None or signed_in.person.role in route.roles
    if not is_admitted:  # 1
        raise NotPermitted("this page is not for your role")
    return signed_in


def _to_sign_in(request: Request) -> Elsewhere:
    """The way to the sign-in, with a word to whoever was signed in: what comes after the end is not done."""
    if request.method == "POST":
        return Elsewhere("/sign-in", "your sign-in has ended, and nothing was done: sign in, and do it again")
    was_in = any(name.endswith("solely") for name in request.cookies)
    return Elsewhere("/sign-in", "your sign-in has ended: sign in again" if was_in else "")


def _holder(seen: _Seen) -> str:
    """Whose answer it is, by the enrolled key; nobody's where nobody is signed in."""
    return "" if seen.signed_in is None else seen.signed_in.person.key_id


def _kind_of(route: Route) -> str:
    return turning_away.PAGE if route.method == "GET" else turning_away.ACT


def _passkeys(services: Services, signed_in: attending.SignedIn, at: datetime) -> tuple[str, ...]:
    """The passkeys by one of which the visitor signs; NotPermitted where there is none (R-84).

    Who is signed in by an identity provider signs with a passkey too: the provider's word signs nothing.
    """
    if signed_in.known is not None:
        return (signed_in.known.credential,)
    found = attending.passkeys_of(services, signed_in.person, at)
    if not found:
        raise NotPermitted(
            "this is signed with a passkey that your enrolled key vouched for, and you have none here; "
            "make one, and have your key vouch for it"
        )
    return found


def _require_word(form: Mapping[str, str], signed_in: attending.SignedIn) -> None:
    """Return when the form is of this sign-in (against forms of other sites); else NotPermitted."""
    if not secrets.compare_digest(form.get("form_word", "").encode(), signed_in.form_word.encode()):
        raise NotPermitted("this form is of another sign-in; open the page again")


def _sent(page: Rendered, request: Request | None) -> Response:
    response = Response(page.body, status_code=page.status, media_type="text/html", headers=dict(HEADERS))
    if _said(request):
        response.delete_cookie("said")
    return response


def _said(request: Request | None) -> str:
    """What the act before has said, once."""
    return "" if request is None else _unquoted(request.cookies.get("said", ""))


def _quoted(said: str) -> str:
    return said.encode().hex()


def _unquoted(said: str) -> str:
    try:
        return bytes.fromhex(said).decode()[:300]
    except ValueError:
        return ""

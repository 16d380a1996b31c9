"""What whoever watches the service may see of a call: route, outcome, duration; nobody's name.

- A route is its template (`/items/{request_id}`), never an address as it was called: an address may hold a
  number (R-57). What matches no route is `unknown`, a method of a caller's own making `other`.
- Counts and durations are served to this machine alone, on a port of their own: they tell how often what was
  opened. A line of JSON for each call goes to stderr where it is asked for; a span to whatever tracing the
  custodian has installed, none by itself.
"""

import json
import time
from typing import Any

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

from solely import __version__
from solely.errors import UsageError
from solely.front.quiet import App, Message, Receive, Send, Tell

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_TRACER = trace.get_tracer("solely", __version__)
_METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))


class Watched:
    """The figures of one service, and where its lines go, if anywhere."""

    def __init__(self, tell: Tell | None = None) -> None:
        self._tell = tell
        self._registry = CollectorRegistry()
        names = ("method", "route", "status")
        self._calls = Counter(
            "solely_calls", "Calls by route template and outcome.", names, registry=self._registry
        )
        self._seconds = Histogram(
            "solely_call_seconds",
            "How long calls took.",
            names[:2],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one call, and say it."""
        self._calls.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if self._tell is not None:
            said = {"call": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            self._tell(json.dumps(said))

    def note_ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a call that another process has answered just now, and leave its span."""
        ended = time.time_ns()
        name, began = f"{method} {route}", ended - int(seconds * 1e9)
        said: dict[str, str | int] = {"http.route": route, "http.response.status_code": status}
        _TRACER.start_span(name, attributes=said, start_time=began).end(ended)
        self.note(method, route, status, seconds)

    def serve(self, port: int) -> None:
        """Answer on this port of this machine with all figures in the text form that Prometheus reads."""
        try:
            start_http_server(port, "127.0.0.1", self._registry)
        except OSError:
            raise UsageError(f"nothing can listen on 127.0.0.1, port {port} (`--metrics-port`)") from None


class Observed:
    """An application whose calls are counted and traced."""

    def __init__(self, app: App, watched: Watched) -> None:
        self._app, self._watched = app, watched

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope.get("type") != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        method = known_method(scope.get("method", ""))
        with _TRACER.start_as_current_span("call") as span:
            try:
                await self._app(scope, receive, noted)
            finally:
                route = route_of(scope)
                seconds = time.perf_counter() - began
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                self._watched.note(method, route, status, seconds)


def known_method(method: str) -> str:
    """The method of a call; `other` for what is no method, which a caller may write as anything (R-57)."""
    return method if method in _METHODS else "other"


def route_of(scope: Any) -> str:
    """The template of the route that answers a call; `unknown` where there is none."""
    found = getattr(scope.get("route"), "path", None)
    return found if isinstance(found, str) else "unknown"

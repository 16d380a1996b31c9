"""The command line under a custodian's own tracing: every name, attribute and event of a span goes to stderr.

Run as a file, with the command's own words.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace

from solely.cli.main import main


class _Span(trace.NonRecordingSpan):
    """A span that says whatever it is told."""

    def __init__(self) -> None:
        super().__init__(trace.INVALID_SPAN_CONTEXT)

    def is_recording(self) -> bool:
        return True

    def update_name(self, name: str) -> None:
        _tell("name", name)

    def set_attribute(self, key: str, value: Any) -> None:
        _tell(key, value)

    def set_status(self, status: Any, description: str | None = None) -> None:
        _tell("status", getattr(status, "description", None), description)

    def add_event(self, name: str, attributes: Any = None, timestamp: int | None = None) -> None:
        _tell("event", name, attributes)

    def record_exception(self, exception: BaseException, *_: Any, **named: Any) -> None:
        _tell("exception", repr(exception))


class _Tracer(trace.NoOpTracer):
    """A tracer of such spans."""

    @contextmanager
    def start_as_current_span(self, name: str, *_: Any, **named: Any) -> Iterator[trace.Span]:  # type: ignore[override]
        _tell("name", name, named)
        with trace.use_span(_Span(), record_exception=True) as span:
            yield span

    def start_span(self, name: str, *_: Any, **named: Any) -> trace.Span:
        _tell("name", name, named)
        return _Span()


class _Provider(trace.TracerProvider):
    """What a custodian installs."""

    def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
        return _Tracer()


def _tell(*words: Any) -> None:
    print("span:", *words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    trace.set_tracer_provider(_Provider())
    main()

"""The door of the command line: the program itself, and what every command of it shares."""

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from solely.errors import SolelyError, UsageError


def show_version(is_asked: bool) -> None:
    """Print the version and leave, when asked for it."""
    if is_asked:
        from solely import __version__

        print(f"solely {__version__}")
        raise typer.Exit


def _is_plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or not sys.stdout.isatty()


app = typer.Typer(
    name="solely",
    help="Release solely what an agreement, and the statute above it, allow; and prove it afterwards.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None if _is_plain() else "rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def door(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Release solely what an agreement, and the statute above it, allow; and prove it afterwards."""


Gate = Annotated[Path, typer.Option("--gate", help="The gate's folder.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a summary.")]
Memory = Annotated[
    str | None, typer.Option(help="A ceiling for memory; default: that of `gate.toml`.", metavar="2GB")
]
ReviewSample = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=10_000,
        metavar="ITEMS",
        help="Of a demo gate: the items that each approver decides before signing a batch.",
    ),
]
_WAITS = "blocked by `WITNESS`"
_last_said = [""]
KeyFile = Annotated[Path, typer.Option("--as", help="Your private key file.", metavar="KEYFILE")]


def _with_parents(path: Path | None) -> Path | None:
    """The same path, the folder that it goes into made: before anything is done that it would tell of."""
    if path is not None:
        _require_outside(path, "--out")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"`--out`: no folder can be made there for `{path.name}`: {error.strerror}"
            ) from None
    return path


def _require_outside(path: Path, option: str) -> None:
    """Return unless the path lies in a gate's folder: it would overwrite a key, or be published."""
    place = Path(os.path.realpath(path))
    if any((each / "gate.toml").is_file() for each in (place, *place.parents)):
        raise UsageError(
            f"`{option}`: `{path.name}` lies in a gate's folder, where the gate alone writes; "
            "name a place outside"
        )


def outside(path: Path | None) -> Path | None:
    """The path of `--proof`, which lies in no gate's folder."""
    if path is not None:
        _require_outside(path, "--proof")
    return path


def out_option(*, metavar: str, help: str) -> Any:
    """The option `--out`: where a command writes what it was asked for."""
    return typer.Option("--out", metavar=metavar, help=help, callback=_with_parents)


def print_json(value: Any) -> None:
    """One value as one line of JSON on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def tell(value: Mapping[str, Any], *, as_json: bool = False) -> None:
    """What a command has to tell: a line for each name to a person at a terminal, else one line of JSON."""
    if as_json or not sys.stdout.isatty():
        print_json(value)
        return
    from solely.oversight.terminal import listed_lines

    print("\n".join(listed_lines(json.loads(json.dumps(value, default=str)))))


def tell_each(values: Iterable[Mapping[str, Any]], *, as_json: bool = False) -> None:
    """The same for a list, each apart from the next; a person is told of an empty one too."""
    number = 0
    for number, each in enumerate(values, start=1):
        if number > 1 and not as_json and sys.stdout.isatty():
            print()
        tell(each, as_json=as_json)
    if not number and not as_json and sys.stdout.isatty():
        print("none")


def parse_day(text: str | None, option: str) -> date | None:
    """The date in an option; raises UsageError that names it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"`{option}` is a date such as 2026-01-31") from None


def parse_address(text: str | None, option: str) -> str | None:
    """The http or https address in an option, as it is; raises UsageError that names it."""
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.username is not None or parts.query or parts.fragment:
        raise UsageError(f"`{option}` is an http or https address such as https://gate.example")
    return text


class _Leavable(io.FileIO):
    """A stream that stops no act half done: what nobody takes, or nothing holds, is dropped.

    Who has left, such as `head`, has read enough. Anything else that keeps a result from its reader is kept
    in `lost`, to be told at the end.
    """

    lost = ""

    def write(self, data: Any) -> int:
        """Write, or drop what cannot be written."""
        try:
            return int(super().write(data) or 0)
        except BrokenPipeError:
            return len(data)
        except OSError as error:
            self.lost = error.strerror or type(error).__name__
            return len(data)


def let_readers_leave() -> None:
    """Let no act stop half done for its output, whose reader may leave before the end."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not getattr(sys, f"__{name}__") or stream is None:
            continue  # somebody else's
        stream.flush()
        file = io.BufferedWriter(_Leavable(stream.fileno(), "w", closefd=False))
        words = {"encoding": stream.encoding, "errors": stream.errors}
        setattr(sys, name, io.TextIOWrapper(file, line_buffering=stream.line_buffering, **words))


def unwritten() -> str:
    """Why some of the result reached no reader, once all of it is sent; empty where nothing is lost."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.lost if isinstance(raw, _Leavable) else ""


def say(text: str) -> None:
    """One line of progress on stderr; what waits for a witness is not said again at once."""
    if text.startswith(_WAITS) and text == _last_said[0]:
        return
    _last_said[0] = text
    print(text, file=sys.stderr, flush=True)


def say_refusal(refusal: SolelyError) -> None:
    """Why a command ends, unless that was the last thing said, and the cure."""
    if str(refusal) != _last_said[0]:
        say(f"solely: {refusal}")
    say(f"        {refusal.help}")

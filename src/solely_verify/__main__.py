"""The verifier's command line: `log LOGDIR`, `receipt FILE`, `release PACKAGE`, `subject LOGDIR`,
`destroyed LOGDIR`, `export DIR` and `sample DIR` with `--key VKEY`; `redacted FILE` and `agreement FOLDER`
with a `--key PEM` for each party.

Exit codes: 0 it holds, 1 it does not and the place is named, 2 the command or the key cannot be read.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from solely_verify.agreement import (
    read_file,
    read_signer_keys,
    require_file,
    verify_agreement,
    verify_redacted,
)
from solely_verify.destroyed import verify_destroyed
from solely_verify.export import Drawn, verify_export
from solely_verify.log import verify_log
from solely_verify.note import LINES_MIN, LogKey, read_key
from solely_verify.policy import Policy, read_policy
from solely_verify.receipt import Proved, verify_receipt, verify_release
from solely_verify.refusal import Refusal
from solely_verify.subject import read_subject_keys, verify_subject
from solely_verify.succession import told, verify_succession

_EXAMPLE = "example: solely-verify log ledger --key log.vkey --json"
_EXAMPLES: Mapping[str, str] = {
    "receipt": "release.tlog-proof --key log.vkey",
    "release": "R-22WBTEXA.tdf --receipt release.tlog-proof --key log.vkey",
    "subject": "ledger --subject-key subject.key --key log.vkey",
    "destroyed": "ledger --release 83 --key log.vkey",
    "export": "export --key log.vkey",
    "sample": "drawn --checkpoint kept.checkpoint --nonce WORD --key log.vkey",
}
_LOG = "the folder `ledger` of a gate, or a copy of it"
_VERBS: Mapping[str, tuple[str, str, str]] = {  # what a verb does, its path, and what that is
    "log": ("Check a log whole: signature, every hash, every life cycle.", "LOGDIR", _LOG),
    "receipt": ("Check one receipt against the signed tree.", "FILE", "a receipt (`.tlog-proof`)"),
    "release": (
        "Check that a package is the one that its receipt is about.",
        "PACKAGE",
        "a package (`.tdf`)",
    ),
    "subject": ("Look through a log for the releases about one person.", "LOGDIR", _LOG),
    "destroyed": ("Find the entries by which the key of one release was destroyed.", "LOGDIR", _LOG),
    "export": (
        "Check entries that were handed out by scope.",
        "DIR",
        "the folder that `solely export` wrote",
    ),
    "sample": (
        "Check the decisions that your draw comes to.",
        "DIR",
        "the folder that `solely sample` wrote",
    ),
}
_SIGNED: Mapping[str, tuple[str, str, str]] = {
    "redacted": ("Check the public copy of an agreement.", "FILE", "a public copy, `agreement.public.json`"),
    "agreement": ("Check a signed agreement whole.", "FOLDER", "the folder of `agreement.md`"),
}
_KEY_MAX = 4_096
_FILE: dict[str, Any] = {"metavar": "FILE", "type": Path}
_OWN_OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "log": {
        "--since": _FILE | {"help": "a checkpoint kept earlier: is it a beginning?"},
        "--before": {"metavar": "LOGDIR", "type": Path, "help": "the log that this one continues"},
        "--before-key": {"metavar": "VKEY", "help": "the verifier key of that log"},
    },
    "release": {"--receipt": _FILE | {"required": True, "help": "the release's receipt"}},
    "subject": {"--subject-key": _FILE | {"required": True, "help": "`subject.key` of an answer"}},
    "destroyed": {
        "--release": {"required": True, "metavar": "INDEX", "type": int, "help": "its entry"},
    },
    "sample": {
        "--checkpoint": _FILE | {"required": True, "help": "the one that you drew from"},
        "--nonce": {"default": "", "help": "what you added to it"},
        "--count": {"default": 299, "metavar": "N", "type": int, "help": "how many you asked for (299)"},
    },
}


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one command; results go to stdout, complaints about the command to stderr."""
    try:
        words = _words(argv)
    except SystemExit as stop:
        return 0 if stop.code == 0 else 2
    try:
        result = _result(words)
    except (Refusal, OSError) as error:
        text = str(error) if isinstance(error, Refusal) else f"cannot be read: {type(error).__name__}"
        _say(f"solely-verify: {shown(text)}", sys.stderr)
        return 2
    if not _say(json.dumps(result, sort_keys=True) if words.json else _text(result), sys.stdout):
        _say("solely-verify: the result cannot be written", sys.stderr)
        return 2
    return 0 if result["ok"] else 1


def _say(text: str, where: TextIO) -> bool:
    """Print; False where it cannot be written. A reader who has had enough changes no exit code."""
    try:
        print(text, file=where, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), where.fileno())  # what is left over is flushed at the end
        return isinstance(error, BrokenPipeError)
    return True


def _words(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command as it was given; what a verb does not take is said with that verb's usage."""
    parser, verbs = _parser()
    words, more = parser.parse_known_args(argv)
    if more:
        verbs[words.verb].error(f"unrecognized arguments: {' '.join(more)}")
    return words


def _parser() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    parser = argparse.ArgumentParser(prog="solely-verify", description=__doc__, epilog=_EXAMPLE)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, (does, path, what) in _VERBS.items():
        own = _EXAMPLES.get(verb)
        example = f"example: solely-verify {verb} {own}" if own else _EXAMPLE
        words = verbs.add_parser(verb, help=does, description=does, epilog=example)
        words.add_argument("path", metavar=path, type=Path, help=what)
        words.add_argument("--key", required=True, metavar="VKEY", help="a verifier key's file or its text")
        words.add_argument("--json", action="store_true", help="print one JSON object")
        words.add_argument(
            "--policy", metavar="FILE", type=Path, help="who must have cosigned (C2SP tlog-policy)"
        )
        for name, how in _OWN_OPTIONS.get(verb, {}).items():
            words.add_argument(name, **how)
    for verb, (does, path, what) in _SIGNED.items():
        example = f"example: solely-verify {verb} {path} --key treasury.pem"
        words = verbs.add_parser(verb, help=does, description=does, epilog=example)
        words.add_argument("path", metavar=path, type=Path, help=what)
        words.add_argument(
            "--key",
            required=True,
            action="append",
            metavar="PEM",
            help="a signer's public key, in a file of its name",
        )
        words.add_argument("--json", action="store_true", help="print one JSON object")
    return parser, verbs.choices


def _result(words: argparse.Namespace) -> dict[str, Any]:
    if words.verb in ("redacted", "agreement"):
        return _result_under_signers(words)
    key = parse_key(words.key)
    policy = None if words.policy is None else read_policy(read_file(words.policy))
    if words.verb in ("release", "receipt"):
        return _result_of_files(words, key, policy)
    match words.verb:
        case "subject":
            subject_keys = read_subject_keys(words.subject_key, key.name)
            return verify_subject(_folder(words.path), key, subject_keys, policy)
        case "log":
            return _result_of_log(words, key, policy)
        case "destroyed":
            return verify_destroyed(_folder(words.path), key, words.release, policy)
        case "sample":
            return verify_export(_handed(words.path), key, policy, _drawn(words))
        case _:
            return verify_export(_handed(words.path), key, policy)


def _drawn(words: argparse.Namespace) -> Drawn:
    if words.count < 1:
        raise Refusal("--count: 1 or more")
    try:
        words.nonce.encode()
    except UnicodeEncodeError:
        raise Refusal("--nonce: no text in UTF-8") from None
    return Drawn(read_file(words.checkpoint), words.nonce, words.count)


def _result_of_log(words: argparse.Namespace, key: LogKey, policy: Policy | None) -> dict[str, Any]:
    if (words.before is None) != (words.before_key is None):
        raise Refusal("`--before` and `--before-key` are given together")
    kept = None if words.since is None else read_file(words.since)
    if kept is not None and kept.count(b"\n") < LINES_MIN:
        raise Refusal(f"--since: {words.since.name} is no checkpoint")
    report = verify_log(_folder(words.path), key, kept, policy)
    if words.before is None:
        return told(report).as_json()
    return verify_succession(report, words.before, parse_key(words.before_key)).as_json()


def _result_under_signers(words: argparse.Namespace) -> dict[str, Any]:
    signers = read_signer_keys(words.key)
    if words.verb == "redacted":
        if read_file(words.path).lstrip()[:1] != b"{":
            raise Refusal(f"{words.path.name}: no public copy, which is JSON; name `agreement.public.json`")
        return verify_redacted(words.path, signers)
    for name in ("agreement.md", "agreement.statement.json"):
        if not (_directory(words.path) / name).is_file():
            raise Refusal(f"{_named(words.path)}: no signed agreement, it has no `{name}`")
    return verify_agreement(words.path, signers)


def _result_of_files(words: argparse.Namespace, key: LogKey, policy: Policy | None) -> dict[str, Any]:
    if words.verb == "release":
        _require_file(words.path, words.receipt)
        return _proved(lambda: verify_release(words.path, words.receipt, key, policy))
    _require_file(words.path)
    return _proved(lambda: verify_receipt(words.path, key, policy))


def parse_key(text: str) -> LogKey:
    """The verifier key that `text` spells, or that stands in the file of this path."""
    is_file = len(text) < 4096 and Path(text).is_file()
    if not is_file and "+" not in text:
        raise Refusal(f"--key: `{Path(text).name[:80]}` is no file, and no verifier key either")
    if not is_file:
        return read_key(text)
    with Path(text).open("rb") as file:
        data = file.read(_KEY_MAX + 1)
    if len(data) > _KEY_MAX:
        raise Refusal(f"--key: longer than {_KEY_MAX} bytes, and no verifier key")
    return read_key(data.decode("utf-8", "replace"))


def _named(path: Path) -> str:
    """A path by the last word of it, as it was typed."""
    return f"`{path.name or path}`"


def _directory(path: Path) -> Path:
    if not path.exists():
        raise Refusal(f"{_named(path)}: no such folder")
    if not path.is_dir():
        raise Refusal(f"{_named(path)} is a file; a folder is meant")
    return path


def _folder(path: Path) -> Path:
    if (_directory(path) / "checkpoint").exists() or (path / "tile").is_dir():
        return path
    if (path / "ledger" / "checkpoint").is_file():
        raise Refusal(f"{_named(path)} is a gate and no log: name its folder `ledger`")
    raise Refusal(f"{_named(path)} is no log: it has neither `checkpoint` nor `tile`")


def _handed(path: Path) -> Path:
    if not (_directory(path) / "export.json").exists() and not (path / "leaves.jsonl").exists():
        raise Refusal(f"{_named(path)}: nothing that was handed out, it has no `export.json`")
    return path


def _require_file(*paths: Path) -> None:
    for path in paths:
        require_file(path)


def _proved(prove: Callable[[], Proved]) -> dict[str, Any]:
    try:
        return prove().as_json()
    except Refusal as refusal:
        nothing = dict.fromkeys(("size", "root", "entry", "cosigned"))
        return {"ok": False, **nothing, "findings": [str(refusal)]}


def shown(line: str) -> str:
    """The line with whatever else than a character it has (a line end, an escape) written out.

    A name in the evidence is a stranger's: it never ends a line, nor prints what a terminal obeys.
    """
    plain = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    coding = sys.stdout.encoding or "utf-8"
    return plain.encode(coding, "backslashreplace").decode(coding)


def _text(result: dict[str, Any]) -> str:
    return "\n".join(map(shown, _lines(result)))


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [f"refused: {each}" for each in result["findings"]]
    lines += [f"note: {each}" for each in result.get("notes", [])]
    if result.get("entries"):
        lines += [f"{count:>9} {word}" for word, count in result["entries"].items()]
    lines += [f"found: entry {each['index']}, {each['domain']} domain" for each in result.get("found", [])]
    lines += [f"{word}: entry {each['index']}" for word, each in result.get("chain", {}).items()]
    if result.get("opened"):
        lines += [f"{count:>9} opened: group {group}" for group, count in result["opened"].items()]
    if "scanned" in result:
        lines.append(f"{result['scanned']} release(s) scanned, {len(result['found'])} found")
    if result.get("entry"):
        lines.append("entry {index}: {type}".format(**result["entry"]))
    if result.get("cosigned"):
        lines.append(f"cosigned by {', '.join(sorted(result['cosigned']))}")
    state = "holds" if result["ok"] else "does not hold"
    if "size" not in result:
        signed = (
            "" if not result["ok"] else ": {id} version {version}, root {root}, signed by ".format(**result)
        )
        return [*lines, f"it {state}{signed}{', '.join(result.get('signed_by', ()))}"]
    size = result["size"]
    tree = "" if size is None else f": {size} entries, root {result['root']}"
    of_kept = [each.startswith("kept ") for each in result["findings"]]
    if result.get("is_log_whole") or (of_kept and all(of_kept)):
        return [*lines, f"the log holds{tree}", "what was asked of it does not"]
    return [*lines, f"it {state}{tree}"]


if __name__ == "__main__":
    sys.exit(main())

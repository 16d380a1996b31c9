"""An order before it is filed: read from a file with its signature, or composed for whoever holds a key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solely.canonical import canonical_json
from solely.errors import NotPermitted, UsageError
from solely.model import Trust
from solely.signing import Signer
from solely.steps.known import holders_of


def read_signed(path: Path) -> tuple[bytes, bytes]:
    """An order's bytes and the signature beside them; UsageError when one cannot be read."""
    try:
        return path.read_bytes(), path.with_name(path.name + ".sig").read_bytes()
    except OSError:
        missing = path if not path.is_file() else path.with_name(path.name + ".sig")
        told = "an order is a file with its signature beside it, `ORDER.json.sig`"
        raise UsageError(f"`{missing.name}` cannot be read: {told}") from None


def compose(trust: Trust, agreement: str, words: Mapping[str, Any], signer: Signer) -> tuple[bytes, bytes]:
    """The bytes of an order in the name of who holds the key, and its signature."""
    text = composed(trust, agreement, words, signer.holder)
    return text, signer.sign(text)


def composed(trust: Trust, agreement: str, words: Mapping[str, Any], holder: str) -> bytes:
    """The bytes of an order in the name of whoever holds the key; NotPermitted for who gives none."""
    named = [
        f"{role}/{each.id}"
        for role in ("courts", "parties", "approvers")
        for each in getattr(trust, role).values()
        if each.key_id == holder
    ]
    if len(named) != 1:
        raise NotPermitted(
            "this key belongs to no court, party or approver who is enrolled here, or to more than one; "
            "nobody else gives orders"
        )
    scope = {"agreement": agreement} | dict(words["scope"])
    if clause := scope.get("clause"):  # as explanations write it
        scope["clause"] = str(clause).removeprefix("agreement ")
    stated = {name: value for name, value in words.items() if value is not None}
    if whose := holders_of([trust], str(words.get("revoked_key", ""))):
        stated["holder"] = whose[0]
    order = stated | {
        "format": "solely/order/1",
        "authority": named[0],
        "key_id": holder,
        "scope": {name: value for name, value in scope.items() if value is not None},
    }
    try:
        return canonical_json(order)
    except ValueError:
        raise UsageError("an order's words are text in UTF-8 and numbers within range") from None

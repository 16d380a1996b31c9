"""Sign-ins that are of neither way: made from the one by an identity provider in `ledgers.full_history`."""

from collections.abc import Callable

from solely.ledger import cbor
from tests.support.ledgers import full_history, signed_log

Files = dict[str, bytes]
_AT = full_history().at["sign-in-by-provider"]
_FINDING = f"entry {_AT}"


def _rewritten(change: Callable[[dict[int, object]], object]) -> Callable[[], Files]:
    def made() -> Files:
        entries = full_history().encoded()
        fields = dict(cbor.decode(entries[_AT]))  # type: ignore[arg-type]
        change(fields)
        entries[_AT] = cbor.encode(fields)
        return signed_log(entries)

    return made


SIGN_INS: dict[str, tuple[Callable[[], Files], str]] = {
    "sign-in-with-nothing": (_rewritten(lambda fields: fields.pop(11)), _FINDING),
    "sign-in-by-a-provider-with-a-passkey": (_rewritten(lambda fields: fields.update({6: [0]})), _FINDING),
    "sign-in-of-no-class": (_rewritten(lambda fields: fields.update({11: 1})), _FINDING),
}

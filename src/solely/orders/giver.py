"""Who gave an order, by its bytes and the enrolled keys alone: asked at the door, before anything is read.

What is in the ledger, as a revocation, a passkey's voucher or the day, is asked when the order is filed.
"""

from collections.abc import Mapping

from solely import passkey
from solely.errors import NotPermitted
from solely.model import Enrolment, Trust
from solely.orders.order import ROLES_OF, Order, parse_order
from solely.signing import parse_public_key, verify, vouched_by


def giver_of(enrolled: Trust, order: Order) -> Enrolment:
    """The enrolled authority, with the key, that an order names; NotPermitted when there is none (R-91)."""
    if order.role not in ROLES_OF[order.kind]:
        raise NotPermitted(f"an order of kind `{order.kind}` is not for `{order.role}` to give")
    of_role: Mapping[str, Enrolment] = getattr(enrolled, order.role)
    giver = of_role.get(order.office)
    if giver is None:
        raise NotPermitted(f"`{order.authority}` is not enrolled here, or not in date")
    if giver.key_id != order.key_id:
        raise NotPermitted(f"the order names another key than that of `{order.authority}`")
    return giver


def require_signed(enrolled: Trust, text: bytes, signature: bytes) -> None:
    """Return when the enrolled authority that an order names has signed it, by its key or a passkey.

    UsageError, NotPermitted or VerificationFailed otherwise, as the filing of the order says it.
    """
    key = parse_public_key(giver_of(enrolled, parse_order(text)).public_key_pem)
    if passkey.is_signature(signature):
        vouched_by(key, signature, text)
    else:
        verify(key, signature, text)

"""What the requester gets: a function of the request alone, or the same bytes for every cause (R-43, R-81).

- `returned` and `refused` were settled before any record was read, so their reasons may be told.
- `under_review` was referred unread.
- Everything else is `accepted`: withheld, referred after reading, releasable and released alike.
"""

from collections.abc import Sequence
from functools import lru_cache

from solely.canonical import canonical_json
from solely.model import Disposition

_TOLD = (Disposition.RETURNED, Disposition.REFUSED)


def answer_of(disposition: Disposition, *, is_record_read: bool) -> str:
    """The one word the requester is told of an item."""
    if is_record_read:
        return "accepted"
    if disposition in _TOLD:
        return disposition.value
    if disposition is Disposition.REFERRED:
        return "under_review"
    return "accepted"


def answer_line(
    request_id: str | None,
    disposition: Disposition,
    why: tuple[Sequence[str], Sequence[str]],
    is_record_read: bool,
) -> bytes:
    """One line of `answer.jsonl`: `request_id, answer, reasons, rules`, canonical, with its line feed.

    `why` are the sorted reasons and rules of the decision; they are told only where nothing was read.
    """
    word = answer_of(disposition, is_record_read=is_record_read)
    reasons, rules = why if word in ("returned", "refused") else ((), ())
    before, after = _around_id(word, tuple(reasons), tuple(rules))
    return before + canonical_json(request_id) + after


@lru_cache(maxsize=4096)
def _around_id(word: str, reasons: tuple[str, ...], rules: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The two pieces of a line that stand before and after its request id; many items share them."""
    line = canonical_json({"answer": word, "reasons": reasons, "request_id": None, "rules": rules}) + b"\n"
    before, after = line.split(b'"request_id":null')
    return before + b'"request_id":', after

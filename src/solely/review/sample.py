"""Which investigations of a batch must be evidenced: a sample that nobody chooses (R-86)."""

from collections.abc import Iterable

from solely.canonical import sha256_hex
from solely.folding import fold


def draw_sample(seed: str, investigations: Iterable[str], size: int) -> list[str]:
    """`size` different investigations (all, if there are fewer), in an order that only the seed decides.

    Ids that differ in case or punctuation alone are one investigation, and the first spelling stands for it.
    """
    spelled: dict[str, str] = {}
    for each in sorted(investigations):
        spelled.setdefault(fold(each), each)
    order = sorted(spelled, key=lambda folded: sha256_hex(f"{seed}\x1f{folded}".encode()))
    return [spelled[folded] for folded in order[:size]]

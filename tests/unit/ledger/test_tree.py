"""The tree: known answers, growth at every size, proofs that hold and proofs that do not."""

import hashlib

import pytest

from solely.ledger.tiles import WIDTH, node_reader
from solely.ledger.tree import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from solely_verify.refusal import Refusal
from solely_verify.tree import require_extension, require_path

# The eight test leaves of certificate transparency's reference tests, and the roots of RFC 6962's tree.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
ROOT_OF_FIVE = "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


def test_known_roots():
    hashes = [leaf_hash(each) for each in LEAVES]
    assert root_of(hashes).hex() == ROOT_OF_EIGHT
    assert root_of(hashes[:5]).hex() == ROOT_OF_FIVE
    assert root_of([]) == EMPTY_ROOT == Edge().root()


@pytest.mark.parametrize("steps", [[1] * 600, [255, 1, 1, 300, 43], [600], [256, 256, 88]])
def test_the_edge_has_the_root_of_the_definition_however_it_grew(steps):
    leaves = [str(each).encode() for each in range(600)]
    edge, at = Edge(), 0
    for step in steps:
        edge.extend([leaf_hash(each) for each in leaves[at : at + step]])
        at += step
        assert edge.size == at
    assert edge.root() == recursive_root(leaves)


def test_the_root_is_that_of_the_definition_at_every_size():
    leaves = [str(each).encode() for each in range(300)]
    edge = Edge()
    for size, leaf in enumerate(leaves, 1):
        edge.extend([leaf_hash(leaf)])
        assert edge.root() == recursive_root(leaves[:size])


def test_a_third_level_of_tiles():
    hashes = [leaf_hash(str(each).encode()) for each in range(256 * 256 + 300)]
    edge = Edge()
    full = edge.extend(hashes)
    assert edge.root() == root_of(hashes)
    shapes = {(each.level, each.place, len(each.hashes)) for each in full + edge.partial_tiles()}
    assert shapes == set(_shapes(len(hashes)))


def _shapes(size: int):
    """Level, place and width of every tile that a tree of `size` leaves has."""
    level, count = 0, size
    while count:
        yield from ((level, place, WIDTH) for place in range(count // WIDTH))
        if count % WIDTH:
            yield level, count // WIDTH, count % WIDTH
        level, count = level + 1, count // WIDTH


def _nodes(hashes: list[bytes], size: int):
    edge = Edge()
    tiles = {(t.level, t.place): t.hashes for t in edge.extend(hashes[:size]) + edge.partial_tiles()}
    return node_reader(lambda level, place, width: tiles[level, place][:width], size), edge.root()


HASHES = [leaf_hash(str(each).encode()) for each in range(700)]


@pytest.mark.rule("R-56")
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 700])
def test_an_entry_s_path_leads_to_the_root_and_no_other_does(size):
    nodes, root = _nodes(HASHES, size)
    for index in sorted({0, 1 % size, size // 2, size - 1}):
        path = inclusion_proof(nodes, index, size)
        require_path(HASHES[index], index, size, path, root)
        for wrong in (
            (HASHES[index], index, size, [*path, root], root),
            (leaf_hash(b"forged"), index, size, path, root),
            (HASHES[index], index, size, path, leaf_hash(b"no root")),
            (HASHES[index], index, 2**62, path, root),
        ):
            with pytest.raises(Refusal):
                require_path(*wrong)
        if path:
            with pytest.raises(Refusal):
                require_path(HASHES[index], index, size, path[:-1], root)


@pytest.mark.rule("R-56")
@pytest.mark.parametrize(
    ("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 8), (255, 257), (256, 700), (300, 700), (7, 7)]
)
def test_a_later_tree_is_shown_to_extend_an_earlier_one(old, new):
    nodes, root = _nodes(HASHES, new)
    _, old_root = _nodes(HASHES, old)
    proof = consistency_proof(nodes, old, new)
    require_extension((old, old_root), (new, root), proof)
    _, forged = _nodes([*HASHES[: old - 1], leaf_hash(b"forged")], old)
    for wrong in (
        ((old, forged), (new, root), proof),
        ((old, old_root), (new, root), [*proof, root]),
        ((old, old_root), (new, forged), proof),
        ((0, old_root), (new, root), proof),
        ((new + 1, old_root), (new, root), proof),
    ):
        with pytest.raises(Refusal):
            require_extension(*wrong)
    if proof:
        with pytest.raises(Refusal):
            require_extension((old, old_root), (new, root), proof[:-1])

"""The key hash in DuckDB's SQL: the twin of `matching.keys.hash_of`, for the index of millions."""


def unsigned_hash_sql(text: str) -> str:
    """SQL for the key hash of the SQL expression `text` as an unsigned 64-bit integer of the same bits."""
    return f"('0x' || left(sha256({text}), 16))::UBIGINT"


def hash_sql(text: str) -> str:
    """SQL for the signed 64-bit key hash of the SQL expression `text`."""
    # An unsigned integer, its upper half folded to the negatives.
    unsigned = f"{unsigned_hash_sql(text)}::HUGEINT"
    return f"(({unsigned} + 9223372036854775808) % 18446744073709551616 - 9223372036854775808)::BIGINT"

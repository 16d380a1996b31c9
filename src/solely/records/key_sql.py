"""The key hash in DuckDB's SQL: the twin of `matching.keys.hash_of`, for the index of millions."""


def hash_sql(text: str) -> str:
    """SQL for the signed 64-bit key hash of the SQL expression `text`."""
    # The first 16 hexadecimal digits as an unsigned integer, then its upper half folded to the negatives.
    unsigned = f"('0x' || left(sha256({text}), 16))::UBIGINT::HUGEINT"
    return f"(({unsigned} + 9223372036854775808) % 18446744073709551616 - 9223372036854775808)::BIGINT"

"""Independent verifier of a solely ledger: its own parser, its own hashing; shares a format with solely, never code."""

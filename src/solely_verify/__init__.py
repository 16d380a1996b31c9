"""Independent verifier of a solely ledger: own parser, own hashing; a shared format, never shared code."""

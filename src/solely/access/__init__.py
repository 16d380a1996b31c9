"""The key access protocol: messages, tokens, proofs, signed requests, as bytes and claims (formats.md 3.2).

- Nothing here decides who may open: `steps.opening` does, for every door.
- Bytes, instants and entropy come as arguments.
"""

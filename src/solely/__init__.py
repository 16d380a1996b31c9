"""A disclosure gateway: releases solely what an agreement, and the statute above it, allow; and proves it.

The flow, one function per step in `flow.py`, read from top to bottom:

    a signed batch      intake     the letter, its signature, the data file's digest, the rows
      │                 facts      what the gate vouches for about each request: names, addresses, dates, …
      │                 agreement  the clauses of the statute, then of the agreement, over those facts
      │                 decision   the ruling on the request; only what passes goes on (R-01)
      │                 matching   one person of record, or a reason why nobody was identified
      │                 decision   the ruling on the match; one disposition per item (R-05)
      │                 review     referred items, and the two who sign the batch
      │                 release    the agreed fields, sealed with a key that the gate holds
      ▼                 release    the named officer opens; the opening is written down first
    oversight           reads only the ledger

- No record is read before the ruling on the request has passed; nothing leaves before its entry is durable.
- Unknown never permits, and an error never permits (R-02).
- Imports only point down: cli > flow, setup > services > store, records > the stages above > agreement,
  ledger > model > errors, canonical, clock, confidential, folding, signing.
"""

__version__ = "0.1.0"

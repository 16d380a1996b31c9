"""The ledger's bytes: entries, commitments, tree, tiles, checkpoints, receipts; no file, no clock."""

"""What an overseer sees: counts, reasons and proofs, never a value of a request or a record."""

"""The rule language: how a statute or an agreement is written, read, executed and put into English.

- A document is literate Markdown: prose that counsel read, and under each item the rule that a machine reads.
- Every clause must be TRUE; alternatives exist only inside a clause; unknown never permits.
- One typed expression, several back ends: `evaluate` (plain Python) and `duckdb_sql` (bulk) must agree,
  `english` puts it into words.
"""

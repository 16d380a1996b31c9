"""The gate's door for programs: HTTP routes, thin over `flow.serving`; nothing here decides anything.

- No address, log line or error holds an identifier, a token or a name; what a call is about is in its body.
"""

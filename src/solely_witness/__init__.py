"""A witness for overseers: cosigns what only grew, keeps a full copy, and says when something is wrong.

It is built on the independent verifier alone; nothing in it is the gate's.
"""

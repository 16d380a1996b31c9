"""Benchmarks: figures with the command, the machine and its load, so that another can repeat them."""

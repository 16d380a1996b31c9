"""The demo: a synthetic population and a signed batch from a seed, and what two procedures make of them.

- Everything is invented; taxpayer numbers are never-assigned ones (9XX, groups 66-69 and 89).
- `population` and `batch` are pure functions of the seed; keys are random.
- Run it with `python -m demo --seed 7 --out demo/out`.
"""

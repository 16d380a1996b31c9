"""The steps of the flow, one module each, in the order of `flow.py`: every move that a step makes."""

"""From verdicts to one disposition per item, its reasons, and what each reader may see of them."""

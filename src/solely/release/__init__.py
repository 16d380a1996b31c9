"""What leaves: the allowed fields, sealed to the named officers, open to recall until opened."""

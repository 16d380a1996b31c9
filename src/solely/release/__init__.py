"""What leaves: the allowed fields, sealed to the named officers with a key that the gate holds."""

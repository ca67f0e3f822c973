"""How messages leave and how answers come in: one file per provider."""

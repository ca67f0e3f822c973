"""A stand-in for the SMS provider, a pretend phone and a mail catcher: for practice and tests, on this machine only."""

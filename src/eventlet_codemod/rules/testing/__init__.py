"""Rules for tests: they follow the code that they cover."""

"""Codemods from outside: how they are found, and run as rules, facts or stages."""

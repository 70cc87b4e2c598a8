"""Sleeping and starting work."""

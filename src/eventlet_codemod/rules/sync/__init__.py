"""Locks, events, queues and locals."""

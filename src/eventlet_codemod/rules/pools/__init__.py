"""Pools: of green threads, and of resources."""

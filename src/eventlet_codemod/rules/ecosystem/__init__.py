"""Libraries that run green threads for others."""

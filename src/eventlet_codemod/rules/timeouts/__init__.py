"""Rules over eventlet's Timeout: what ends a wait natively is the wait's own limit."""

"""Modules that eventlet greened."""

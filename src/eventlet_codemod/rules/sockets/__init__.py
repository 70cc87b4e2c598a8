"""Sockets that eventlet opens or wraps, where they are the client's end."""

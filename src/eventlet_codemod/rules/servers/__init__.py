"""Servers: WSGI and the sockets that they listen on."""

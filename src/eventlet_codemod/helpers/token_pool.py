"""`eventlet.pools.TokenPool`: permissions, in the form of objects."""

from __future__ import annotations

from eventlet_codemod.helpers.resource_pool import ResourcePool


class TokenPool(ResourcePool):
    """Lends out tokens: whoever has one may use what is limited.

    Takes what ``ResourcePool`` takes, as ``TokenPool(max_size=8)``.
    """

    def create(self) -> object:
        """Return a new token, equal to no other."""
        return object()

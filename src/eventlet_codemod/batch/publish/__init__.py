"""Publishing of a series: to Gerrit, as a pull or merge request, or as a branch.

Each publisher brings what the server has to what the series is, so the same one twice changes
nothing, and each leaves alone what a person did there.
"""

from eventlet_codemod.batch.publish.base import (
    Commit,
    Proposal,
    Published,
    Publisher,
    PublishError,
    publisher_for,
)

__all__ = [
    "Commit",
    "Proposal",
    "PublishError",
    "Published",
    "Publisher",
    "publisher_for",
]

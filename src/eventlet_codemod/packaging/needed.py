"""What rewritten code imports that the standard library lacks, and which release offers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """A distribution that rewritten code imports.

    ``minimum`` is the oldest release that will do, for the reason in ``why``. ``raises`` says that
    older ones really will not: a lower bound that stands in a list already is raised then, and
    else left alone. ``licence`` is what OpenStack's lists say behind each line.
    """

    distribution: str
    minimum: str
    why: str
    extras: tuple[str, ...] = ()
    raises: bool = False
    licence: str = "Apache-2.0"

    @property
    def requirement(self) -> str:
        """The requirement as it stands in a list."""
        return f"{self.named}>={self.minimum}"

    @property
    def named(self) -> str:
        """The distribution with its extras."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return self.distribution + extras


#: By the module that is imported.
NEEDS: dict[str, Need] = {
    "cheroot": Need(
        "cheroot",
        "10.0.1",
        "what the services that moved to cheroot before run on",
        licence="BSD",
    ),
    "cotyledon": Need(
        "cotyledon", "2.2.0", "the oldest that the threading backend of oslo.service takes"
    ),
    "futurist": Need(
        "futurist", "3.2.0", "the first with DynamicThreadPoolExecutor beside ThreadPoolExecutor"
    ),
    "oslo_config": Need("oslo.config", "6.8.0", "what reads the settings of a WSGI server"),
    "oslo_service": Need(
        "oslo.service",
        "4.5.0",
        "its threading backend came with 4.2; from 4.5 on, signals are handled in the main thread "
        "and a ThreadGroup forgets threads that ended",
        extras=("threading",),
        raises=True,
    ),
    "paste": Need(
        "PasteDeploy", "1.5.0", "what oslo.service loads applications with", licence="MIT"
    ),
    "routes": Need("Routes", "2.3.1", "what oslo.service asks for, too", licence="MIT"),
    "webob": Need("WebOb", "1.7.1", "what oslo.service asks for, too", licence="MIT"),
}

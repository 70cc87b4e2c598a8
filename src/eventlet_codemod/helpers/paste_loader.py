"""`oslo_service.wsgi.Loader`, without eventlet."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from paste import deploy

from eventlet_codemod.helpers.wsgi_options import register_wsgi_opts


class PasteLoader:
    """Loads WSGI applications from the file that ``api_paste_config`` names.

    A relative name is looked for where oslo.config looks for its own files.

    Raises PasteConfigNotFound if there is no such file.
    """

    def __init__(self, conf: Any) -> None:
        register_wsgi_opts(conf)
        self.config_path: str | None = None
        name = conf.api_paste_config
        if not Path(name).is_absolute():
            self.config_path = conf.find_file(name)
        elif Path(name).exists():
            self.config_path = name
        if not self.config_path:
            raise PasteConfigNotFound(path=name)

    def load_app(self, name: str) -> Any:
        """Return the application ``name``. Raises PasteAppNotFound."""
        path = self.config_path
        logger = logging.getLogger(__name__)
        logger.debug("Loading app %s from %s", name, path)
        try:
            return deploy.loadapp(f"config:{path}", name=name)
        except LookupError as error:
            logger.exception("Couldn't lookup app: %s", name)
            raise PasteAppNotFound(name=name, path=path) from error


class PasteConfigNotFound(Exception):
    """The file that says which applications there are is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Could not find config at {path}")


class PasteAppNotFound(Exception):
    """The file has no application of that name."""

    def __init__(self, name: str, path: str | None) -> None:
        super().__init__(f"Could not load paste app '{name}' from {path}")

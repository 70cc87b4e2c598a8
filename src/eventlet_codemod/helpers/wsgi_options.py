"""The options of `oslo_service.wsgi`, without eventlet."""

from __future__ import annotations

import contextlib
from typing import Any

from oslo_config import cfg


def register_wsgi_opts(conf: Any) -> None:
    """Register the options of a WSGI server, as ``oslo_service.wsgi`` does.

    Those that something else has registered already are left as they are.
    """
    for _, options in list_wsgi_opts():
        for option in options:
            with contextlib.suppress(cfg.DuplicateOptError):
                conf.register_opt(option)


def list_wsgi_opts() -> list[tuple[str | None, list[Any]]]:
    """Return the options by their group, for ``oslo-config-generator``."""
    log_format = (
        '%(client_ip)s "%(request_line)s" status: %(status_code)s '
        " len: %(body_length)s time: %(wall_seconds).7f"
    )
    options = [
        cfg.StrOpt(
            "api_paste_config",
            default="api-paste.ini",
            help="The file with the applications of the API, for Paste.",
        ),
        cfg.StrOpt(
            "wsgi_log_format",
            default=log_format,
            help="What the server logs of a request, as a format of Python.",
        ),
        cfg.IntOpt(
            "tcp_keepidle",
            default=600,
            help="After how many idle seconds TCP asks for the other end.",
        ),
        cfg.IntOpt(
            "wsgi_default_pool_size",
            default=100,
            help="How many requests the server works on at a time.",
        ),
        cfg.IntOpt(
            "max_header_line",
            default=16384,
            help="The longest line of a header that is accepted.",
        ),
        cfg.BoolOpt(
            "wsgi_keep_alive",
            default=True,
            help="Whether a connection may be used for more than one request.",
        ),
        cfg.IntOpt(
            "client_socket_timeout",
            default=900,
            help="After how many idle seconds a connection ends; 0: never.",
        ),
        cfg.BoolOpt(
            "wsgi_server_debug",
            default=False,
            help="Whether an answer with status 500 shows the traceback.",
        ),
    ]
    return [(None, options)]

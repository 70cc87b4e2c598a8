"""`oslo_service.wsgi.Router`, without eventlet."""

from __future__ import annotations

from typing import Any

import routes.middleware
import webob.dec
import webob.exc


class WSGIRouter:
    """A WSGI application that hands each request to the one a route names.

    ``mapper`` is a ``routes.Mapper``; the ``controller`` of a route is a WSGI
    application. Where no route matches, the answer is 404.
    """

    def __init__(self, mapper: Any) -> None:
        self.map = mapper
        self._router = routes.middleware.RoutesMiddleware(
            webob.dec.wsgify(self._dispatch), self.map
        )

    def _answer(self, req: Any) -> Any:
        return self._router

    __call__ = webob.dec.wsgify(_answer)

    @staticmethod
    def _dispatch(req: Any) -> Any:
        match = req.environ["wsgiorg.routing_args"][1]
        return match["controller"] if match else webob.exc.HTTPNotFound()

"""HTTP as far as an API needs it. Redirects are not followed: a token must not go elsewhere."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import IO, Any, Protocol


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON, with Gerrit's guard line taken off. Raises ValueError."""
        return json.loads(self.body.removeprefix(b")]}'"))


class Http(Protocol):
    """Makes requests. An answer of any status is an answer; without one it raises OSError."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        data: bytes | None = None,
        timeout: float = 60.0,
    ) -> Response:
        """Make one request; ``timeout`` in seconds."""


class Urllib:
    """With the standard library, and the proxies of the environment."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_Stay)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        data: bytes | None = None,
        timeout: float = 60.0,
    ) -> Response:
        """Make one request; ``timeout`` in seconds. Raises OSError."""
        try:
            request = urllib.request.Request(url, data=data, headers=dict(headers), method=method)
            with self._opener.open(request, timeout=timeout) as answer:
                return _response(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _response(error.code, error.headers, error.read())
        except http.client.HTTPException as error:
            raise OSError(f"broken answer: {type(error).__name__}") from None
        except ValueError:
            # Its text may be a header, and so a token: one with a line break in it, say.
            raise OSError("this address, or a token, cannot be sent") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _response(status: int, headers: Message, body: bytes) -> Response:
    return Response(status, {name.lower(): value for name, value in headers.items()}, body)

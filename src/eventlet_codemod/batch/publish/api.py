"""One API: its address, its token, its limits, and what its answers mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from eventlet_codemod.batch.publish.base import PublishError
from eventlet_codemod.batch.publish.http import Http, Response
from eventlet_codemod.batch.publish.limits import Pace, is_limit, reset, wait_after
from eventlet_codemod.batch.publish.remote import is_loopback, safe

_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')


class Api:
    """Asks one server, as fast as it lets us. ``name`` is what people call it.

    ``secrets`` gives the headers that let us in; it is asked at each request, so that nothing of
    it is kept. They are sent over https, or to this machine, only.
    """

    def __init__(
        self,
        name: str,
        base: str,
        http: Http,
        pace: Pace,
        secrets: Callable[[], Mapping[str, str]],
        headers: Mapping[str, str],
    ) -> None:
        self.base = base.rstrip("/")
        self._name = name
        self._http = http
        self._pace = pace
        self._secrets = secrets
        self._headers = dict(headers)
        parts = urlsplit(self.base)
        self._host = parts.netloc.rpartition("@")[2]
        self._open = parts.scheme == "https" or is_loopback(parts.hostname or "")

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        data: Mapping[str, Any] | None = None,
        missing: bool = False,
    ) -> Any:
        """The answer's JSON, None of an empty one, and of one that is not there if ``missing``.

        ``path`` is below the base. Raises PublishError: "unreachable" after a POST means that it
        may have been done.
        """
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        response = self._answer(method, url, data)
        if missing and response.status == 404:
            return None
        return self._read(response, f"{method} {path}")

    def pages(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        """The items of a list that comes in pages, named by ``Link`` headers."""
        url = f"{self.base}{path}?{urlencode(query)}"
        seen = set()
        while url and url not in seen:
            seen.add(url)
            response = self._answer("GET", url, None)
            found = self._read(response, f"GET {path}")
            if not isinstance(found, list):
                raise PublishError("failed", f"{self._name}: GET {path}: no list; is it the API?")
            yield from found
            following = _NEXT.search(response.headers.get("link", ""))
            url = following[1] if following else ""
            if url and urlsplit(url).netloc != urlsplit(self.base).netloc:
                raise PublishError("failed", f"{self._name}: its next page is on another host")

    def _answer(self, method: str, url: str, data: Mapping[str, Any] | None) -> Response:
        """The first answer that is no limit and no passing fault."""
        creates = method == "POST"
        body = json.dumps(data).encode() if data is not None else None
        for attempt in range(self._pace.tries):
            last = attempt + 1 == self._pace.tries
            if too_long := self._pace.too_long(self._host):
                raise self._limit(too_long)
            with self._pace.turn(self._host, creates=creates) as host:
                try:
                    response = self._http.request(method, url, headers=self._sent(body), data=body)
                except OSError as error:
                    if creates or last:
                        raise PublishError("unreachable", self._said(str(error))) from None
                    host.ready = self._pace.now() + 2.0**attempt
                    continue
                now = self._pace.now()
                if is_limit(response):
                    wait = wait_after(response, attempt, now)
                    host.ready = max(host.ready, now + wait)
                    if last or wait > self._pace.longest:
                        raise self._limit(wait)
                    continue
                if response.status >= 500:
                    if creates or last:
                        text = f"answered {response.status}"
                        raise PublishError("unreachable", f"{self._name} {text}")
                    host.ready = now + 2.0**attempt
                    continue
                if rest := reset(response, now):
                    host.ready = max(host.ready, now + rest)
                return response
        raise AssertionError("the last attempt returns or raises")

    def _sent(self, body: bytes | None) -> dict[str, str]:
        headers = {"User-Agent": "eventlet-codemod", **self._headers}
        if body is not None:
            headers["Content-Type"] = "application/json"
        secrets = self._secrets()
        if secrets and not self._open:
            text = f"{self._name}: no token is sent to {self._host} without https"
            raise PublishError("auth", text)
        return {**headers, **secrets}

    def _limit(self, wait: float) -> PublishError:
        text = f"{self._name} wants to be left alone for {wait:.0f} s"
        return PublishError("limit", text, retry_after=wait)

    def _read(self, response: Response, what: str) -> Any:
        try:
            answer = response.json() if response.body.strip() else None
        except ValueError:
            if response.status < 300:
                raise PublishError("failed", f"{self._name}: {what}: no JSON") from None
            answer = None
        if response.status < 300:
            return answer
        told = message_of(answer) or ("" if answer else response.body.decode(errors="replace"))
        text = self._said(f"{what}: {response.status} {told}")
        if 300 <= response.status < 400:
            where = safe(response.headers.get("location", "elsewhere"))
            raise PublishError("failed", f"{text}: it has moved to {where}")
        if response.status in (401, 403):
            raise PublishError("auth", text)
        if response.status == 404:
            raise PublishError("failed", f"{text} (or the token may not see it)")
        raise PublishError("refused" if response.status in (400, 409, 422) else "failed", text)

    def _said(self, text: str) -> str:
        """What the server said, without what we said to it."""
        for value in self._secrets().values():
            for word in (value, value.rpartition(" ")[2]):
                text = text.replace(word, "***")
        return f"{self._name}: {safe(text)}"


def message_of(answer: Any) -> str:
    """What an error's JSON says, in the forms that forges use."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, list):
        return "; ".join(filter(None, map(message_of, answer)))
    if not isinstance(answer, dict):
        return ""
    known = [answer[key] for key in ("message", "error", "errors") if key in answer]
    if known:
        return ": ".join(dict.fromkeys(filter(None, map(message_of, known))))
    if "code" in answer and "field" in answer:  # GitHub's, where it has no message
        return f"{answer['field']} {answer['code']}"
    return "; ".join(f"{key} {message_of(value)}" for key, value in answer.items())

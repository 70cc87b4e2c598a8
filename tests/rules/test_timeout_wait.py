from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

KILL, CATCH, SOCK, TYPE = "C-KILL", "C-CATCH", "C-SOCK", "C-TYPE"

CASES = [
    noop(
        "no Timeout",
        """
        import requests

        import eventlet.wsgi

        requests.get("http://localhost", timeout=3)
        """,
    ),
    manual(
        "a limit of its own beside the Timeout",
        """
        import eventlet
        import requests


        def fetch(url):
            with eventlet.Timeout(5, ValueError):
                return requests.get(url, timeout=3)
        """,
        says="has a limit of its own already",
    ),
    manual(
        "a get() that is not that of requests",
        """
        import eventlet


        def fetch(requests, url):
            with eventlet.Timeout(5, ValueError):
                return requests.get(url)
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "a clause in the block would take the exception",
        """
        import eventlet
        import requests


        def fetch(url):
            with eventlet.Timeout(5, ValueError):
                try:
                    return requests.get(url)
                except requests.RequestException:
                    return None
        """,
        says="the except clause on line 9, inside the block",
    ),
    manual(
        "a clause on the way would take the exception",
        """
        import eventlet
        import requests


        def fetch(url):
            try:
                try:
                    with eventlet.Timeout(5):
                        return requests.get(url)
                except requests.RequestException:
                    return None
            except eventlet.Timeout:
                return False
        """,
        says="the except clause on line 10 would take",
    ),
    manual(
        "something else waits, too",
        """
        import eventlet
        import requests


        def fetch(url, lock):
            with eventlet.Timeout(5, ValueError):
                with lock:
                    lock.wait()
                return requests.get(url)
        """,
        says="`lock.wait()` on line 8 waits in it, too",
    ),
    fixes(
        "a clause in the block whose class may be a base of what is raised now",
        """
        import requests
        from eventlet import Timeout


        def fetch(url, errors):
            with Timeout(5, False):
                try:
                    return requests.get(url)
                except errors.Gone:
                    return None
        """,
        """
        import requests


        def fetch(url, errors):
            try:
                try:
                    return requests.get(url, timeout=5)
                except errors.Gone:
                    return None
            except requests.Timeout:
                pass
        """,
        checks=["C-CATCH", "C-SOCK"],
    ),
    fixes(
        "an exception of one's own",
        """
        import eventlet
        import requests


        class TooLate(Exception):
            pass


        def fetch(url):
            with eventlet.Timeout(5, TooLate):
                return requests.get(url)
        """,
        """
        import requests


        class TooLate(Exception):
            pass


        def fetch(url):
            try:
                return requests.get(url, timeout=5)
            except requests.Timeout as error:
                raise TooLate from error
        """,
        checks=[SOCK],
    ),
    fixes(
        "silent, and another call beside it",
        """
        import eventlet
        import requests


        def send(url, data, pack):
            answer = None
            with eventlet.Timeout(5, False):
                # it may be large
                answer = requests.post(url, data=pack(data))
            return answer
        """,
        """
        import requests


        def send(url, data, pack):
            answer = None
            try:
                # it may be large
                answer = requests.post(url, data=pack(data), timeout=5)
            except requests.Timeout:
                pass
            return answer
        """,
        checks=[KILL, SOCK],
    ),
    fixes(
        "the block gives the limit's name another value first",
        """
        import eventlet
        import requests


        def fetch(urls, n):
            with eventlet.Timeout(n, ValueError):
                n = urls.pop()
                return requests.get(n)
        """,
        """
        import requests


        def fetch(urls, n):
            limit = n
            try:
                n = urls.pop()
                return requests.get(n, timeout=limit)
            except requests.Timeout as error:
                raise ValueError from error
        """,
        checks=[KILL, SOCK, TYPE],
    ),
    fixes(
        "a clause for every exception catches it as before",
        """
        import eventlet
        import requests


        def fetch(url, seconds, log):
            try:
                with eventlet.Timeout(seconds):
                    return requests.get(url)
            except BaseException as error:
                log(error)
        """,
        """
        import requests


        def fetch(url, seconds, log):
            try:
                return requests.get(url, timeout=seconds)
            except BaseException as error:
                log(error)
        """,
        checks=[SOCK, CATCH, TYPE],
    ),
    fixes(
        "a name of the function itself",
        """
        import eventlet
        from requests import get


        def fetch(url, log):
            try:
                with eventlet.Timeout(3):
                    return get(url)
            except eventlet.Timeout:
                log(url)
        """,
        """
        import requests
        from requests import get


        def fetch(url, log):
            try:
                return get(url, timeout=3)
            except requests.Timeout:
                log(url)
        """,
        checks=[SOCK, CATCH],
    ),
    manual(
        "two requests: one may have no time left, which requests refuses",
        """
        import eventlet
        import requests


        def fetch(one, other):
            with eventlet.Timeout(5, ValueError):
                return requests.get(one), requests.get(other)
        """,
        says="its waits on a socket cannot share the limit: 0",
    ),
    fixes(
        "one that flies, with a limit that is computed",
        """
        import eventlet
        import requests


        def fetch(url, limit):
            with eventlet.Timeout(limit()):
                return requests.get(url)
        """,
        """
        import requests


        def fetch(url, limit):
            limit2 = limit()
            try:
                return requests.get(url, timeout=limit2)
            except requests.Timeout as error:
                raise TimeoutError() from error
        """,
        checks=[SOCK, CATCH, TYPE],
    ),
    fixes(
        "the long form; the module is spelled as it was",
        """
        import dns.exception
        import dns.query

        import eventlet


        def transfer(server, zone, log):
            limit = eventlet.Timeout(30)
            try:
                return list(
                    dns.query.xfr(
                        server, zone, relativize=False
                    )
                )
            except eventlet.Timeout as error:
                if error == limit:
                    log("too late")
            finally:
                limit.cancel()
        """,
        """
        import dns.exception
        import dns.query


        def transfer(server, zone, log):
            try:
                return list(
                    dns.query.xfr(
                        server, zone, relativize=False, lifetime=30
                    )
                )
            except dns.exception.Timeout:
                log("too late")
        """,
        checks=[CATCH],
    ),
    # --- oslo.messaging, paramiko, urllib, sockets ---
    manual(
        "a call that only looks like one of oslo.messaging",
        """
        import eventlet


        def ask(phone):
            with eventlet.Timeout(3):
                return phone.call("home", "now")
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "a socket that is handed on",
        """
        import socket

        import eventlet


        def ask(address):
            sock = socket.socket()
            with eventlet.Timeout(3):
                sock.connect(address)
            return sock
        """,
        says="this Timeout stays",
    ),
    manual(
        "a socket that is read afterwards",
        """
        import socket

        import eventlet


        def ask(address):
            sock = socket.socket()
            with eventlet.Timeout(3):
                sock.connect(address)
            return sock.recv(10)
        """,
        says="this Timeout stays",
    ),
    manual(
        "somebody else's socket",
        """
        import eventlet


        def ask(sock):
            with eventlet.Timeout(3):
                return sock.recv(10)
        """,
        says="waits in it, too",
    ),
    manual(
        "a socket in a loop",
        """
        import socket

        import eventlet


        def ask(addresses):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for address in addresses:
                with eventlet.Timeout(3):
                    sock.sendto(b"?", address)
                sock.close()
        """,
        says="this Timeout stays",
    ),
    manual(
        "two answers cannot share a limit of sockets",
        """
        import urllib.request

        import eventlet


        def fetch(one, two):
            with eventlet.Timeout(3):
                urllib.request.urlopen(one)
                urllib.request.urlopen(two)
        """,
        says="its waits on a socket cannot share the limit",
    ),
    manual(
        "prepare() has a limit of its own, which may be the shorter one",
        """
        import eventlet
        import oslo_messaging


        def ask(self, context):
            client = self.client.prepare(timeout=5)
            with eventlet.Timeout(10):
                return client.call(context, "ask")
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "prepare() is given what cannot be seen",
        """
        import eventlet
        import oslo_messaging


        def ask(self, context, given):
            client = self.client.prepare(**given)
            with eventlet.Timeout(10):
                return client.call(context, "ask")
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "somebody else's prepare(), where nothing is of oslo.messaging",
        """
        import eventlet


        def ask(self, context):
            with eventlet.Timeout(10):
                return self.phone.prepare().call(context, "ask")
        """,
        says="nothing in the block is known to take a limit",
    ),
    manual(
        "urlopen is given a limit by its position",
        """
        import urllib.request

        import eventlet


        def fetch(url):
            with eventlet.Timeout(3):
                return urllib.request.urlopen(url, None, 1)
        """,
        says="has a limit of its own already",
    ),
    manual(
        "exec_command is given a limit by its position",
        """
        import eventlet
        import paramiko


        def run(command):
            client = paramiko.SSHClient()
            with eventlet.Timeout(3):
                return client.exec_command(command, -1, 1)
        """,
        says="has a limit of its own already",
    ),
    manual(
        "no time at all, which makes a socket one that does not wait",
        """
        import socket

        import eventlet


        def ask(address):
            sock = socket.socket()
            with eventlet.Timeout(0):
                sock.connect(address)
            sock.close()
        """,
        says="a limit of 0 means something else to a socket",
    ),
    manual(
        "a socket that another function has as well",
        """
        import socket

        import eventlet


        def ask(address, later):
            sock = socket.socket()
            later(lambda: sock.sendall(b"?"))
            with eventlet.Timeout(3):
                sock.connect(address)
            sock.close()
        """,
        says="this Timeout stays",
    ),
    manual(
        "a name that may be another socket",
        """
        import socket

        import eventlet


        def ask(address, own):
            sock = own or socket.socket()
            if address:
                sock = socket.socket()
            with eventlet.Timeout(3):
                sock.connect(address)
            sock.close()
        """,
        says="this Timeout stays",
    ),
    fixes(
        "a limit that may be 0 is asked about",
        """
        import socket

        import eventlet


        def ask(address, seconds):
            sock = socket.socket()
            with eventlet.Timeout(seconds, ValueError):
                sock.connect(address)
            sock.close()
        """,
        """
        import socket


        def ask(address, seconds):
            sock = socket.socket()
            sock.settimeout(seconds)
            try:
                sock.connect(address)
            except socket.timeout as error:
                raise ValueError from error
            sock.close()
        """,
        checks=["C-SOCK", TYPE],
    ),
    fixes(
        "a call by oslo.messaging",
        """
        import eventlet
        import oslo_messaging


        class Api:
            def ask(self, context):
                client = self.client.prepare(version="1.1")
                try:
                    with eventlet.Timeout(10):
                        return client.call(context, "ask", what=1)
                except eventlet.Timeout:
                    return None
        """,
        """
        import oslo_messaging


        class Api:
            def ask(self, context):
                client = self.client.prepare(version="1.1")
                try:
                    return client.prepare(timeout=10).call(context, "ask", what=1)
                except oslo_messaging.MessagingTimeout:
                    return None
        """,
        checks=["C-CATCH", "C-VERSION"],
    ),
    fixes(
        "a paramiko client",
        """
        import eventlet
        import paramiko


        def login(host, log):
            client = paramiko.SSHClient()
            try:
                with eventlet.Timeout(10):
                    client.connect(host, username="me")
            except eventlet.Timeout:
                log("no answer")
            return client
        """,
        """
        import socket

        import paramiko


        def login(host, log):
            client = paramiko.SSHClient()
            try:
                client.connect(host, username="me", timeout=10)
            except socket.timeout:
                log("no answer")
            return client
        """,
        checks=["C-CATCH", "C-SOCK"],
    ),
    fixes(
        "urlopen, which hides it",
        """
        import urllib.request

        import eventlet


        def fetch(url, log):
            try:
                with eventlet.Timeout(3):
                    return urllib.request.urlopen(url)
            except eventlet.Timeout:
                log("no answer")
        """,
        """
        import socket
        import urllib.error
        import urllib.request


        def fetch(url, log):
            try:
                try:
                    return urllib.request.urlopen(url, timeout=3)
                except (socket.timeout, urllib.error.URLError) as error:
                    if not isinstance(getattr(error, "reason", error), socket.timeout):
                        raise
                    raise TimeoutError("3 seconds") from error
            except TimeoutError:
                log("no answer")
        """,
        checks=["C-CATCH", "C-SOCK"],
    ),
    fixes(
        "urlopen under a silent Timeout",
        """
        import urllib.request

        import eventlet


        def fetch(url):
            with eventlet.Timeout(3, False):
                return urllib.request.urlopen(url)
        """,
        """
        import socket
        import urllib.error
        import urllib.request


        def fetch(url):
            try:
                return urllib.request.urlopen(url, timeout=3)
            except (socket.timeout, urllib.error.URLError) as error:
                if not isinstance(getattr(error, "reason", error), socket.timeout):
                    raise
        """,
        checks=["C-SOCK"],
    ),
    fixes(
        "a socket of its own",
        """
        import socket

        import eventlet


        def ask(address, log):
            sock = socket.socket()
            try:
                with eventlet.Timeout(3):
                    sock.connect(address)
                    sock.sendall(b"?")
                    return sock.recv(10)
            except eventlet.Timeout:
                log("no answer")
            finally:
                sock.close()
        """,
        """
        import socket


        def ask(address, log):
            sock = socket.socket()
            try:
                sock.settimeout(3)
                sock.connect(address)
                sock.sendall(b"?")
                return sock.recv(10)
            except socket.timeout:
                log("no answer")
            finally:
                sock.close()
        """,
        checks=["C-CATCH", "C-SOCK"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_wait(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-wait")

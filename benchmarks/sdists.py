"""Releases of real projects: their sdists by name, version and hash, as trees in git."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path


class SdistError(Exception):
    """A release that cannot be had, or is not the one that was meant."""


def download(name: str, version: str, target: Path) -> Path:
    """The sdist, by the ordinary client."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    pinned = f"{name}=={version}"
    command = [*pip, "--no-deps", "--no-binary", name, "--dest", str(target), pinned]
    if subprocess.run(command).returncode:
        raise SdistError(f"{pinned} cannot be downloaded")
    found = [path for path in target.iterdir() if path.name.endswith(f"-{version}.tar.gz")]
    if len(found) != 1:
        raise SdistError(f"{pinned} has no sdist")
    return found[0]


def check(sdist: Path, sha256: str) -> Path:
    """The same file, if it is the one that is meant."""
    found = hashlib.sha256(sdist.read_bytes()).hexdigest()
    if found != sha256:
        raise SdistError(f"{sdist}: its SHA-256 is {found}, and not {sha256}")
    return sdist


def unpack(sdist: Path, target: Path) -> Path:
    """The one directory that it holds."""
    with tarfile.open(sdist) as archive:
        archive.extractall(target, filter="data")
    (tree,) = target.iterdir()
    return tree


def placed(tree: str, place: Path) -> Path:
    """A directory, or the sdist of a release (``NAME==VERSION``), unpacked below ``place``.

    Ends the program where it cannot be had.
    """
    name, pinned, version = tree.partition("==")
    if not pinned:
        return Path(tree)
    try:
        return unpack(download(name, version, place / "sdist"), place / "tree")
    except SdistError as error:
        sys.exit(str(error))


def as_repository(tree: Path) -> Path:
    """Commit the tree to git, as a developer would have it."""
    git(tree, "init", "--quiet")
    git(tree, "add", "--all", "--force")
    commit(tree, tree.name)
    return tree


def commit(tree: Path, subject: str) -> None:
    author = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")
    git(tree, *author, "commit", "--quiet", "--no-gpg-sign", "-m", subject)


def git(tree: Path, *arguments: str, status: Sequence[int] = (0,)) -> str:
    """What a command of git prints; it may end with one of ``status``."""
    done = subprocess.run(["git", *arguments], cwd=tree, capture_output=True, text=True)
    if done.returncode not in status:
        raise SdistError(f"git {arguments[0]}: {done.stderr}")
    return done.stdout

"""``.gitreview``: how a project says where it is reviewed."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.batch.git import Git

_SCHEMES = ("ssh", "https", "http")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class GitReview:
    """What the file says; "" for what it does not. ``remote`` is the name of a git remote."""

    host: str = ""
    port: str = ""
    project: str = ""
    branch: str = ""
    remote: str = ""
    scheme: str = ""

    def url(self, user: str = "") -> str:
        """Where to push to, "" if it does not say. ``user`` is for ssh."""
        scheme = self.scheme or "ssh"
        if not _HOST.fullmatch(self.host) or not self.project or scheme not in _SCHEMES:
            return ""
        port = self.port or ("29418" if scheme == "ssh" else "")
        who = f"{user}@" if user and scheme == "ssh" else ""
        return f"{scheme}://{who}{self.host}{f':{port}' if port else ''}/{self.project}"


def read(git: Git, git_dir: Path, commit: str) -> GitReview:
    """That of a commit; empty where it has none, or one that cannot be read."""
    data = git.run(git_dir, "cat-file", "blob", f"{commit}:.gitreview", codes=(0, 128))
    config = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        config.read_string(data.decode(errors="replace"))
        section = config["gerrit"]
    except (configparser.Error, KeyError):
        return GitReview()

    def get(key: str) -> str:
        return section.get(key, "").strip()

    return GitReview(
        host=get("host"),
        port=get("port") if get("port").isdecimal() else "",
        project=get("project").strip("/").removesuffix(".git"),
        branch=get("defaultbranch"),
        remote=get("defaultremote"),
        scheme=get("scheme"),
    )

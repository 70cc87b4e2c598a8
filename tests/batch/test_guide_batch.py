"""The guide's manifest is read, and each key that there is stands in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from eventlet_codemod.batch import manifest

GUIDE = Path(__file__).parents[2] / "docs/guide-batch.md"


def test_the_manifest_of_the_guide(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    subprocess.run(["git", "init", "-q", str(tmp_path / "checkouts/oslo.log")], check=True)
    (tmp_path / "m").mkdir()
    found = manifest.read("repos.toml", text.encode(), tmp_path / "m")
    repos = {repo.name: repo for repo in found.repos}
    assert [*repos] == ["oslo.log", "openstack/nova", "openstack/ironic-python-agent"]
    assert repos["oslo.log"].publish == "gerrit" and repos["oslo.log"].time_limit == 3600
    nova = repos["openstack/nova"]
    assert nova.settings == {"profile": "openstack", "helpers": "nova.threads"}
    assert nova.max_open == 10


def test_every_key_is_in_the_guide() -> None:
    keys = set(re.findall(r"^\| `(.*?) \|", GUIDE.read_text(), re.MULTILINE))
    named = {word for cell in keys for word in re.findall(r"[\w-]+", cell)}
    assert named >= {key for key in manifest._KEYS if key != "name"}

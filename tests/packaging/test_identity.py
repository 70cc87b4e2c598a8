"""What a project is called, and which distributions it needs."""

from __future__ import annotations

import pytest

from eventlet_codemod.packaging.identity import identity


def named(tmp_path, files):
    root = tmp_path / "The_Directory"
    root.mkdir()
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return identity(root)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[project]\nname = "Some.Name"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "some_name"\n'),
        ("setup.cfg", "[metadata]\nname = some-name\n"),
        ("setup.py", "import setuptools\n\nsetuptools.setup(name='some-Name')\n"),
        ("PKG-INFO", "Metadata-Version: 2.1\nName: some.name\n"),
    ],
)
def test_where_the_name_stands(tmp_path, path, text):
    assert named(tmp_path, {path: text}).name == "some-name"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"setup.py": "import setuptools\n\nsetuptools.setup(name=NAME)\n"},
        {"pyproject.toml": "[project\n"},
        {"setup.cfg": b"[metadata]\nname = \xff\n"},
    ],
)
def test_the_directory_where_no_file_tells(tmp_path, files):
    assert named(tmp_path, files).name == "the-directory"


def test_what_it_needs_at_run_time(tmp_path):
    found = named(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["A_b>=1", "x"]\n'
            '[project.optional-dependencies]\ndev = ["not"]\n',
            "requirements.txt": "# all\nC.d[x]>=2  # why\ne; python_version < '4'\n-r more.txt\n",
            "test-requirements.txt": "stestr\n",
            "requirements/base.txt": "f\n",
            "docs/requirements.txt": "sphinx\n",
        },
    )
    assert found.needs == {"a-b", "c-d", "e", "f"}

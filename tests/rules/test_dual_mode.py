from __future__ import annotations

import pytest

from eventlet_codemod import dual
from eventlet_codemod.testing import Case, check, fixes, manual, noop

SWITCH = {"monkey_patch": "switch"}
NAMED = {**SWITCH, "monkey_patch_module": "pkg.monkey_patch"}

PACKAGE = {"pkg/__init__.py": ""}
FULL = {"pkg/__init__.py": "from pkg import service\n", "pkg/service.py": "import requests\n"}
API = "pkg/cmd/api.py"

PATCHING = """
    import eventlet
    eventlet.monkey_patch()

    import sys
    """
PATCHED = """
    from pkg import monkey_patch
    monkey_patch.patch()

    import sys
    """

CASES = [
    # --- what it is not about ---
    noop(
        "the project's own function of that name",
        """
        from pkg import utils

        utils.monkey_patch()
        """,
        **NAMED,
    ),
    noop(
        "a call of the module itself",
        """
        from pkg import monkey_patch

        monkey_patch.patch()
        """,
        files=PACKAGE,
        **SWITCH,
    ),
    noop(
        "a comment and a text",
        """
        import eventlet.wsgi

        # eventlet.monkey_patch()
        TEXT = "call eventlet.monkey_patch() first"
        """,
        **NAMED,
    ),
    # --- what it leaves ---
    manual(
        "no package around it",
        PATCHING,
        says="the package that is to hold the switch cannot be told: there is none",
        **SWITCH,
    ),
    manual(
        "only tests around it",
        PATCHING,
        path="tests/__init__.py",
        files={"tests/__init__.py": "", "service.py": ""},
        says="there is none",
        **SWITCH,
    ),
    manual(
        "several packages that patch",
        PATCHING,
        path="one/api.py",
        files={
            "one/__init__.py": "",
            "two/__init__.py": "import eventlet\neventlet.monkey_patch()\n",
        },
        says="there are one, two",
        **SWITCH,
    ),
    manual(
        "a module of that name that patches when it is imported",
        PATCHING,
        path=API,
        files={**PACKAGE, "pkg/monkey_patch.py": "import eventlet\neventlet.monkey_patch()\n"},
        says="`pkg.monkey_patch` is there already, and it has no `patch(**parts)`",
        **SWITCH,
    ),
    manual(
        "a module of that name whose function takes something else",
        PATCHING,
        path=API,
        files={**PACKAGE, "pkg/monkey_patch.py": "def patch(backend='eventlet'):\n    pass\n"},
        says="it has no `patch(**parts)`",
        **SWITCH,
    ),
    manual(
        "the project's own module of that name",
        """
        import os


        def _monkey_patch():
            import eventlet

            eventlet.monkey_patch()


        if not os.environ.get("OS_PKG_DISABLE_EVENTLET_PATCHING"):
            _monkey_patch()
        """,
        path="pkg/monkey_patch.py",
        files=PACKAGE,
        says="`pkg.monkey_patch` is where the project decides about patching",
        **SWITCH,
    ),
    manual(
        "a script that does not import the package",
        PATCHING,
        path="bin/api.py",
        files=PACKAGE,
        says="this file stands outside of `pkg`, and may not be able to import it",
        **SWITCH,
    ),
    manual(
        "a page of settings that sees to it that the package can be imported",
        """
        import sys
        import eventlet

        sys.path.insert(0, "..")
        from pkg import version

        eventlet.monkey_patch(subprocess=True)
        """,
        path="doc/source/conf.py",
        files=PACKAGE,
        says="outside of `pkg`",
        **SWITCH,
    ),
    manual(
        "a script that imports the package only in a function",
        """
        import eventlet
        eventlet.monkey_patch()


        def main():
            from pkg import api

            api.main()
        """,
        path="bin/api.py",
        files=PACKAGE,
        says="outside of `pkg`",
        **SWITCH,
    ),
    manual(
        "an import that may fail",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None

        if eventlet is not None:
            eventlet.monkey_patch()
        """,
        says="may not be eventlet's here",
        **NAMED,
    ),
    manual(
        "the function is replaced",
        """
        import eventlet

        eventlet.monkey_patch = print
        """,
        says="is assigned to",
        **NAMED,
    ),
    manual(
        "the package has a function of that name",
        PATCHING,
        path=API,
        files={"pkg/__init__.py": "from pkg.utils import (\n    monkey_patch,\n)\n"},
        says="`pkg` has something else called monkey_patch",
        **SWITCH,
    ),
    manual(
        "the package defines one of that name",
        """
        import eventlet


        def monkey_patch():
            eventlet.monkey_patch()
        """,
        path="pkg/__init__.py",
        files=PACKAGE,
        says="`pkg` has something else called monkey_patch",
        **SWITCH,
    ),
    manual(
        "a module at the top, for a file below",
        PATCHING,
        path="cmd/api.py",
        files={"cmd/__init__.py": ""},
        says="outside of `mode`",
        monkey_patch_module="mode",
        **SWITCH,
    ),
    # --- what it rewrites ---
    fixes("at the top", PATCHING, PATCHED, tier="safe", path=API, files=PACKAGE, **SWITCH),
    fixes(
        "at the top of the package",
        PATCHING,
        PATCHED,
        path="pkg/__init__.py",
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "in a package below src, in profile openstack",
        PATCHING,
        PATCHED,
        path="src/pkg/cmd/api.py",
        files={"src/pkg/__init__.py": "", "tests/__init__.py": ""},
        says="unless OS_PKG_DISABLE_EVENTLET_PATCHING is set",
        profile="openstack",
        import_style="one-per-line",
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "one of several packages patches",
        PATCHING,
        PATCHED,
        path=API,
        files={
            **PACKAGE,
            "pkg/api.py": "import eventlet\neventlet.monkey_patch()\n",
            "plugin/__init__.py": "",
            "plugin/tests/__init__.py": "import eventlet\neventlet.monkey_patch()\n",
        },
        says="unless PKG_DISABLE_EVENTLET_PATCHING is set",
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a module beside scripts",
        PATCHING,
        """
        import mode
        mode.patch()

        import sys
        """,
        files={"other.py": ""},
        monkey_patch_module="mode",
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a package that says the name of the module, and binds it to nothing else",
        PATCHING,
        PATCHED,
        path=API,
        files={
            "pkg/__init__.py": "# import monkey_patch first\nfrom pkg import monkey_patch\n",
            "pkg/monkey_patch.py": dual.render("X", oslo_service=False),
        },
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "what eventlet reads at its import is set before",
        """
        import os

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        import eventlet
        eventlet.monkey_patch()
        """,
        """
        import os

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        from pkg import monkey_patch
        monkey_patch.patch()
        """,
        path=API,
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "what eventlet reads at its import is set between that and the call",
        """
        import os
        import eventlet

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        eventlet.monkey_patch()
        """,
        """
        import os

        from pkg import monkey_patch

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        monkey_patch.patch()
        """,
        path=API,
        files=PACKAGE,
        checks=["C-EARLY"],
        **SWITCH,
    ),
    fixes(
        "a module of the name that is there serves",
        PATCHING,
        PATCHED,
        path=API,
        files={**PACKAGE, "pkg/monkey_patch.py": dual.render("X", oslo_service=False)},
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a module of another name",
        PATCHING,
        PATCHED.replace("pkg import monkey_patch", "pkg.common import mode").replace(
            "monkey_patch.", "mode."
        ),
        path=API,
        files={**PACKAGE, "pkg/common/__init__.py": ""},
        monkey_patch_module="pkg.common.mode",
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "parts, over several lines, below other imports",
        """
        import os
        import sys

        import eventlet


        eventlet.monkey_patch(
            os=False,  # pipes
            thread=False if "--debug" in sys.argv else True,
        )

        import oslo_log
        """,
        """
        import os
        import sys

        from pkg import monkey_patch


        monkey_patch.patch(
            os=False,  # pipes
            thread=False if "--debug" in sys.argv else True,
        )

        import oslo_log
        """,
        path=API,
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "in a function, beside other uses",
        """
        import eventlet
        from eventlet import wsgi


        def serve(socket, app):
            eventlet.monkey_patch(all=False, socket=True)
            wsgi.server(socket, app)
        """,
        """
        from eventlet import wsgi

        from pkg import monkey_patch


        def serve(socket, app):
            monkey_patch.patch(all=False, socket=True)
            wsgi.server(socket, app)
        """,
        path="pkg/wsgi.py",
        files=PACKAGE,
        left=1,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "imported in the function",
        """
        def main():
            import eventlet
            eventlet.monkey_patch()
        """,
        """
        from pkg import monkey_patch


        def main():
            monkey_patch.patch()
        """,
        path=API,
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "the function that does it has the name of the module",
        """
        import os

        import eventlet


        def monkey_patch():
            if os.name != "nt":
                eventlet.monkey_patch()
            else:
                eventlet.monkey_patch(os=False)
        """,
        """
        import os

        from pkg import monkey_patch as monkey_patch_lib


        def monkey_patch():
            if os.name != "nt":
                monkey_patch_lib.patch()
            else:
                monkey_patch_lib.patch(os=False)
        """,
        path="pkg/common/eventlet_utils.py",
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "the function taken by its name, and passed on",
        """
        from eventlet import monkey_patch
        from eventlet.patcher import monkey_patch as patch

        monkey_patch(**OPTIONS)
        HOOKS = [patch]
        """,
        """
        from pkg import monkey_patch

        monkey_patch.patch(**OPTIONS)
        HOOKS = [monkey_patch.patch]
        """,
        path=API,
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a condition stays around it",
        """
        import sys
        import eventlet

        if "--green" in sys.argv:
            eventlet.monkey_patch()
        """,
        """
        import sys

        from pkg import monkey_patch

        if "--green" in sys.argv:
            monkey_patch.patch()
        """,
        path=API,
        files=PACKAGE,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "tests beside the package that import it",
        """
        import eventlet
        eventlet.monkey_patch()

        from pkg import api
        """,
        """
        from pkg import monkey_patch
        monkey_patch.patch()

        from pkg import api
        """,
        path="tests/__init__.py",
        files={**PACKAGE, "tests/__init__.py": ""},
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a package that loads more is there before its own modules",
        PATCHING,
        PATCHED,
        path=API,
        files=FULL,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a package that loads only what eventlet loads too",
        """
        import eventlet
        eventlet.monkey_patch()

        from pkg import api
        """,
        """
        from pkg import monkey_patch
        monkey_patch.patch()

        from pkg import api
        """,
        path="tests/__init__.py",
        files={
            "pkg/__init__.py": "import os, threading\nfrom pkg import log\n",
            "pkg/log.py": "import logging\n",
        },
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a package that loads more, and is loaded before the call in any case",
        """
        from pkg import service

        import eventlet
        eventlet.monkey_patch()
        """,
        """
        from pkg import monkey_patch
        from pkg import service

        monkey_patch.patch()
        """,
        path="tests/__init__.py",
        files=FULL,
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a script of a package that loads more, which patches in a function",
        """
        import eventlet
        import pkg.service


        def main():
            eventlet.monkey_patch()
            pkg.service.run()


        if __name__ == "__main__":
            main()
        """,
        """
        import pkg.service
        from pkg import monkey_patch


        def main():
            monkey_patch.patch()
            pkg.service.run()


        if __name__ == "__main__":
            main()
        """,
        path=API,
        files=FULL,
        tier="safe",
        **SWITCH,
    ),
    # --- what it asks ---
    fixes(
        "a package that loads more, from outside",
        """
        import eventlet
        eventlet.monkey_patch()

        from pkg import api
        """,
        """
        from pkg import monkey_patch
        monkey_patch.patch()

        from pkg import api
        """,
        path="tests/__init__.py",
        files=FULL,
        checks=["C-EARLY"],
        **SWITCH,
    ),
    fixes(
        "a package that loads more, and a file of it that may run as a script",
        f"""{PATCHING}

    if __name__ == "__main__":
        sys.exit()
    """,
        f"""{PATCHED}

    if __name__ == "__main__":
        sys.exit()
    """,
        path=API,
        files=FULL,
        checks=["C-EARLY"],
        **SWITCH,
    ),
    fixes(
        "packages around the module that are not around the file",
        PATCHING,
        PATCHED.replace("pkg import monkey_patch", "pkg.common import mode").replace(
            "monkey_patch.", "mode."
        ),
        path=API,
        files={**PACKAGE, "pkg/common/__init__.py": "import requests\n"},
        checks=["C-EARLY"],
        monkey_patch_module="pkg.common.mode",
        **SWITCH,
    ),
    fixes(
        "oslo.service is loaded before",
        """
        from oslo_service import service
        import eventlet

        eventlet.monkey_patch()
        """,
        """
        from oslo_service import service

        from pkg import monkey_patch

        monkey_patch.patch()
        """,
        path=API,
        files=PACKAGE,
        checks=["C-EARLY"],
        **SWITCH,
    ),
    fixes(
        "oslo.service is loaded before, below a package that patches first",
        """
        from oslo_service import service
        import eventlet

        eventlet.monkey_patch(socket=True)
        """,
        """
        from oslo_service import service

        from pkg import monkey_patch

        monkey_patch.patch(socket=True)
        """,
        path=API,
        files={**PACKAGE, "pkg/cmd/__init__.py": "import eventlet\neventlet.monkey_patch()\n"},
        tier="safe",
        **SWITCH,
    ),
    fixes(
        "a copy of a module that only patching makes",
        """
        import eventlet
        eventlet.monkey_patch()

        import __original_module_threading as orig_threading
        import threading
        orig_threading.current_thread.__globals__['_active'] = threading._active
        """,
        """
        from pkg import monkey_patch
        monkey_patch.patch()

        import __original_module_threading as orig_threading
        import threading
        orig_threading.current_thread.__globals__['_active'] = threading._active
        """,
        path=API,
        files=PACKAGE,
        checks=["C-BRANCH"],
        **SWITCH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dual_mode(case: Case) -> None:
    check(case, "dual-mode")

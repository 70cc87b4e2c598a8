# proves: Loader, Router, Request, options and exceptions of oslo.service's wsgi do the same as helpers
# api: oslo_service.wsgi.Loader, oslo_service.wsgi.Router, oslo_service.wsgi.Request, oslo_service.wsgi.register_opts, oslo_service.wsgi.PasteAppNotFound, oslo_service.wsgi.ConfigNotFound
# tier: review
# settings: helpers=concurrency
import logging
import pathlib
import tempfile

import eventlet

eventlet.monkey_patch()

import routes
import webob.dec
from oslo_config import cfg
from oslo_service import wsgi

logging.disable()

PASTE = """
[app:shop]
paste.app_factory = __main__:APIRouter.factory
"""


class Request(wsgi.Request):
    def item(self):
        return self.urlvars["item"]


@webob.dec.wsgify(RequestClass=Request)
def show(request):
    return f"{request.item()} for {request.params.get('who', 'you')}"


class APIRouter(wsgi.Router):
    def __init__(self):
        mapper = routes.Mapper()
        mapper.connect(None, "/items/{item}", controller=show)
        super().__init__(mapper)

    @classmethod
    def factory(cls, global_conf, **local_conf):
        return cls()


def load(conf, name):
    try:
        return wsgi.Loader(conf).load_app(name)
    except wsgi.PasteAppNotFound as error:
        print(type(error).__mro__[1].__name__, str(error).partition(" from ")[0])
    except wsgi.ConfigNotFound as error:
        print(error)


with tempfile.TemporaryDirectory() as directory:
    path = pathlib.Path(directory, "api-paste.ini")
    path.write_text(PASTE)
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[])
    wsgi.register_opts(conf)
    print(conf.api_paste_config, conf.wsgi_default_pool_size, conf.client_socket_timeout)
    load(conf, "shop")
    conf.set_override("api_paste_config", str(path))
    load(conf, "bank")
    app = load(conf, "shop")
for url in ("/items/tea", "/items/tea?who=me", "/items", "/"):
    answer = wsgi.Request.blank(url).get_response(app)
    print(url, answer.status_int, answer.text if answer.status_int == 200 else "")

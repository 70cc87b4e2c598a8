# proves: a handle that another file looks up by a name it builds stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import service
from status import result_of

print(result_of(service.Loader(), "users"), result_of(service.Loader(), "groups"))

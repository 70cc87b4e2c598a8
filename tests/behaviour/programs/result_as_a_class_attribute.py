# proves: a green thread kept on the class is shared by its instances
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def read_schema():
    return ("id", "name")


class Table:
    schema = eventlet.spawn(read_schema)

    def __init__(self, name):
        self.name = name

    def columns(self):
        return [f"{self.name}.{column}" for column in self.schema.wait()]

    @classmethod
    def width(cls):
        return len(cls.schema.wait())


print(Table("users").columns(), Table("orders").columns())
print(Table.width(), Table.schema.wait())

def ask(server, text):
    reply = server.new_reply()
    server.pool.spawn_n(server.answer, text, reply)
    reply.wait()
    return reply


class Client:
    def __init__(self, server):
        self.server = server

    def ask(self, text):
        reply = self.server.new_reply()
        self.server.pool.spawn_n(self.server.answer, text.upper(), reply)
        print("asked, answer is", reply.wait())
        return reply

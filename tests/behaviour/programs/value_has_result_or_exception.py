# proves: has_result and has_exception tell how it ended, and whether it did
# api: eventlet.event.Event, eventlet.event.Event.has_result, eventlet.event.Event.has_exception
# tier: review
from eventlet.event import Event


class Upload:
    def __init__(self, name):
        self.name = name
        self.outcome = Event()

    def state(self):
        if self.outcome.has_exception():
            return f"{self.name} failed"
        if self.outcome.has_result():
            return f"{self.name}: {self.outcome.wait()} bytes"
        return f"{self.name} is under way"


uploads = [Upload("a"), Upload("b"), Upload("c")]
uploads[0].outcome.send(120)
uploads[1].outcome.send_exception(OSError("quota"))
for upload in uploads:
    print(upload.state(), upload.outcome.has_result(), upload.outcome.has_exception())

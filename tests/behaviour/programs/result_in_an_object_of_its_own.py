# proves: a class that is given a green thread waits for it
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def encode(clip):
    return clip[::-1]


class Upload:
    def __init__(self, clip, encoding):
        self.clip = clip
        self.encoding = encoding

    def finish(self):
        return f"{self.clip}: {self.encoding.wait()}"


uploads = [Upload(clip, eventlet.spawn(encode, clip)) for clip in ("cat", "dog")]
for upload in uploads:
    print(upload.finish())
print(uploads[0].encoding.wait())

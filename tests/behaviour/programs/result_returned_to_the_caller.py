# proves: a function hands its green thread to the caller, who waits
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def convert(document, target):
    return f"{document}.{target}"


def convert_in_background(document, target="pdf"):
    print("converting", document)
    return eventlet.spawn(convert, document, target)


letter = convert_in_background("letter")
print(convert_in_background("invoice", "html").wait())
print(letter.wait())

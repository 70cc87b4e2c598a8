# proves: qsize, empty and full of a queue nobody else uses
# api: eventlet.queue.Queue
# tier: review
from eventlet import queue


class Shelf:
    def __init__(self, size):
        self.books = queue.Queue(size)

    def status(self):
        books = self.books
        return f"{books.qsize()} books, empty {books.empty()}, full {books.full()}"


shelf = Shelf(2)
print(shelf.status())
for book in ("Emma", "Ulysses"):
    shelf.books.put(book)
    print(shelf.status())
print(shelf.books.get(), shelf.books.qsize(), shelf.books.maxsize)

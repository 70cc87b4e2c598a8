class Adder:
    def __init__(self, *numbers):
        self.numbers = numbers
        self.total = None

    def run(self):
        self.total = sum(self.numbers)

    def result(self):
        return self.total


class Greeter:
    def __init__(self, name):
        self.name = name

    def run(self):
        self.name = self.name.title()

    def result(self):
        return f"hello {self.name}"

from typing import List

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import case
from wit_world.exports.greet import Person


class Greet(exports.Greet):
    def hello(self, name: str) -> str:
        return f"Hello, {name}!"

    def older(self, person: Person, years: int) -> Person:
        return Person(person.name, person.age + years, person.tags + ["older"])

    def loud(self, name: str) -> str:
        return case.say([case.Word("Hello,", False), case.Word(name + "!", True)])

    def sum(self, numbers: List[int]) -> int:
        if not numbers:
            raise Err("nothing to add")
        return sum(numbers)

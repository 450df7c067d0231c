"""The questions of a bank as they are asked: each with its variants, options in their order."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from casebook import evidence
from casebook.quiz.bank import Choice, Question, QuizError, digest, folder, read, shuffled, twice
from casebook.quiz.variants import expand

Pool = tuple[Question, ...]  # a question with all its variants


def load(name: str, draw: int = 0) -> list[Question]:
    """Return the questions of bank `name`, in order; raises QuizError naming file and question.

    Of a question with variants the one with the number `draw` is taken, after the last the first.
    """
    return [pool[draw % len(pool)] for pool in pools(name)]


def pools(name: str) -> list[Pool]:
    """The questions of bank `name`, each with all its variants."""
    places = (folder(), evidence.folder())
    files = [path.stat() for place in places if place.is_dir() for path in place.iterdir()]
    state = (*places, len(files), sum(file.st_mtime_ns + file.st_size for file in files))
    return list(_pools(name, state))


@lru_cache(maxsize=32)
def _pools(name: str, state: tuple[Any, ...]) -> list[Pool]:
    """The same, made once as long as no bank and no table changes (`state`)."""
    found = [expand(entry, where) for entry, where in read(name)]
    for problem in twice("id", (pool[0].id for pool in found)):
        raise QuizError(f"chapters/quizzes/{name}.yml, {problem}")
    return arranged(name, found)


def repeated(name: str) -> list[tuple[Pool, Question]]:
    """Two questions of earlier chapters, the last and one half-way back, in other variants."""
    banks = sorted(path.stem for path in folder().glob("ch??.yml"))
    at = banks.index(name) if name in banks else 0
    found: dict[str, tuple[Pool, Question]] = {}
    for earlier in (banks[at - 1], banks[at // 2]) if at else ():
        several = [pool for pool in pools(earlier) if len(pool) > 1 and pool[0].id not in found]
        for pool in several[at % len(several) :][:1] if several else ():
            found[pool[0].id] = pool, pool[at % (len(pool) - 1) + 1]
    return list(found.values())


def arranged(name: str, found: list[Pool]) -> list[Pool]:
    """Options in the order in which they are shown: mixed, the right ones spread over the places.

    In four questions with one right option each, it stands in each of four places once; a judgement
    keeps its order, which is mostly one of time or degree, and so do a sentence and a page.
    """
    placed, out = 0, []
    for pool in found:
        mixed = pool[0].type in ("single", "multiple")
        out.append(tuple(_mixed(name, q, placed + n) if mixed else q for n, q in enumerate(pool)))
        placed += pool[0].type == "single"
    return out


def _mixed(name: str, question: Question, number: int) -> Question:
    assert isinstance(question, Choice)
    by_text = {option.text: option for option in question.options}
    options = [by_text[text] for text in shuffled(question.id, sorted(by_text))]
    if question.type == "single":
        block, place = divmod(number, 4)
        places = sorted(range(4), key=lambda each: digest(f"{name}{block}{each}"))
        options.sort(key=lambda option: option.correct)
        options.insert(places[place] % len(options), options.pop())
    return replace(question, options=tuple(options))

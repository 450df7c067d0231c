"""Quizzes for self-study: one bank of questions for each chapter, published as an accessible form.

`show("ch01")` reads `chapters/quizzes/ch01.yml`. The form needs no kernel and no library:
without JavaScript questions, answers and reasons can still be read; with it each answer is judged
on the spot and remembered in the reader's browser. `bank` reads questions, `variants` makes those
that have a query, `draws` gives all in the order in which they are asked, `form` writes them.
"""

from casebook.quiz.bank import Question, QuizError, folder
from casebook.quiz.draws import load, pools
from casebook.quiz.form import QUIZ, STATIC, as_html, as_script, show

__all__ = [
    "QUIZ",
    "STATIC",
    "Question",
    "QuizError",
    "as_html",
    "as_script",
    "folder",
    "load",
    "pools",
    "show",
]

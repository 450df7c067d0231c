"""For whoever teaches the book: what a chapter holds, plans of a course, and its dates.

`chapters` reads each notebook as a teacher needs it: minutes, objectives, sections, exhibits,
questions to discuss. `plans` makes sessions of them, `course` gives the sessions their days. The
pages for instructors (`book/desk.py`) and the slides (`export/slides.py`) are made from these, so
nothing that a chapter says is written twice.
"""

"""The promise: change one number in `data/`, and all that no longer agrees is named.

`rooms.problems(root)` asks every check of the book; `casebook check` prints what it finds. The
checks read two banks only, the raw tables (`facts`) and what was written and published (`book`),
and hold one against the other through the queries of `tests/expected/` (`expected`). They import
nothing else of `casebook`: what drew a chart has no say in whether it is right. This module imports
nothing at all, so that a chapter, whose quiz asks `facts`, does not depend on every check.

| room | asks |
| --- | --- |
| `schema` | do the tables keep their own rules |
| `outside` | has each address cited its row of outside pages, and the date that it carries |
| `prose`, `words`, `units` | does each number and claim of a sentence agree with its row or query |
| `worded` | do the data that hide in words: months, weekdays, fractions |
| `retold` | does it say something of the paragraph that it links |
| `house` | do the book's own things: its chapters, texts, objectives and counts |
| `cards` | do the source cards, readings and quoted words |
| `figures` | does each chart, table and explorer: record, picture, words |
| `quizzes` | does each key |
| `claims` | which claims and keys are tied to nothing |
| `giveaway` | which questions give themselves away |
| `who` | what relies on a cell |
| `cause` | which changed cell explains a problem |
"""

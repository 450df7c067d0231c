"""What `casebook new` adds: a figure, question, event or chapter, right but for what stands as “…”.

That a person decides. Each function takes the book's folder and words of the command line, adds to
its files, and returns a line for each file.
"""

import csv
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import yaml

from casebook.checks.facts import UNSAID, Facts


class SkeletonError(ValueError):
    """What was asked for cannot be added; one line says why."""


def figure(root: Path, chapter: str, id: str, table: str, column: str) -> list[str]:
    """A chart of one column of a table (a line over years, else bars), and its query.

    Where a year has several rows, the line is Japan's, or that of the first value.
    """
    path, facts = _chapter(root, chapter), Facts(root)
    fields, (key,) = _fields(facts, table), facts.keys[table]
    if column not in fields or f'"{id}"' in path.read_text("utf8"):
        known = ", ".join(fields)
        raise SkeletonError(f"{id} is new and {column!r} one of {known} (expected both)")
    rows = [row for row in facts.rows(table) if row[column] is not None]
    years = next((name for name, field in fields.items() if field["type"] == "year"), "")
    texts = [name for name, field in fields.items() if field["type"] == "string" and name != key]
    chosen = _one_a_year(rows, years, texts) if years else None
    key, kind = (key, "bars") if chosen is None else (years, "lines")
    load, query = _selection(table, column, key, chosen or {})
    unit = fields[column].get("unit", "")
    code = f"""{load}

fig, ax = charts.{kind}({column}, "…", "{unit}")
figure.show(
    fig,
    "{id}",
    {column},
    title="…",
    caption="…",
    sources={json.dumps(sorted({row["source_id"] for row in rows}))},
)"""
    _add_cell(path, _cell("code", id, code))
    told = f"{path.relative_to(root)}: cell {id}"
    return [told, _expect(root, path.stem, "figures", f"  {id}: {query}")]


def question(root: Path, chapter: str, id: str, type: str = "single") -> list[str]:
    """A question of one type at the end of the chapter's bank, and the queries of its key."""
    path = _chapter(root, chapter)
    bank = root / "chapters" / "quizzes" / f"{path.stem[:4]}.yml"
    if type not in PARTS:
        raise SkeletonError(f"type {type!r}, expected one of {', '.join(PARTS)}")
    if f"id: {id}\n" in bank.read_text("utf8"):
        raise SkeletonError(f"{bank.name} has a question {id} already")
    part, key = PARTS[type]
    text = bank.read_text("utf8").rstrip("\n") + QUESTION.format(id=id, type=type) + part
    bank.write_text(text, "utf8", newline="\n")
    added = [f"{bank.relative_to(root)}: {id}"]
    return added + ([_expect(root, path.stem, "quiz", f"  {id}: {key}")] if key else [])


def event(root: Path, id: str, day: str, source: str, paragraph: str = "") -> list[str]:
    """An event with its date of record, and one source that tells it."""
    cells = {
        "event_id": id,
        "event_source_id": f"{id}--{source}",
        "record_date": day,
        "record_source": source,
        "date_as_given": day,
        "source_id": source,
        "paragraph": paragraph,
    }
    added, facts = [], Facts(root, tables=())
    for table in ("events", "event_sources") if paragraph else ("events",):
        path = root / "data" / f"{table}.csv"
        if re.search(rf"^{re.escape(id)},", path.read_text("utf8"), re.M):
            raise SkeletonError(f"data/{table}.csv has {id} already")
        with open(path, "a", encoding="utf8", newline="") as file:
            row = [cells.get(name, _blank(field)) for name, field in _fields(facts, table).items()]
            csv.writer(file, lineterminator="\n").writerow(row)
        added.append(f"data/{table}.csv: {id}")
    return added


def chapter(root: Path, name: str, title: str) -> list[str]:
    """A notebook, its bank of five questions, its expectations, its line in the contents."""
    path = root / "chapters" / f"{name}.ipynb"
    if not re.fullmatch(r"ch\d\d_\w+", name) or path.exists():
        raise SkeletonError(f"{name}: expected a new name such as ch13_after_vilnius")
    bank = name[:4]
    home = yaml.safe_load((root / "_config.yml").read_text("utf8"))["repository"]["url"]
    words = {"title": title, "bank": bank, "home": home}
    cells = [_cell(kind, id, text.format(**words)) for kind, id, text in CHAPTER]
    _write(path, nbformat.v4.new_notebook(cells=cells))
    toc = root / "_toc.yml"
    lines = toc.read_text("utf8").split("\n")
    last = max(n for n, line in enumerate(lines) if re.match(r" +- file: chapters/ch\d\d_", line))
    lines.insert(last + 1, re.sub(r"chapters/.*", f"chapters/{name}", lines[last]))
    toc.write_text("\n".join(lines), "utf8")
    (root / "chapters" / "quizzes" / f"{bank}.yml").write_text(f"# {title}\n", "utf8")
    added = [f"chapters/{name}.ipynb", "_toc.yml", f"chapters/quizzes/{bank}.yml"]
    for number in range(1, 6):
        question(root, name, f"{bank}-{number}")
    return [*added, f"tests/expected/{name}.yml"]


# What a person writes stands as “…”, with a space where texts have to differ.
QUESTION = """

- id: {id}
  objective: 1
  type: {type}
  prompt: "…"
  sources: []
"""
OPTIONS = """\
  options:
  - {text: "…", correct: true, feedback: "…"}
  - {text: "… ", feedback: "…"}
"""
NUMBER = """\
  answer: 0
  unit: "…"
  feedback: "…"
  mistakes:
  - {answer: 1, feedback: "…"}
"""
ITEMS = """\
  items:
  - {text: "…", feedback: "…"}
  - {text: "… ", feedback: "…"}
  - {text: " …", feedback: "…"}
  feedback: "…"
"""
PAIRS = """\
  pairs:
  - {left: "…", right: "…", feedback: "…"}
  - {left: "… ", right: "… ", feedback: "…"}
  feedback: "…"
"""
# Type -> the part of the bank that holds its answers, and its key in the expectations.
PARTS = {
    "single": (OPTIONS, '{"…": "…"}'),
    "multiple": (OPTIONS, '{"…": "…"}'),
    "judgement": (OPTIONS.replace("correct: true, ", ""), ""),
    "numeric": (NUMBER, '"…"'),
    "order": (ITEMS, '["…", "…", "…"]'),
    "match": (PAIRS, '{"…": "…"}'),
}
BEGIN = """import importlib.util  # To begin: Run ▸ Run All Cells

if not importlib.util.find_spec("casebook"):  # a chapter opened alone, as in Colab
    %pip install -q "casebook @ git+{home}\""""
CHAPTER = [
    ("markdown", "title", "# {title}\n\n…\n\n> **…**"),
    ("markdown", "objectives", "## Objectives\n\nAfter this chapter you can\n\n1. …"),
    ("code", "begin", BEGIN),
    ("code", "setup", "from casebook import charts, evidence, figure, quiz"),
    ("markdown", "summary", "## Summary\n\n- …"),
    ("markdown", "quiz-intro", "## Quiz"),
    ("code", "quiz", 'quiz.show("{bank}")'),
    ("markdown", "discussion", "## Discussion\n\n1. …"),
    ("markdown", "reading", "## Further reading\n\n- …"),
]


def _chapter(root: Path, chapter: str) -> Path:
    found = sorted((root / "chapters").glob(f"{chapter}*.ipynb"))
    if len(found) != 1:
        raise SkeletonError(f"{len(found)} chapters begin with {chapter!r} (expected one)")
    return found[0]


def _fields(facts: Facts, table: str) -> dict[str, dict[str, Any]]:
    """The columns of a table as the package describes them, by name."""
    if table not in facts.fields:
        raise SkeletonError(f"data/datapackage.json has no table {table!r}")
    return {field["name"]: field for field in facts.fields[table]}


def _one_a_year(rows: list[dict], years: str, texts: list[str]) -> dict[str, str] | None:
    """What leaves one row a year: columns with the value to choose, or None if nothing does."""
    chosen: dict[str, str] = {}
    for name in texts:
        values = [row[name] for row in rows]
        if len({row[years] for row in rows}) == len(rows):
            break
        if len(set(values)) > 1:
            chosen[name] = "Japan" if "Japan" in values else values[0]
            rows = [row for row in rows if row[name] == chosen[name]]
    return chosen if len({row[years] for row in rows}) == len(rows) else None


def _selection(table: str, column: str, key: str, chosen: dict[str, str]) -> tuple[str, str]:
    """A column by its key, of the rows chosen: in pandas for the cell, in SQL for its query."""
    select, rows, where = f'evidence.load("{table}")', "", [f"{column} is not null"]
    if chosen:
        query = " and ".join(f"{name} == {value!r}" for name, value in chosen.items())
        rows = f"rows = {select}.query({json.dumps(query, ensure_ascii=False)})\n"
        select = "rows"
        quoted = {name: value.replace("'", "''") for name, value in chosen.items()}
        where += [f"{name} = '{value}'" for name, value in quoted.items()]
    load = f'{rows}{column} = {select}.set_index("{key}")["{column}"].dropna()'
    return load, f"select {key}, {column} from {table} where {' and '.join(where)}"


def _blank(field: dict) -> str:
    """What a cell says before a person writes it: nothing, or the first of the values allowed."""
    rules = field.get("constraints", {})
    return rules.get("enum", [UNSAID])[0] if rules.get("required") else ""


def _cell(kind: str, id: str, text: str) -> nbformat.NotebookNode:
    if kind == "markdown":
        return nbformat.v4.new_markdown_cell(text, id=id)
    tags = ["remove-cell" if id in ("begin", "setup") else "hide-input"]
    return nbformat.v4.new_code_cell(text, id=id, metadata={"tags": tags})


def _add_cell(path: Path, cell: nbformat.NotebookNode) -> None:
    """Add a cell before the summary, or at the end."""
    notebook = nbformat.read(path, as_version=4)
    ids = [other.id for other in notebook.cells]
    notebook.cells.insert(ids.index("summary") if "summary" in ids else len(ids), cell)
    _write(path, notebook)


def _write(path: Path, notebook: nbformat.NotebookNode) -> None:
    path.write_text(nbformat.writes(notebook) + "\n", "utf8", newline="\n")


def _expect(root: Path, chapter: str, part: str, line: str) -> str:
    """Add a line to a part of the chapter's expectations, at the part's end."""
    path = root / "tests" / "expected" / f"{chapter}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text("utf8").rstrip("\n").split("\n") if path.is_file() else []
    if f"{part}:" not in lines:
        lines += [f"{part}:"]
    first = lines.index(f"{part}:") + 1
    ends = (n for n in range(first, len(lines)) if re.match(r"\S", lines[n]))
    lines.insert(next(ends, len(lines)), line)
    path.write_text("\n".join(lines) + "\n", "utf8", newline="\n")
    return f"tests/expected/{chapter}.yml: {part}, {line.strip().partition(':')[0]}"

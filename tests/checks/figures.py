"""Every committed chart and table against the raw files, by no code that drew it.

For each output of each chapter: (1) its record against `data/`, through `tests/figures/`; (2) the geometry of its SVG,
calibrated only by its own tick labels, against the record; (3) alternative text and titles of marks, (4) caption and words
in the chart, (5) its plain text; (6) every state of an explorer is such a chart, and no state is missing.
Each problem is one sentence: chapter, figure, row, what is shown, what the data say.
"""

import ast
import calendar
import re
from datetime import date
from functools import lru_cache
from html import unescape
from itertools import product
from pathlib import Path

import yaml

from tests.checks import prose
from tests.checks.drawing import CLOSE, Drawing, fold, label_number, scale_of
from tests.checks.expr import ExpressionError, evaluate, typed
from tests.checks.raw import notebooks, raw

FIGURE = "application/vnd.casebook.figure+json"
TABLE = "application/vnd.casebook.table+json"
EXPLORER = "application/vnd.casebook.explorer+json"
DATE = r"\d{4}(-\d{2}){0,2}(/\d{4}(-\d{2}){0,2})?"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads ten times faster
ERRORS = (
    ExpressionError,
    FileNotFoundError,
    KeyError,
    SyntaxError,
    TypeError,
    ValueError,
    ZeroDivisionError,
)


@lru_cache(maxsize=None)
def declared(root: Path) -> dict[str, dict]:
    """`tests/figures/<chapter>.yml`: figure or table id -> where its data come from, and its chapter."""
    files = sorted((Path(root) / "tests" / "figures").glob("*.yml"))
    return {
        id: entry | {"chapter": path.stem}
        for path in files
        for id, entry in yaml.load(path.read_text("utf8"), LOADER).items()
    }


def outputs(root: Path) -> list[tuple[str, str, dict]]:
    """(chapter, id, MIME bundle) of every chart and table in the committed notebooks, each state of an explorer among them."""
    return [
        (chapter, data[kind]["id"], data)
        for chapter, notebook in notebooks(root).items()
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        for data in bundles(output.get("data", {}))
        for kind in (FIGURE, TABLE)
        if kind in data
    ]


def bundles(data: dict) -> list[dict]:
    """The MIME bundle itself, or the bundles of an explorer's states, which keep the explorer's record under its own type."""
    return (
        [state["data"] | {EXPLORER: data[EXPLORER]} for state in data[EXPLORER]["states"]]
        if EXPLORER in data
        else [data]
    )


def name_of(id: str, data: dict) -> str:
    """The name under which `tests/figures/` has a figure: its id, or its explorer's."""
    return data[EXPLORER]["id"] if EXPLORER in data else id


def check_figures(root: Path) -> list[str]:
    """All problems of all charts, tables and explorers under `root`, one sentence each."""
    entries, found = declared(root), outputs(root)
    ids, names = [id for _, id, _ in found], {name_of(id, data) for _, id, data in found}
    problems = [
        f"tests/figures/{entry['chapter']}.yml, {id}: the chapter does not show it"
        for id, entry in entries.items()
        if id not in names
    ]
    problems += [
        f"{chapter}, figure {id}: {ids.count(id)} figures have this id"
        for chapter, id, _ in found
        if ids.count(id) > 1
    ]
    problems += check_explorers(root)
    return problems + [
        problem
        for chapter, id, data in found
        for problem in check_output(root, chapter, data, entry_of(entries, id, data))
    ]


def entry_of(entries: dict, id: str, data: dict) -> dict | None:
    """What `tests/figures/` says of one chart or table; for a state of an explorer the entry that its choice calls for."""
    entry = entries.get(name_of(id, data))
    if entry is None or "states" not in entry:
        return entry
    record = data[EXPLORER]
    choice = next(
        state["choice"] for state in record["states"] if state["data"][FIGURE]["id"] == id
    )
    chosen = {
        control["name"]: control["options"][number]
        for control, number in zip(record["controls"], choice)
    }
    return next(
        (
            _state(rule, chosen) | {"chapter": entry["chapter"]}
            for rule in entry["states"]
            if chosen in _choices(rule)
        ),
        None,
    )


def _choices(rule):
    """Every choice that a rule for states speaks of."""
    return [dict(zip(rule["for"], chosen)) for chosen in product(*rule["for"].values())]


def _state(rule, chosen):
    """A rule filled in for one choice: `{control}` becomes what the rule has for the option, `{option control}` the option itself,
    `{name}` of `each` every value in turn."""

    def fill(part, words):
        if isinstance(part, dict):
            return {fill(key, words): fill(value, words) for key, value in part.items()}
        if isinstance(part, list):
            return [fill(value, words) for value in part]
        for name, word in words.items():
            part = part.replace(f"{{{name}}}", str(word)) if isinstance(part, str) else part
        return part

    words = {name: options[chosen[name]] for name, options in rule["for"].items()} | {
        f"option {name}": option for name, option in chosen.items()
    }
    entry = fill(
        {key: value for key, value in rule.items() if key not in ("for", "each", "rows")}, words
    )
    if "rows" in rule:
        each = [
            dict(zip(rule.get("each", {}), values))
            for values in product(*rule.get("each", {}).values())
        ]
        entry["rows"] = {
            key: value
            for one in each
            for key, value in fill(fill(rule["rows"], words), one).items()
        }
    return entry


def check_output(root: Path, chapter: str, data: dict, entry: dict | None) -> list[str]:
    """The problems of one chart or table, given its MIME bundle and its entry in `tests/figures/`."""
    kind = "chart" if FIGURE in data else "table"
    name = f"{chapter}, {'figure' if kind == 'chart' else 'table'} {data[FIGURE if kind == 'chart' else TABLE]['id']}"
    if entry is None:
        return [f"{name}: tests/figures/{chapter}.yml does not say where its data come from"]
    if entry["chapter"] != chapter:
        return [f"{name}: tests/figures/{entry['chapter']}.yml places it in another chapter"]
    try:
        shown = Shown(root, data, entry)
    except ERRORS as error:
        return [
            f"{name}, cannot be checked: {error} ({type(error).__name__}; see tests/figures/{chapter}.yml)"
        ]
    problems = [f"{kind}, {problem}" for check in (_rows, _sources) for problem in check(shown)]
    if kind == "chart":
        problems += [
            f"chart, {problem}"
            for check in (_geometry, _colours, _titles)
            for problem in check(shown)
        ]
        problems += [f"alternative text: {problem}" for problem in _alternative(shown)]
    problems += _words(shown)
    problems += [f"{kind} as text, {problem}" for problem in _plain(shown)]
    return [f"{name}, {problem}" for problem in problems]


def check_explorers(root: Path) -> list[str]:
    """An explorer shows each combination that its entry names and no other, and its text and first picture are those of its states."""
    problems, entries = [], declared(root)
    for chapter, notebook in notebooks(root).items():
        for data in (
            output["data"]
            for cell in notebook["cells"]
            for output in cell.get("outputs", [])
            if EXPLORER in output.get("data", {})
        ):
            record, name = data[EXPLORER], f"{chapter}, explorer {data[EXPLORER]['id']}"
            names = [control["name"] for control in record["controls"]]
            shown = [
                dict(
                    zip(
                        names,
                        (c["options"][o] for c, o in zip(record["controls"], state["choice"])),
                    )
                )
                for state in record["states"]
            ]
            wanted = [
                choice
                for rule in entries.get(record["id"], {}).get("states", [])
                for choice in _choices(rule)
            ]
            problems += [
                f"{name}: no chart for {', '.join(choice.values())}"
                for choice in wanted
                if choice not in shown
            ]
            problems += [
                f"{name}: {', '.join(choice.values())} is shown {shown.count(choice)} times"
                for choice in shown
                if shown.count(choice) > 1
            ]
            if record["mode"] == "filter":
                problems += [f"{name}: {problem}" for problem in _filters(root, record)]
            known = _long(
                " ".join(option for control in record["controls"] for option in control["options"])
            )
            said = [
                token[0]
                for words in (record["caption"], record["gaps"])
                for token in prose.TOKEN.finditer(_long(words))
                if token.lastgroup not in ("name", "ordinal")
            ]
            problems += [
                f"{name}: its words say {number}, which is no option"
                for number in said
                if not _spans(number, known)
            ]
            text = "".join(data["text/plain"]).split()
            for state in record["states"]:
                part = "".join(state["data"]["text/plain"]).split()
                if " ".join(part) not in " ".join(text):
                    problems.append(
                        f"{name}: its text lacks the rows of {state['data'][FIGURE]['id']}"
                    )
            if "".join(data["image/svg+xml"]) not in [
                "".join(state["data"]["image/svg+xml"])
                for state in record["states"]
                if state["choice"] == record["start"]
            ]:
                problems.append(
                    f"{name}: the picture for front ends without explorers is not that of its start"
                )
    return problems


def _filters(root, record):
    """Every option of a filter keeps some row, and the options are what the rows hold."""
    shape = record["states"][0]["data"][FIGURE]
    shorts = {row["source_id"]: row["short"] for row in raw(root, "sources")}
    for control in record["controls"]:
        cells = [row[shape["columns"].index(control["name"])] or "" for row in shape["rows"]]
        linked = control["name"] in shape["links"]
        held = {
            shorts.get(part.split("#")[0]) if linked else part
            for cell in cells
            for part in cell.split("; ")
        }
        yield from (
            f"no row has {option!r} as {control['name']}"
            for option in control["options"][1:]
            if option not in held
        )


class Shown:
    """One chart or table: its record, the rows that the raw files give instead, its picture."""

    def __init__(self, root, data, entry):
        self.root, self.data, self.entry = root, data, entry
        self.record = data.get(FIGURE) or data[TABLE]
        self.columns = self.record["columns"]
        drawn = [
            c for c in self.columns if c not in self.record.get("extra", ())
        ]  # an explorer lists columns that are not drawn
        self.rows = {fold(str(row[0])): dict(zip(self.columns, row)) for row in self.record["rows"]}
        self.svg = Drawing("".join(data["image/svg+xml"])) if FIGURE in data else None
        # which columns are drawn, which one names the series (None: each column is one), which one places a mark
        series = {mark["series"] for mark in self.record.get("marks", [])}
        if series <= set(drawn[1:]):
            rest = [c for c in drawn[1:] if c not in series]
            self.values, self.by = [c for c in drawn[1:] if c in series or not series], None
        else:
            rest, self.values, self.by = drawn[1:-2], drawn[-1:], drawn[-2]
        self.along = rest[0] if rest else self.columns[0]
        self.where = f"tests/figures/{entry['chapter']}.yml"
        self.table = f"data/{entry['table']}.csv" if "table" in entry else self.where
        self.sources = {}  # row key -> [(source_id, paragraph)] of its raw rows, where they have them
        self.wanted = {}  # row key -> figure column -> (value, who says so)
        self._from_rows() if "rows" in entry else self._from_table()

    def _from_rows(self):
        for key, row in self.entry["rows"].items():
            self.wanted[fold(str(key))] = {
                c: (_evaluate(self.root, e), f"{e} =") for c, e in row.items()
            }
            cells = [
                match.groups()
                for e in row.values()
                for match in re.finditer(r'cell\("(\w+)", *"\w+", *([^()]*)\)', e)
            ]
            pairs = [
                [
                    _attempt(self.root, f'cell("{table}", "{c}", {which})')
                    for c in ("record_source" if table == "events" else "source_id", "paragraph")
                ]
                for table, which in cells
            ]
            self.sources[fold(str(key))] = [tuple(pair) for pair in pairs if pair[0]]

    def _from_table(self):
        for row in raw(self.root, self.entry["table"]):
            if not _belongs(row, self.entry):
                continue
            key, place = (
                fold(str(_cell(self.root, row, self.entry["key"]))),
                f"{self.table} row {row['_row']}",
            )
            if key in self.wanted:
                raise ValueError(f"the key {key!r} stands twice (again in {place})")
            try:
                cells = {
                    column: (_cell(self.root, row, expression), f"{place} says")
                    for column, expression in self.entry["columns"].items()
                }
            except ExpressionError as error:
                raise ExpressionError(f"row {key} ({place}): {error}") from None
            # a raw row that has nothing to draw need not be shown, unless every row is listed
            if (
                key in self.rows
                or self.entry.get("every_row")
                or any(cells.get(c, (None,))[0] is not None for c in self.values)
            ):
                self.wanted[key], self.sources[key] = (
                    cells,
                    [(row["source_id"], row.get("paragraph"))] if row.get("source_id") else [],
                )

    def marks(self, said):
        """(row key, series) -> (value, place) of each mark that rows call for: those of the record or those of the raw files."""
        found = {}
        for key in (key for key in self.rows if key in said):
            row = {self.columns[0]: self.rows[key][self.columns[0]]} | said[key]
            for column in (c for c in self.values if row.get(c) is not None):
                found[key, str(row.get(self.by)) if self.by else column] = (
                    row[column],
                    row.get(self.along),
                )
        return found

    def raw_marks(self):
        return self.marks(
            {key: {c: value for c, (value, _) in row.items()} for key, row in self.wanted.items()}
        )


# -- 1. the record against the raw files --------------------------------------------------------


def _evaluate(root, expression):
    """One datum; None where the raw file says nothing. A bare number is refused: it would be tied to no file."""
    if not isinstance(expression, str) or not re.search(r"\w\(|^['\"]", expression):
        raise ValueError(f"{expression!r} is tied to no raw file")
    return _attempt(root, expression, "says nothing")


def _attempt(root, expression, allowed=""):
    """The value of a check expression; None if it fails in the way allowed."""
    try:
        return evaluate(expression, root)
    except ExpressionError as error:
        if allowed in str(error):
            return None
        raise


def _belongs(row, entry):
    def among(text, allowed):
        return text in [
            str(value) for value in (allowed if isinstance(allowed, list) else [allowed])
        ]

    def within(text, low, high):
        numeric = isinstance(low, (int, float))
        return text != "" and (
            low <= float(text) <= high if numeric else str(low) <= text <= str(high)
        )

    return all(among(_field(row, c), v) for c, v in entry.get("where", {}).items()) and all(
        within(_field(row, c), *v) for c, v in entry.get("between", {}).items()
    )


def _field(row, name):
    """The raw text of a column; `<column>_start` and `<column>_end` are the first and last day of a reduced-precision date."""
    column, _, end = name.rpartition("_")
    if name in row:
        return row[name]
    if column not in row or end not in ("start", "end"):
        raise ValueError(f"the raw table has no column {name!r}")
    if not row[column]:
        return ""
    year, month, day = (row[column].split("/")[0 if end == "start" else -1] + "--").split("-")[:3]
    month = month or ("01" if end == "start" else "12")
    return f"{year}-{month}-{day or ('01' if end == 'start' else calendar.monthrange(int(year), int(month))[1])}"


def _cell(root, row, expression):
    """A raw cell as text, or the value of an expression over raw cells; None where the raw file says nothing."""
    if expression.isidentifier():
        return _field(row, expression) or None
    tree = ast.parse(expression, mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    texts = {
        node.id: _field(row, node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called
    }

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node):
            return node if id(node) in called else ast.Constant(typed(texts[node.id]))

    return None if "" in texts.values() else evaluate(ast.unparse(Fill().visit(tree)), root)


def _rows(shown):
    stated = set(shown.entry.get("columns", ())) | {
        c for row in shown.entry.get("rows", {}).values() for c in row
    }
    if len(shown.rows) != len(shown.record["rows"]):
        yield "two rows have the same key"
    yield from (
        f"column {c!r} is not declared in {shown.where}"
        for c in shown.columns[1:]
        if c not in stated
    )
    yield from (
        f"column {c!r} is declared in {shown.where} but not shown"
        for c in sorted(stated - set(shown.columns))
    )
    yield from (
        f"row {key} is shown, but {shown.table} has no such row"
        for key in shown.rows
        if key not in shown.wanted
    )
    for key, row in shown.wanted.items():
        if key not in shown.rows:
            yield f"row {key} is missing, but {next(iter(row.values()))[1].removesuffix(' says') if 'table' in shown.entry else shown.table} has it"
            continue
        for column in (c for c in shown.columns[1:] if c in stated):
            said, who = row.get(column, (None, f"{shown.table} says"))
            if not _same(shown.rows[key][column], said):
                yield f"row {key}, {column}: shows {_show(shown.rows[key][column])}, {who} {_show(said)}"


def _same(shown, said):
    if shown is None or said is None or isinstance(shown, str):
        return shown == said or (None not in (shown, said) and shown.split() == str(said).split())
    number = said if isinstance(said, (int, float)) else label_number(said)
    return number is not None and (
        abs(shown - number) <= 1e-9 * max(1, abs(shown)) or round(number, 10) == shown
    )


def _show(value):
    return "nothing" if value is None else str(value)


def _sources(shown):
    """Each raw row that is shown has its source among those that the figure names."""
    known, named = {row["source_id"] for row in raw(shown.root, "sources")}, shown.record["sources"]
    yield from (
        f"source {name}: data/sources.csv has no such source"
        for name in named
        if name.partition("#")[0] not in known
    )
    for key, source, paragraph in (
        (key, *pair) for key, pairs in shown.sources.items() for pair in pairs
    ):
        if key in shown.rows and not {source, f"{source}#p{paragraph}"} & set(named):
            yield f"row {key}: its source {source}{f' ¶{paragraph}' if paragraph else ''} is not among those that are named ({', '.join(named)})"


# -- 2. the picture against the record ----------------------------------------------------------


def _geometry(shown):
    """Every mark of the rows is recorded and drawn once, nothing else is, and each stands where its row says."""
    svg, recorded = (
        shown.svg,
        {(fold(str(mark["key"])), mark["series"]): mark for mark in shown.record["marks"]},
    )
    called_for = shown.marks(shown.rows)
    ids = [mark.get("id") for mark in svg.marks]
    yield from (
        f"{id} is drawn, but no row calls for it"
        for id in ids
        if id not in {m["id"] for m in recorded.values()}
    )
    yield from (
        f"row {key}, {series}: a mark is recorded that no row calls for"
        for key, series in recorded
        if (key, series) not in called_for
    )
    marks = []
    for (key, series), (value, place) in called_for.items():
        name, mark = (
            f"row {key}, {series}",
            recorded.get((key, series), {"id": None, "value": value}),
        )
        if mark["value"] != value:
            yield f"{name}: its mark is recorded as {mark['value']}, its row as {value}"
        if ids.count(mark["id"]) != 1:
            yield f"{name}: {ids.count(mark['id'])} marks are drawn (expected one)"
            continue
        drawn = svg.marks[ids.index(mark["id"])]
        if svg.cut_off(drawn):
            yield f"{name}: its mark is cut off by the edge of the picture"
        marks.append((name, drawn, value, place))
    # bars lie or stand, time runs along or up: the orientation that fits is the one that was drawn
    yield from min((list(_places(svg, marks, *axes)) for axes in ("yx", "xy")), key=len)
    yield from svg.stray_lines()


def _is_day(value):
    try:
        return (
            re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) is not None
            and date.fromisoformat(value) is not None
        )
    except ValueError:
        return False


def _ordinal(value):
    return date.fromisoformat(value).toordinal() if _is_day(value) else value


def _as_read(value, day):
    return date.fromordinal(round(value)).isoformat() if day else f"{value:.6g}"


def _places(svg, marks, along_value, along_place):
    """Read every mark back into its value and its place."""
    for axes in svg.axes:
        mine = [mark for mark in marks if svg.above(mark[1], r"axes_\d+") is axes]
        first = min(
            (date.fromisoformat(value) for _, _, value, _ in mine if _is_day(value)), default=None
        )
        scale = scale_of(svg.ticks(axes, along_value), first)
        for name, drawn, value, _ in mine:
            if scale is None or isinstance(_ordinal(value), str):
                yield f"{name}: cannot be read back, for the {along_value} axis lacks two labelled ticks on a straight scale"
                continue
            read, span = scale
            start, end = sorted((read(at) for at in svg.extent(drawn)[along_value]), key=abs)
            if svg.is_bar(drawn) and abs(start) > CLOSE * span:
                yield f"{name}: its bar starts at {start:.6g} (expected 0)"
            elif abs(end - _ordinal(value)) > CLOSE * span:
                yield f"{name}: its mark stands at {_as_read(end, first)}, its row says {value}"
        yield from _other_places(svg, svg.ticks(axes, along_place), mine, along_place)


def _other_places(svg, ticks, marks, letter):
    """The other coordinate: a category's own tick is the nearest one, a number or day stands where the scale has it."""
    first = min((date.fromisoformat(place) for *_, place in marks if _is_day(place)), default=None)
    scale = scale_of(ticks, first)
    for name, drawn, _, place in marks:
        middle = sum(svg.extent(drawn)[letter]) / 2
        near = min(ticks, key=lambda tick: abs(tick[0] - middle))[1] if ticks else None
        if isinstance(place, str) and fold(place) in [label for _, label in ticks]:
            if near != fold(place):
                yield f"{name}: its mark stands at {near!r}, its row says {place!r}"
        elif scale is None or isinstance(_ordinal(place), str):
            yield f"{name}: no tick of the {letter} axis is labelled {place!r}"
        elif abs(scale[0](middle) - _ordinal(place)) > (
            0.5 if svg.is_bar(drawn) else CLOSE * scale[1]
        ):  # grouped bars stand beside their place
            yield f"{name}: its mark stands at {_as_read(scale[0](middle), first)}, its row says {place}"


def _colours(shown):
    """A series has the colour that the legend gives it; several series in one axes are all named in the picture."""
    svg, series = shown.svg, {mark["id"]: mark["series"] for mark in shown.record["marks"]}
    legend = {label.lower(): colour for label, colour in svg.legend().items()}
    for axes in svg.axes:
        mine = [
            mark
            for mark in svg.marks
            if svg.above(mark, r"axes_\d+") is axes and mark.get("id") in series
        ]
        labels = [label for letter in "xy" for _, label in svg.ticks(axes, letter)]
        here = {series[mark.get("id")] for mark in mine}
        yield from (
            f"series {s}: nothing in the picture names it"
            for s in sorted(here)
            if len(here) > 1 and fold(s).lower() not in " | ".join(svg.words + labels).lower()
        )
        for mark in mine:
            colour = legend.get(fold(series[mark.get("id")]).lower(), svg.colour(mark))
            if svg.colour(mark) != colour:
                yield f"{mark.get('id')}: it is drawn in {svg.colour(mark)}, the legend gives {series[mark.get('id')]} the colour {colour}"


# -- 3. words computed from the data ------------------------------------------------------------


def _say(value):
    """A value as the page says it, but without the commas of thousands: 24 February 2022, 1168, text."""
    if _is_day(value):
        day = date.fromisoformat(value)
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"
    value = typed(value) if isinstance(value, str) else value
    return f"{value:.10g}" if isinstance(value, (int, float)) else _folded(str(value))


def _folded(text):
    """Text without line breaks and without the commas of thousands."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(text.split()))


def _titles(shown):
    """What a mark says when it is pointed at: place, series, value and, where its row has one, source."""
    shorts = {row["source_id"]: row["short"] for row in raw(shown.root, "sources")}
    titles, marks = (
        shown.svg.titles(),
        {(fold(str(m["key"])), m["series"]): m for m in shown.record["marks"]},
    )
    for (key, series), (value, place) in shown.raw_marks().items():
        mark = marks.get((key, series))
        if mark is None:
            continue  # reported with the rows
        if titles.get(mark["id"]) != mark["text"]:
            yield f"row {key}, {series}: its mark is titled {titles.get(mark['id'])!r}, the record says {mark['text']!r}"
        named = shown.record["sources"]
        whole = (
            [tuple(named[0].partition("#p")[::2])] if len(named) == 1 else []
        )  # a figure's only source is that of each mark
        cited = [
            f" ({shorts.get(source)}{f', ¶{paragraph}' if paragraph else ''})"
            for source, paragraph in shown.sources[key] + whole
        ]
        heads = {_folded(str(place)), _say(place)}
        right = [
            f"{head}{end}: {_say(value)}"
            for head in heads
            for end in (f", {series}", *([""] if str(place) == series else []))
        ]
        if _folded(mark["text"]) not in [text + end for text in right for end in ("", *cited)]:
            yield f"row {key}, {series}: its mark is titled {mark['text']!r}, the data say {right[0]!r}"


def _alternative(shown):
    """Chart type, titles, unit and the true extremes of each series are said, and no number that is not in the data."""
    record, svg, text = shown.record, shown.svg, _folded(shown.record["alt"])
    if svg.root.get("aria-label") != record["alt"]:
        yield f"the picture's own label is {svg.root.get('aria-label')!r}, the record's {record['alt']!r}"
    series = {}
    marks = [(name, value, place) for (_, name), (value, place) in shown.raw_marks().items()]
    dated = any(_is_day(value) for _, value, _ in marks)
    for name, value, place in marks:
        order = (
            (value if _is_day(value) else None)
            if dated
            else value
            if isinstance(value, (int, float))
            else label_number(value)
        )
        if order is not None:  # else the raw cell is no number or day: reported with the rows
            series.setdefault(name, []).append((order, value, place))
    if not series:
        return
    kind = "time line" if dated else svg.kind(record["marks"][0]["id"])
    if not text.lower().startswith(f"{kind}: ") or record["kind"] != kind:
        yield f"begins {text[:20]!r}, but the picture is a {kind}"
    untitled = fold(record["title"])
    for word in sorted(svg.axes_words, key=len, reverse=True):
        untitled = untitled.replace(word, "")
    if not record["title"] or untitled.strip("; ") or _folded(record["title"]) not in text:
        yield f"the title {record['title']!r} does not stand both there and in the picture"
    units = next(
        (
            labels
            for labels in map(svg.units, "yx")
            if fold(record["unit"].split("; ")[0]) in labels
        ),
        [],
    )
    if not units and (record["unit"] or not dated):
        yield f"the unit {record['unit']!r} is the label of no axis"
    yield from (
        f"does not say the unit {unit!r}"
        for unit in dict.fromkeys(units)
        if _folded(unit) not in text
    )
    first, last = ("first", "last") if dated else ("lowest", "highest")
    rest, true = text, True
    for name, rows in series.items():
        low, high = ([row for row in rows if row[0] == end] for end in (min(rows)[0], max(rows)[0]))
        low_said, high_said = (
            rf"{re.escape(_say(end[0][1]))} \(({'|'.join(re.escape(p) for *_, place in end for p in {_say(place), _folded(str(place))})})\)"
            for end in (low, high)
        )
        head = f"{re.escape(fold(name))}: " if len(series) > 1 else f"({re.escape(fold(name))}: )?"
        pattern = head + (
            low_said
            if len(rows) == 1
            else f"{len(rows)} marks, {first} {low_said}, {last} {high_said}"
        )
        if not re.search(pattern, text):
            true = False
            yield f"does not say that {name} has {len(rows)} marks, {first} {_say(low[0][1])} ({_say(low[0][2])}), {last} {_say(high[0][1])} ({_say(high[0][2])}); it says {text!r}"
        rest = re.sub(pattern, "", rest)
    for known in (
        record["caption"],
        record["title"],
        *units,
    ):  # their own numbers are checked as words
        rest = rest.replace(_folded(known), "")
    if true and re.search(r"\d", rest):
        yield f"says what its data do not: {rest.strip(' .')!r}"


# -- 4. words written by hand -------------------------------------------------------------------


def _words(shown):
    """Every number and date in caption and chart is a value, key or label of the raw rows, or a declared derivation."""
    cells = [
        *shown.wanted,
        *(
            str(value)
            for row in shown.wanted.values()
            for value, _ in row.values()
            if value is not None
        ),
    ]
    cells += re.findall(
        r"_(\d+)(?=_)", " ".join(shown.entry.get("columns", {}).values())
    )  # prices of 2023: `constant_2023_usd_m`
    dates, numbers = (
        {cell for cell in cells if re.fullmatch(DATE, cell)},
        {label_number(cell) for cell in cells},
    )
    for token in (
        token for cell in cells if cell not in dates for token in prose.TOKEN.finditer(_long(cell))
    ):
        numbers |= {prose.number(token[0])} if token.lastgroup in ("number", "year") else set()
        dates |= {prose.iso(token[0])} if token.lastgroup in ("day", "month") else set()
    checks = [_long(check).partition(" = ") for check in shown.entry.get("check", [])]
    texts = [("caption", _long(shown.record["caption"]))]
    texts += [("text in the chart", _long(text)) for text in (shown.svg.words if shown.svg else [])]
    yield from (
        f"check {said!r} of {shown.where} stands nowhere in caption or chart"
        for said, *_ in checks
        if not any(_spans(said, text) for _, text in texts)
    )
    for place, text in texts:
        covered = [span for said, *_ in checks for span in _spans(said, text)]
        wrong = (
            _declared_wrongly(shown.root, said, expression)
            for said, _, expression in checks
            if _spans(said, text)
        )
        yield from (f"{place} “{text}”: {problem}" for problem in wrong if problem)
        for token in prose.TOKEN.finditer(text):
            known = token.lastgroup not in ("day", "month", "year", "number") or any(
                a <= token.start() and token.end() <= b for a, b in covered
            )
            known = (
                known
                or token.lastgroup in ("number", "year")
                and any(n is not None and abs(prose.number(token[0]) - n) < 1e-9 for n in numbers)
            )
            known = (
                known
                or token.lastgroup in ("day", "month", "year")
                and any(
                    prose._same_date(prose.iso(token[0]), d) or prose.iso(token[0]) == d
                    for d in dates
                )
            )
            if not known:
                yield f"{place} “{text}”: {token[0]} is not in its data"
        for key, place_said in re.findall(r"([A-Z][\w ]*?) stands (\d+)(?:st|nd|rd|th)\b", text):
            order = sorted(
                (
                    row.get(shown.values[0], (None,))[0]
                    for row in shown.wanted.values()
                    if row.get(shown.values[0], (None,))[0] is not None
                ),
                reverse=True,
            )
            mine = shown.wanted.get(key, {}).get(shown.values[0], (None,))[0]
            if mine is None or order.index(mine) + 1 != int(place_said):
                yield f"{place} “{text}”: {key} stands {order.index(mine) + 1 if mine is not None else 'nowhere'} in its data, counted from the highest"


def _declared_wrongly(root, said, expression):
    try:
        return prose._compare(root, said, expression)
    except ValueError as error:  # a number where a date should be
        return f"{said} = {expression}: {error}"


def _spans(said, text):
    return [match.span() for match in re.finditer(rf"(?<![\w.,]){re.escape(said)}(?!\w)", text)]


def _long(text):
    """Text as prose writes it: months in full, plain hyphens."""
    text = re.sub(
        rf"(?<=\d )({'|'.join(calendar.month_abbr[1:])})\b\.?",
        lambda m: calendar.month_name[list(calendar.month_abbr).index(m[1])],
        text,
    )
    return re.sub("[–\u2212]", "-", text).replace("\u00a0", " ")


# -- 5. the same rows as plain text and HTML ----------------------------------------------------


def _plain(shown):
    """The text that a notebook test compares, and a table's HTML in a notebook, show the rows of the record in order."""
    rest = "".join(shown.data.get("text/plain", "")).split()
    head = [
        f"{shown.record['id']}:",
        *shown.record["caption"].split(),
        *" ".join(map(str, shown.columns)).split(),
    ]
    for name, cells in [
        ("caption and columns", head),
        *((f"row {row[0]}", " ".join(map(_dash, row)).split()) for row in shown.record["rows"]),
    ]:
        if rest[: len(cells)] != cells:
            yield f"{name}: shows {' '.join(rest[: len(cells)])!r}, the record says {' '.join(cells)!r}"
            break  # what follows is out of step
        rest = rest[len(cells) :]
    lines = re.findall(r"<tr.*?</tr>", "".join(shown.data.get("text/html", "")), re.S)[
        -len(shown.rows) :
    ]
    for row, line in zip(shown.record["rows"], lines):
        cells = [
            unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.S)
        ]
        if len(cells) != len(row) or not all(
            a.split() == _dash(b).split()
            or (not isinstance(b, str) and b is not None and _same(b, a))
            for a, b in zip(cells, row)
        ):
            yield f"row {row[0]}: the HTML of the notebook shows {cells}, the record {row}"


def _dash(cell):
    return "–" if cell is None else str(cell)

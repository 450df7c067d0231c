// Every mark says its value by its own label; what follows shows it beside the mark, and moves between marks by key.

// WebKit gives a mark that is not shown its rectangles all the same, but can be asked; Chromium's answer may be late.
function isShown(element) {
  return element.getClientRects().length > 0 && element.checkVisibility?.() !== false;
}

// A text as one searches it: without accents and capitals, its quotation marks and dashes as one types them.
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[–−]/g, "-").toLowerCase();
}

// A chart is one stop for the Tab key.
function stopAt(marks, mark) {
  marks.forEach((other) => { other.tabIndex = other === mark ? 0 : -1; });
}

// How far, in pixels, a point is from what is drawn of a mark.
function distance(mark, { clientX: x, clientY: y }) {
  const box = mark.getBoundingClientRect();
  return Math.hypot(
    Math.max(box.left - x, 0, x - box.right),
    Math.max(box.top - y, 0, y - box.bottom),
  );
}

// What a mark says stands in a box above it, or below where there is no room, between the chart's edges.
function place(box, mark) {
  box.textContent = mark ? mark.getAttribute("aria-label") : "";
  if (!mark) return;
  const chart = box.parentElement.getBoundingClientRect();
  const at = mark.getBoundingClientRect();
  const middle = (at.left + at.right - box.offsetWidth) / 2 - chart.left;
  const above = at.top - box.offsetHeight - 6;
  const covered = document.querySelector(".top").offsetHeight; // the head of the page lies over what scrolls
  const top = above < Math.max(chart.top, covered) ? at.bottom + 6 : above;
  box.style.left = `${Math.max(0, Math.min(middle, chart.width - box.offsetWidth))}px`;
  box.style.top = `${top - chart.top}px`;
}

// The arrow keys walk the marks of a drawing; a pointer or finger means the mark that is nearest.
document.querySelectorAll(".cb-chart > svg").forEach((drawing) => {
  const marks = [...drawing.querySelectorAll(".cb-mark")];
  stopAt(marks, marks[0]);
  const box = drawing.parentElement.querySelector(".cb-readout");
  const show = (mark) => place(box, mark);
  const focused = () => marks.find((mark) => mark === document.activeElement);
  const near = (event) => {
    const hit = event.target.closest(".cb-mark");
    const far = (mark) => distance(mark, event);
    return hit || marks.filter((mark) => isShown(mark) && far(mark) < 20).sort((a, b) => far(a) - far(b))[0];
  };
  const walk = (event) => {
    if (event.key === "Escape") show(null);
    const shown = marks.filter(isShown); // an explorer may hide some
    const at = shown.indexOf(event.currentTarget);
    const next = {
      ArrowRight: shown[at + 1],
      ArrowDown: shown[at + 1],
      ArrowLeft: shown[at - 1],
      ArrowUp: shown[at - 1],
      Home: shown[0],
      End: shown.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    stopAt(marks, next);
    next.focus();
  };
  drawing.addEventListener("pointermove", (event) => show(near(event) || focused()));
  drawing.addEventListener("pointerleave", () => show(focused()));
  drawing.addEventListener("click", (event) => near(event)?.focus({ preventScroll: true }));
  marks.forEach((mark) => {
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", () => show(null));
    mark.addEventListener("keydown", walk);
  });
});

// A chart as PNG, for a slide or an essay: its title, the drawing in light colours, what to cite; at twice the size.
function broken(pen, text, width) {
  return text.trim().split(/\s+/).reduce((lines, word) => {
    const longer = `${lines.at(-1)} ${word}`;
    return lines.length && pen.measureText(longer).width <= width ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}

// Something done while the page has its light colours.
function inLight(work) {
  const root = document.documentElement.dataset;
  const { theme } = root;
  root.theme = "light";
  const done = work(getComputedStyle(document.documentElement));
  root.theme = theme;
  return done;
}

// The drawing as a text of its own, which knows neither the variables nor the faces of the page, with what is shown of it.
function textOf(drawing, scale, ...heads) {
  const copy = drawing.cloneNode(true);
  const { width, height } = drawing.viewBox.baseVal;
  const style = `${copy.getAttribute("style") ?? ""}; color: var(--ink); font: 11.8px Arial, sans-serif`; // as wide as 12.5px of the page's face
  Object.entries({ style, width: scale * width, height: scale * height }).forEach((pair) => copy.setAttribute(...pair));
  const copies = [...copy.querySelectorAll(".cb-mark")];
  copy.prepend(...heads);
  drawing.querySelectorAll(".cb-mark").forEach((mark, n) => { if (getComputedStyle(mark).display === "none") copies[n].remove(); });
  return inLight((light) => new XMLSerializer().serializeToString(copy)
    .replace(/var\((--[\w-]+)\)/g, (_, name) => (name === "--paper" ? "#fff" : light.getPropertyValue(name))));
}

// A part of a drawing, as `[name, attributes, text]`.
function part([name, attributes, ...inside]) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach((pair) => element.setAttribute(...pair));
  element.append(...inside);
  return element;
}

// A list of bars as a drawing.
function drawnBars(table) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "700 11.8px Arial, sans-serif";
  const rows = [...table.tBodies[0].rows].map((row) => ({ name: row.cells[0].textContent, said: row.cells[1].textContent, bar: row.querySelector("i"), weight: row.classList.contains("cb-meant") ? 700 : 400 }));
  const from = Math.max(...rows.map((row) => pen.measureText(row.name).width)) + 12;
  const room = 568 - from;
  const height = 26 + 20 * rows.length;
  const drawing = part(["svg", { viewBox: `0 0 640 ${height}` }, part(["text", { x: 0, y: 12, fill: "var(--muted)" }, table.caption.textContent]), part(["path", { d: `M ${from} 20 V ${height}`, stroke: "var(--muted)" }])]);
  inLight(() => rows.forEach(({ name, said, bar, weight }, n) => {
    const y = 38 + 20 * n;
    const long = bar ? room * bar.style.getPropertyValue("--long") : 0;
    if (bar) drawing.append(part(["rect", { x: from, y: y - 13, width: long, height: 17, fill: getComputedStyle(bar).backgroundColor }]));
    drawing.append(part(["text", { x: from - 6, y, "text-anchor": "end", "font-weight": weight }, name]), part(["text", { x: from + long + 6, y, "font-weight": weight }, said]));
  }));
  return drawing;
}

// What an exhibit shows, to take away: of an explorer the state that is chosen.
function taken(figure) {
  const state = [...figure.querySelectorAll(".cb-state")].find(isShown) ?? figure;
  const said = (selector, where = figure) => where.querySelector(selector)?.textContent;
  const drawings = [...state.querySelectorAll(".cb-chart > svg")];
  const drawing = (figure.matches(".cb-explorer") && drawings.find(isShown)) || drawings[0] || drawnBars(state.querySelector("table"));
  const cite = said(".cb-cite p");
  const title = said(".cb-said", state) ?? cite.match(/^“(.*?)”/)[1];
  const groups = [...figure.querySelectorAll("fieldset")].filter(isShown);
  const chosen = groups.map((group) => `${said("legend", group)}: ${said("label:has(:checked)", group).trim()}`);
  const words = figure.querySelector("[type=search]")?.value;
  if (words) chosen.push(`Words: ${words}`);
  return { state, drawing, title, cite, chosen: chosen.join("; ") };
}

const save = (href, download) => Object.assign(document.createElement("a"), { href, download }).click();
const saveText = (text, kind, name) => save(`data:${kind};charset=utf-8,${encodeURIComponent(text)}`, name);

// A date in words as a program reads it: 5 March 2022 is 2022-03-05, March 2022 is 2022-03; other words as they are.
function dated(text) {
  const [, day, month, year] = text.match(/^(\d+ )?([A-Z][a-z]+) (\d{4})$/) ?? [];
  const number = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"].indexOf(month) + 1;
  return number ? [year, number, day?.trim()].filter(Boolean).map((part) => `${part}`.padStart(2, "0")).join("-") : text;
}

const taking = {
  async png(figure) {
    const { drawing, title, cite, chosen } = taken(figure);
    const { width, height } = drawing.viewBox.baseVal;
    const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(textOf(drawing, 2))}` });
    await image.decode();
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const face = getComputedStyle(figure).fontFamily;
    const set = (text, font) => { pen.font = font; return { font, lines: broken(pen, text, width) }; };
    const head = set(title, `700 17px ${face}`);
    const source = set(chosen ? `${chosen}. ${cite}` : cite, `10.5px ${face}`);
    const top = 16 + 23 * head.lines.length;
    canvas.width = 2 * (width + 32);
    canvas.height = 2 * (top + height + 15 * source.lines.length + 28);
    pen.scale(2, 2);
    const write = ({ font, lines }, from, lead) => {
      pen.font = font;
      lines.forEach((line, n) => pen.fillText(line, 16, from + n * lead, width)); // a long address is narrowed
    };
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 16, top, width, height);
    pen.fillStyle = "#1d2126";
    write(head, 32, 23);
    write(source, top + height + 21, 15);
    save(canvas.toDataURL(), `${figure.id}.png`);
  },
  svg(figure) {
    const { drawing, title, cite, chosen } = taken(figure);
    const heads = [["title", {}, title], ["desc", {}, `${chosen}. ${cite}`]].map(part);
    saveText(textOf(drawing, 1, ...heads), "image/svg+xml", `${figure.id}.svg`);
  },
  csv(figure) {
    const { state, title, cite, chosen } = taken(figure);
    const cell = (text) => (/^[-−]?[\d,]+(\.\d+)?$/.test(text) ? text.replace(/,/g, "").replace("−", "-") : `"${dated(text).replace(/"/g, '""')}"`);
    const rows = [...state.querySelector("table").rows].filter((row) => row.closest("thead") || isShown(row));
    const lines = rows.map((row) => [...row.cells].map((one) => cell([...one.childNodes].filter((node) => !node.matches?.("button")).map((node) => node.textContent).join("").trim())).join(","));
    saveText([`# title: ${title}`, `# chosen: ${chosen}`, `# cite: ${cite}`, ...lines, ""].join("\n"), "text/csv", `${figure.id}-as-shown.csv`);
  },
};
document.querySelectorAll("[data-take]").forEach((button) => button.addEventListener("click", () => taking[button.dataset.take](button.closest("figure"))));

// A drawing whose panels, and rows in them, fold away while no mark of a row that is left stands there: what it gives
// does so. All heights are mapped, those of texts and symbols (`y`) and of straight lines (M x y, then h and v by so much).
function foldable(drawing) {
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const high = (element) => Number(element.getAttribute("y"));
  const marks = [...drawing.querySelectorAll(".cb-mark")].map((mark) => ({ mark, y: high(mark.firstElementChild) }));
  const placed = [...drawing.querySelectorAll("[y]")].map((element) => [element, high(element)]);
  const lines = [...drawing.querySelectorAll("path")].filter((path) => /^[Mhvz\d.\s-]+$/.test(path.getAttribute("d"))).map((path) => ({
    path,
    parts: [...path.getAttribute("d").matchAll(/M(\S+) (-?[\d.]+)([^M]*)/g)].map(([, x, y, rest]) => ({ x, y: Number(y), steps: [...rest.matchAll(/([hvz])(-?[\d.]*)/g)] })),
  }));
  const parts = lines.flatMap((line) => line.parts);
  const isFrame = ({ steps }) => steps.at(-1)[1] === "z";
  const panels = parts.filter(isFrame).map(({ y, steps }) => {
    const top = y + Number(steps.find(([, way]) => way === "v")[2]);
    const rows = parts.filter((one) => !isFrame(one) && one.steps[0][1] === "h" && one.y > top && one.y < y).map((one) => one.y);
    return { from: top - 19, top, bottom: y, rows, half: (y - top) / rows.length / 2 }; // its name stands above it
  });
  return (left) => {
    const shown = marks.filter(({ mark }) => left.has(mark.dataset.row)).map(({ y }) => y);
    const gone = panels.flatMap(({ from, top, bottom, rows, half }, n) => {
      if (!shown.some((y) => y > top && y < bottom)) return [[from, panels[n + 1]?.from ?? height]];
      return rows.filter((row) => !shown.some((y) => Math.abs(y - row) < half)).map((row) => [row - half, row + half]);
    });
    const isGone = (y) => gone.some(([from, to]) => y > from + 1 && y < to - 1); // not what bounds it
    const lower = (y) => Number(gone.reduce((left, [from, to]) => left - Math.max(0, Math.min(y, to) - from), y).toFixed(1));
    placed.forEach(([element, y]) => {
      element.setAttribute("y", lower(y));
      if (element.matches("text")) element.setAttribute("display", isGone(y) ? "none" : "inline");
    });
    const drawn = ({ x, y, steps }) => {
      let at = y;
      const walked = steps.map(([step, way, by]) => {
        if (way !== "v") return step;
        const next = at + Number(by);
        const less = (lower(next) - lower(at)).toFixed(1);
        at = next;
        return `v${less}`;
      });
      return isGone(y) && isGone(at) ? "" : `M${x} ${lower(y)}${walked.join("")}`;
    };
    lines.forEach((line) => line.path.setAttribute("d", line.parts.map(drawn).join("")));
    drawing.setAttribute("viewBox", `0 0 ${width} ${Math.max(1, lower(height))}`);
  };
}

// An explorer chooses by style rules alone. This says aloud what is shown, keeps the Tab stop on a mark that is,
// lets a button make several choices at once, and keeps what is chosen in the address.
document.querySelectorAll(".cb-explorer").forEach((explorer) => {
  const every = (selector) => [...explorer.querySelectorAll(selector)];
  const status = explorer.querySelector(".cb-tally");
  const groups = every("fieldset");
  const words = explorer.querySelector("[type=search]");
  const rows = every(".cb-list tbody tr");
  const marks = every(".cb-mark");
  const texts = new Map(rows.map((row) => [row.dataset.row, folded(row.textContent)]));
  const cited = every(".cb-cite :is(p, pre)").map((part) => [part, part.textContent]);
  const charts = every(".cb-filter > .cb-chart > svg").map(foldable);

  // On a phone a group is one line that scrolls: what is set is brought into view.
  const reveal = () => every("label:has(:checked)").filter(isShown).forEach((label) => {
    const group = label.parentElement;
    const hidden = label.getBoundingClientRect().right - group.getBoundingClientRect().right;
    if (hidden > 0) group.scrollLeft += hidden + 40;
  });
  const search = () => {
    const wanted = folded(words.value).split(/\s+/);
    const left = new Set([...texts].filter(([, text]) => !wanted.every((word) => text.includes(word))).map(([row]) => row));
    [...rows, ...marks].forEach((part) => part.toggleAttribute("hidden", left.has(part.dataset.row)));
  };
  const changed = () => {
    reveal();
    if (words) search();
    const said = every(".cb-said").find(isShown);
    const left = new Set(rows.filter(isShown).map((row) => row.dataset.row));
    status.textContent = said ? said.textContent : `${left.size} of ${rows.length} shown.`;
    charts.forEach((fold) => fold(left)); // asked of the list: to ask what is not shown takes long
    every(".cb-chart > svg").forEach((drawing) => {
      const own = marks.filter((mark) => drawing.contains(mark));
      const first = own.find(isShown);
      if (first && !own.some((mark) => mark.tabIndex === 0 && isShown(mark))) stopAt(own, first);
    });
    explorer.querySelector(".cb-take .cb-link").href = address();
    cited.forEach(([part, text]) => { part.textContent = text.replace(`#${explorer.id}`, address); });
  };

  // What differs from the start, as `#aid-explorer?unit=USD+bn`; what no option is called is passed over.
  const name = (group) => group.querySelector("legend").textContent.toLowerCase().replace(/ /g, "-");
  const radios = (group) => [...group.querySelectorAll("input")];
  const label = (radio) => radio.parentElement.textContent.trim();
  const query = () => {
    const set = groups.filter(isShown).map((group) => [name(group), radios(group).find((radio) => radio.checked)]);
    const asked = set.filter(([, radio]) => !radio.defaultChecked).map(([key, radio]) => [key, label(radio)]);
    return `${new URLSearchParams(words?.value ? [...asked, ["words", words.value]] : asked)}`;
  };
  const address = () => `#${explorer.id}${query() && `?${query()}`}`;
  const choose = (asked) => {
    const wanted = new URLSearchParams(asked);
    groups.forEach((group) => {
      const called = radios(group).find((radio) => label(radio) === wanted.get(name(group)));
      (called || radios(group).find((radio) => radio.defaultChecked)).checked = true;
    });
    if (words) words.value = wanted.get("words") || "";
    changed();
  };
  const keep = (step, ...address) => {
    try { history[step]({ [explorer.id]: query() }, "", ...address); } catch (_) { /* a page from disk may refuse */ }
  };
  // Each choice is a step that "Back" undoes; a walk through one group is one step.
  let last;
  const chosen = (control) => {
    changed();
    keep(control && control === last ? "replaceState" : "pushState", address());
    last = control;
  };
  const asked = () => (location.hash.startsWith(`#${explorer.id}?`) ? location.hash.slice(explorer.id.length + 2) : null);

  every("[data-radios]").forEach((button) => button.addEventListener("click", () => {
    button.dataset.radios.split(" ").forEach((id) => { document.getElementById(id).checked = true; });
    chosen();
  }));
  explorer.addEventListener("input", (event) => chosen(event.target.name));
  explorer.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", (event) => {
    const then = event.state?.[explorer.id] ?? asked();
    if (then !== null) choose(then);
    last = null;
  });

  // A ring leads to its row, and the row to its ring. The first touch of a ring only says what it is.
  let touched = false;
  const rowOf = new Map(rows.map((row) => [row.dataset.row, row]));
  const ringed = new Set(marks.map((mark) => mark.dataset.row).filter(Boolean));
  marks.filter((mark) => mark.dataset.row).forEach((mark) => {
    const go = () => rowOf.get(mark.dataset.row).querySelector("button").focus();
    mark.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && mark !== document.activeElement; });
    mark.addEventListener("click", () => { if (!touched) setTimeout(go); });
    mark.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // else the same key would press the row's button
      go();
    });
  });
  rows.filter((row) => ringed.has(row.dataset.row)).forEach((row) => {
    const title = row.querySelector("th");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "cb-ring", textContent: "in the chart" });
    button.setAttribute("aria-label", `in the chart: ${title.textContent}`);
    button.addEventListener("click", () => {
      const mark = marks.find((one) => one.dataset.row === row.dataset.row && isShown(one));
      stopAt(marks.filter((one) => mark.ownerSVGElement.contains(one)), mark);
      mark.focus();
    });
    title.nextElementSibling.append(" ", button); // beside its day
  });
  const first = asked();
  if (first === null) changed();
  else {
    choose(first);
    explorer.scrollIntoView();
  }
  keep("replaceState");
});

// Disagreements, rows that fold: style rules choose by the lists. This adds the search, the count and
// where each record is known from, and keeps the choice in the address.
document.querySelectorAll(".cb-sieve").forEach((sieve) => {
  const rows = [...document.querySelectorAll(".cb-row")];
  const topics = [...document.querySelectorAll(".cb-topic")];
  const [status, button] = sieve.querySelectorAll("[role=status], button");
  const texts = new Map(rows.map((row) => [row, folded(row.textContent)]));

  const choose = () => {
    const words = folded(sieve.elements.q.value).split(/\s+/);
    topics.forEach((topic) => { topic.hidden = false; });
    rows.forEach((row) => { row.hidden = !words.every((word) => texts.get(row).includes(word)); });
    const shown = rows.filter(isShown);
    const full = new Set(shown.map((row) => row.closest(".cb-topic")));
    topics.forEach((topic) => { topic.hidden = !full.has(topic); });
    status.textContent = `${shown.length} of ${rows.length} shown.`;
    button.textContent = shown.length && shown.every((row) => row.open) ? "Shut all" : "Open all";
    button.hidden = !shown.length;
  };
  const changed = () => {
    choose();
    const asked = [...new FormData(sieve)].filter(([, value]) => value);
    const query = asked.length ? `?${new URLSearchParams(asked)}` : location.pathname;
    try { history.replaceState(null, "", query); } catch (_) { /* a page from disk may refuse */ }
  };
  const open = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".cb-row");
    if (!row) return;
    if (!isShown(row)) { sieve.reset(); choose(); }
    row.open = true;
    row.scrollIntoView();
  };

  rows.forEach((row) => {
    const link = Object.assign(document.createElement("a"), { className: "cb-link", textContent: "#" });
    link.href = `#${row.lastElementChild.id}`;
    link.setAttribute("aria-label", "Link to this row");
    const known = Object.assign(document.createElement("a"), { className: "cb-known", textContent: "How we know" });
    known.href = `bibliography.html#read-for-${row.lastElementChild.id}`;
    if (!row.lastElementChild.matches(".cb-unread")) row.lastElementChild.append(" ", known);
    row.lastElementChild.append(link);
  });
  new URLSearchParams(location.search).forEach((value, name) => {
    if (sieve.elements[name]) sieve.elements[name].value = value;
  });
  sieve.addEventListener("input", changed);
  sieve.addEventListener("submit", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const shut = button.textContent === "Shut all";
    rows.filter(isShown).forEach((row) => { row.open = !shut; });
    button.textContent = shut ? "Open all" : "Shut all";
  });
  addEventListener("hashchange", open);
  choose();
  open();
});

// Every mark says its value by its own label; what follows shows it beside the mark, and moves between marks by key.

function isShown(element) {
  return element.getClientRects().length > 0;
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

// The drawing as an image of its own, in which neither the variables nor the faces of the page are known.
async function imageOf(drawing, { width, height }) {
  const copy = drawing.cloneNode(true);
  const style = `${copy.getAttribute("style")}; color: var(--ink); font: 11.8px Arial, sans-serif`; // as wide as 12.5px of the page's face
  Object.entries({ style, width: 2 * width, height: 2 * height }).forEach((pair) => copy.setAttribute(...pair));
  const root = document.documentElement.dataset;
  const { theme } = root;
  root.theme = "light"; // for as long as its colours are read
  const light = getComputedStyle(document.documentElement);
  const colour = (_, name) => (name === "--paper" ? "#fff" : light.getPropertyValue(name));
  const svg = new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, colour);
  root.theme = theme;
  const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
  await image.decode();
  return image;
}

document.querySelectorAll(".cb-png").forEach((button) => button.addEventListener("click", async () => {
  const figure = button.closest("figure");
  const said = (selector) => figure.querySelector(selector)?.textContent;
  const drawing = figure.querySelector(".cb-chart > svg");
  const { width, height } = drawing.viewBox.baseVal;
  const image = await imageOf(drawing, { width, height });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const face = getComputedStyle(figure).fontFamily;
  const set = (text, font) => { pen.font = font; return { font, lines: broken(pen, text, width) }; };
  const title = set(said(".cb-title") ?? said(".caption-text"), `700 17px ${face}`);
  const source = set(said(".cb-cite p"), `10.5px ${face}`);
  const top = 16 + 23 * title.lines.length;
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
  write(title, 32, 23);
  write(source, top + height + 21, 15);
  Object.assign(document.createElement("a"), { href: canvas.toDataURL(), download: `${figure.id}.png` }).click();
}));

// An explorer chooses by style rules alone. This says aloud what is shown, keeps the Tab stop on a mark that is,
// lets a button make several choices at once, and keeps what is chosen in the address.
document.querySelectorAll(".cb-explorer").forEach((explorer) => {
  const every = (selector) => [...explorer.querySelectorAll(selector)];
  const status = explorer.querySelector(".cb-tally");
  const groups = every("fieldset");
  const words = explorer.querySelector("[type=search]");
  const rows = every(".cb-list tbody tr");
  const marks = every(".cb-mark");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row.dataset.row, fold(row.textContent)]));

  // On a phone a group is one line that scrolls: what is set is brought into view.
  const reveal = () => every("label:has(:checked)").filter(isShown).forEach((label) => {
    const group = label.parentElement;
    const hidden = label.getBoundingClientRect().right - group.getBoundingClientRect().right;
    if (hidden > 0) group.scrollLeft += hidden + 40;
  });
  const search = () => {
    const wanted = fold(words.value).split(/\s+/);
    const left = new Set([...texts].filter(([, text]) => !wanted.every((word) => text.includes(word))).map(([row]) => row));
    [...rows, ...marks].forEach((part) => part.toggleAttribute("hidden", left.has(part.dataset.row)));
  };
  const changed = () => {
    reveal();
    if (words) search();
    const said = every(".cb-said").find(isShown);
    status.textContent = said
      ? said.textContent
      : `${rows.filter(isShown).length} of ${rows.length} shown.`;
    every(".cb-chart > svg").forEach((drawing) => {
      const own = marks.filter((mark) => drawing.contains(mark));
      const first = own.find(isShown);
      if (first && !own.some((mark) => mark.tabIndex === 0 && isShown(mark))) stopAt(own, first);
    });
    explorer.querySelector(".cb-take .cb-link").href = address();
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

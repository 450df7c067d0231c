/* What the tests see of a page that is open in the browser. */
window.look = (() => {
  const all = (where, what) => [...where.querySelectorAll(what)];
  const style = (e) => getComputedStyle(e);
  const words = (text) => (text || "").trim().replace(/\s+/g, " ");
  const near = (a, b, reach = 0) => a.left < b.right + reach && a.right > b.left - reach
    && a.top < b.bottom + reach && a.bottom > b.top - reach;
  const visible = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && style(e).visibility === "visible";
  };
  const seen = (where, what) => all(where, what).filter(visible);

  /* What folds is opened, and nothing moves: halfway through a fade every colour is pale. */
  function unfold() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
    document.adoptedStyleSheets = [sheet];
    all(document, "details").forEach((e) => { e.open = true; });
  }

  /* Names what sticks out to the right, unless something around it scrolls or clips. */
  function sideways() {
    const root = document.documentElement, wide = root.clientWidth;
    if (root.scrollWidth <= wide) return [];
    const held = (e) => e && e !== document.body
      && (style(e).overflowX !== "visible" || held(e.parentElement));
    const out = all(document.body, "*").find((e) =>
      e.getBoundingClientRect().right > wide + 1 && !held(e.parentElement));
    const name = out ? `: <${out.tagName.toLowerCase()} class="${out.getAttribute("class") || ""}">` : "";
    return [`${root.scrollWidth} px of content in ${wide} px${name}`];
  }

  /* How much is shown, how wide: the same in both themes, or only one was looked at. (Heights may differ by a
     line: Chromium breaks a text anew after a change of width.) */
  const layout = () => [seen(document.body, "*").length, document.documentElement.scrollWidth];

  /* -- colours ----------------------------------------------------------- */

  /* Layers of [computed colour, opacity] over white as red, green and blue. No canvas mixes them: a browser may
     take one away for a while, and then all colours are one. */
  function mix(layers) {
    return layers.reduce((below, [colour, opacity]) => {
      const [red, green, blue, alpha = 1] = colour.match(/[\d.]+(e-\d+)?/g).map(Number);
      const scale = colour.startsWith("color(") ? 255 : 1;
      return [red, green, blue].map((c, i) => below[i] + (c * scale - below[i]) * alpha * opacity);
    }, [255, 255, 255]);
  }
  function light(rgb) {
    const linear = rgb.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return linear.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  }
  function ratio(a, b) {
    const [high, low] = [light(a), light(b)].sort((p, q) => q - p);
    return (high + 0.05) / (low + 0.05);
  }
  function inks(e, kinds) {
    const s = style(e);
    return kinds.map((kind) => [s[kind], s.opacity * s[`${kind}Opacity`]])
      .filter(([colour]) => colour !== "none" && !colour.startsWith("url"));
  }
  const isShape = (e) => [SVGGeometryElement, SVGUseElement, SVGTextElement]
    .some((kind) => e instanceof kind);
  const ground = (e) => (isShape(e) ? inks(e, ["fill"]) : [[style(e).backgroundColor, 1]]);

  /* Contrast of a chart's text or mark with what is painted beneath its middle. */
  function contrast(svg, e) {
    const box = e.getBoundingClientRect(), text = e.tagName === "text";
    const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      .filter((u) => !e.contains(u) && (u.contains(svg) || svg.contains(u)))
      .filter((u) => !u.closest("text") && (text || !u.closest(".cb-mark")));
    const layers = under.reverse().flatMap(ground), below = mix(layers);
    const own = text ? inks(e, ["fill"])
      : all(e, "path, use, rect, circle").flatMap((s) => inks(s, ["fill", "stroke"]));
    return Math.max(0, ...own.map((ink) => ratio(mix([...layers, ink]), below)));
  }

  const CHARTS = ".cb-chart svg";
  /* Texts and marks of the charts that are too pale. */
  function charts() {
    const weak = [], found = all(document, CHARTS);
    let judged = 0;
    for (const svg of found) for (const e of all(svg, "text, .cb-mark")) {
      e.scrollIntoView({ block: "center", behavior: "instant" }); // a tall chart fits no window
      if (!visible(e)) continue; // a bar of length zero
      const strength = contrast(svg, e), text = e.tagName === "text";
      judged += 1;
      const said = words(e.getAttribute("aria-label") || e.textContent);
      if (strength >= (text ? 4.5 : 3)) continue;
      const id = svg.closest("figure").id;
      weak.push(`${id}: ${text ? "text" : "mark"} “${said}” ${strength.toFixed(2)}:1`);
    }
    return found.length && !judged ? ["no text and no mark of a chart is shown"] : weak;
  }

  const CLEAR = "rgba(0, 0, 0, 0)";
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const TARGETS = `${STOPS}, area, iframe, [contenteditable]`;
  const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  /* What an element's own text is painted with; for a link also what tells it from the text around it. */
  function ink(e) {
    const s = style(e), box = e.parentElement;
    const own = [s.color, s.fontSize, s.fontWeight, s.textShadow, s.webkitTextStrokeWidth];
    if (e.closest("label, :disabled, [aria-disabled]")) own.push("control");
    if (!e.matches("a[href]")) return own;
    const line = [s.textDecoration, s.borderBottom, s.display, s.backgroundColor];
    return [own, line, hasText(box), ink(box)];
  }
  /* The grounds that an element stands on, from the page up, as one text; what may hide it counts too. */
  function grounds(e, known) {
    if (known.has(e)) return known.get(e);
    const s = style(e), paint = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter];
    const hidden = [s.clip, s.clipPath, s.overflow, s.position];
    const plain = `${paint}` === `${CLEAR},none,1,none`, usual = `${hidden}` === "auto,none,visible,static";
    const own = (plain ? "" : `<${paint}>`) + (usual ? "" : `(${hidden})`);
    known.set(e, grounds(e.parentElement, known) + own);
    return known.get(e);
  }
  /* What floats above the page may lie over any text: gives the colours of what lies over an element. */
  function floating() {
    const found = seen(document.body, "*")
      .filter((e) => style(e).position !== "static" && style(e).backgroundColor !== CLEAR)
      .map((e) => [e, e.getBoundingClientRect()]);
    return (e) => {
      const own = e.getBoundingClientRect();
      return found.filter(([over, box]) => near(box, own) && !over.contains(e))
        .map(([over]) => style(over).backgroundColor);
    };
  }
  /* Texts of one look, the same ink on the same grounds, have the same contrast, whatever the page: the first or
     last of each look that is not known yet gets the attribute `data-ink`, and axe judges these, not each of a
     thousand cells. (Charts are ours.) Gives the looks. */
  function mark(last, judged) {
    const known = new Map([[null, ""]]), looks = new Map(), over = floating();
    const before = new Set(judged);
    const inked = (e) => (hasText(e) || e.matches("a[href], input, select, textarea")) && !e.closest(CHARTS);
    for (const e of seen(document.body, "*").filter(inked)) {
      const look = [ink(e), grounds(e, known), over(e)].join("|");
      if (!before.has(look)) looks.set(look, [...(looks.get(look) || []), e]);
    }
    for (const same of looks.values()) same.at(last ? -1 : 0).setAttribute("data-ink", "");
    return [...looks.keys()];
  }
  /* A link in a line of text need not be large. */
  function inText(e) {
    const box = e.parentElement, runs = (each) => /^inline(-block)?$/.test(style(each).display);
    return [e, ...box.children].every(runs) && hasText(box) && !box.querySelector("br, hr") && !box.closest(TARGETS);
  }
  /* Targets that may be too small or too close get the attribute `data-tight`, and axe measures these: not those
     whose circle of 24 pixels, or whose larger box, is clear of every other. Gives how many. */
  function tighten() {
    const boxes = all(document, TARGETS).filter((e) => e.getClientRects().length).map((e) => {
      const box = e.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
      const small = Math.min(box.width, box.height) < 24.5, torn = e.getClientRects().length > 1;
      const ring = { left: x - 12, right: x + 12, top: y - 12, bottom: y + 12 };
      return { e, box, small, torn, circle: small ? ring : box };
    });
    const close = (one, other) => near(one.box, other.box, one.torn || other.torn ? 24 : 0)
      || (one.small && (near(one.circle, other.circle) || near(one.circle, other.box)));
    const tight = boxes.filter((one) => boxes.some((other) => other !== one && close(one, other))
      && one.e.getAttribute("role") !== "img" && !inText(one.e));
    tight.forEach(({ e }) => e.setAttribute("data-tight", ""));
    return tight.length;
  }

  const WCAG = ["2a", "2aa", "21a", "21aa", "22a", "22aa"].map((level) => `wcag${level}`);
  const COLOUR = { "color-contrast": "[data-ink]", "link-in-text-block": "a[href][data-ink]" };
  const rules = Object.entries({ ...COLOUR, "target-size": "[data-tight]" })
    .map(([id, selector]) => ({ id, selector }));
  const clean = (name) => all(document, `[${name}]`).forEach((e) => e.removeAttribute(name));
  async function judge(given) {
    window.axe.configure({ rules });
    const said = await window.axe.run(document, { preload: false, reporter: "no-passes", ...given });
    return said.violations.map((v) =>
      `${v.id} (${v.nodes.length} times, first ${v.nodes[0].target.join(" ")}): ${v.help}`);
  }
  /* Violations that axe finds of all rules but those of colour; and of these. */
  async function shape() {
    const off = Object.fromEntries(Object.keys(COLOUR).map((id) => [id, { enabled: false }]));
    if (!tighten()) off["target-size"] = { enabled: false };
    const said = await judge({ runOnly: WCAG, rules: off });
    clean("data-tight");
    return said;
  }
  /* Of looks that are not among those judged before: gives the faults, and the looks. */
  async function colour(last, judged = []) {
    const looks = mark(last, judged);
    const said = looks.length ? await judge({ runOnly: Object.keys(COLOUR) }) : [];
    clean("data-ink");
    return [said, looks];
  }

  /* -- keyboard ---------------------------------------------------------- */

  const stops = () => seen(document, STOPS).filter((e) => e.tabIndex >= 0 && !e.disabled);
  const name = (e) => `<${e.tagName.toLowerCase()}> ${words(e.getAttribute("aria-label") || e.textContent)}`;

  /* What the Tab key would not leave or meet in the order of the page. */
  function traps() {
    const kept = [];
    for (const e of stops()) {
      if (e.tabIndex > 0) kept.push(`${name(e)} has a place of its own in the order (tabindex)`);
      e.focus({ preventScroll: true });
      if (document.activeElement !== e) kept.push(`${name(e)} gives the focus away`);
      const tab = new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true });
      if (!e.dispatchEvent(tab)) kept.push(`${name(e)} keeps the Tab key for itself`);
    }
    document.activeElement?.blur();
    return kept;
  }

  /* Focus on the last stop before an element, so that the next Tab should lead into it. (What is folded away
     does not take it.) */
  function before(id) {
    const goal = document.getElementById(id);
    const ahead = (e) => goal.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING;
    const takes = (e) => { e.focus(); return document.activeElement === e; };
    all(document, STOPS).reverse().find((e) => ahead(e) && !e.contains(goal) && e.tabIndex >= 0 && takes(e));
  }

  /* Focus on the first of what is in an element. */
  const focus = (id, what) => document.getElementById(id).querySelector(what).focus();
  /* What the page makes of a key that is pressed so many times. */
  function strike(key, times) {
    const down = () => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    for (let n = 0; n < times; n += 1) document.activeElement.dispatchEvent(down());
  }

  /* Each focus from now on: id, role, name, and what the box beside it shows. */
  let met = [];
  function follow() {
    document.addEventListener("focusin", ({ target: e }) => {
      const readout = e.closest(".cb-figure")?.querySelector(".cb-readout");
      const said = [e.getAttribute("role"), e.getAttribute("aria-label"), readout?.textContent];
      met.push([e.id, ...said.map(words)]);
    });
  }
  function followed() { return met.splice(0); }

  /* -- exhibits and quizzes ---------------------------------------------- */

  /* The marks that are drawn, those of length zero too; each gets an id. */
  const marks = (id) => all(document.getElementById(id), ".cb-mark")
    .filter((e) => e.getClientRects().length)
    .map((e, number) => { e.id = `${id}-m${number}`; return e.id; });

  const given = (form) =>
    all(form, "select, input[type=text], input:checked").map((e) => e.value);
  const answers = () => all(document, "form.cb-question").map(given);
  /* A question after an answer: what it says, how it judges, which controls are set and focused. */
  function question(id) {
    const form = document.getElementById(id), inputs = all(form, "input, select");
    return {
      said: words(form.querySelector("[role=status]").innerText),
      told: all(form, "[role=status] p").map((p) => words(p.innerText)),
      result: form.dataset.result,
      checked: inputs.map((e) => e.checked),
      at: inputs.indexOf(document.activeElement),
    };
  }
  /* What of each question cannot be seen now: of its text, of its reasons; and whether its button can. */
  function questions() {
    const lost = (form, what) => all(form, what).some((e) => !visible(e));
    return all(document, "form.cb-question").map((form) => ({
      id: form.id, text: lost(form, "legend, label"), reasons: lost(form, ".cb-reason"),
      button: seen(form, "button").length > 0,
    }));
  }

  /* An explorer as it stands: what is chosen, and what is shown for it. */
  function explorer(id) {
    const box = document.getElementById(id);
    const chosen = seen(box, "fieldset").map((group) =>
      all(group, "label").find((label) => label.querySelector("input:checked")));
    return {
      chosen: chosen.map((label) => words(label.textContent)),
      labels: seen(box, "label").length,
      charts: seen(box, ".cb-chart, .cb-bars").length,
      tables: seen(box, ".cb-bars, .cb-state details, .cb-list").length,
      rows: seen(box, "tbody tr").map((row) => words(row.querySelector("th").textContent)),
      status: words(box.querySelector(".cb-tally").textContent),
      said: seen(box, ".cb-said").map((e) => words(e.textContent)),
      bars: seen(box, ".cb-bars td").map((e) =>
        [words(e.textContent), e.querySelector("i").getBoundingClientRect().width]),
      marks: seen(box, ".cb-mark").length,
      stops: seen(box, ".cb-mark[tabindex='0']").length,
    };
  }

  return { unfold, sideways, layout, charts, shape, colour, traps, before, focus, strike, follow, followed, marks,
    answers, question, questions, explorer };
})();

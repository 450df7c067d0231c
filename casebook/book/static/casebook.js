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

// An explorer chooses by style rules alone. This says aloud what is shown, keeps the Tab stop on a mark that is,
// and lets a button make several choices at once.
document.querySelectorAll(".cb-explorer").forEach((explorer) => {
  const every = (selector) => [...explorer.querySelectorAll(selector)];
  const status = explorer.querySelector(".cb-tally");
  const rows = every(".cb-list tbody tr");

  // On a phone a group is one line that scrolls: what is set is brought into view.
  const reveal = () => every("label:has(:checked)").filter(isShown).forEach((label) => {
    const group = label.parentElement;
    const hidden = label.getBoundingClientRect().right - group.getBoundingClientRect().right;
    if (hidden > 0) group.scrollLeft += hidden + 40;
  });
  const changed = () => {
    reveal();
    const said = every(".cb-said").find(isShown);
    status.textContent = said
      ? said.textContent
      : `${rows.filter(isShown).length} of ${rows.length} shown.`;
    every(".cb-chart > svg").forEach((drawing) => {
      const marks = [...drawing.querySelectorAll(".cb-mark")];
      const first = marks.find(isShown);
      if (first && !marks.some((mark) => mark.tabIndex === 0 && isShown(mark))) stopAt(marks, first);
    });
  };
  every("[data-radios]").forEach((button) => button.addEventListener("click", () => {
    button.dataset.radios.split(" ").forEach((id) => { document.getElementById(id).checked = true; });
    changed();
  }));
  explorer.addEventListener("change", changed);
  changed();
});

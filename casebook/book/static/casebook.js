// Every mark says its value by its own label; what follows shows it, and moves between marks by key.

function isShown(element) {
  return element.getClientRects().length > 0;
}

// A chart is one stop for the Tab key.
function stopAt(marks, mark) {
  marks.forEach((other) => { other.tabIndex = other === mark ? 0 : -1; });
}

// The arrow keys walk the marks of a drawing; the value of the mark that is pointed at is shown beneath.
document.querySelectorAll(".cb-chart > svg").forEach((drawing) => {
  const marks = [...drawing.querySelectorAll(".cb-mark")];
  const readout = drawing.parentElement.nextElementSibling;
  const show = (mark) => { readout.textContent = mark ? mark.getAttribute("aria-label") : ""; };
  const focused = () => marks.find((mark) => mark === document.activeElement);
  const walk = (event) => {
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
  marks.forEach((mark) => {
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", () => show(null));
    mark.addEventListener("pointerenter", () => show(mark));
    mark.addEventListener("pointerleave", () => show(focused()));
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

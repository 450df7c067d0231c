/* A chart is one stop for the Tab key; the arrow keys walk its marks, and the value of the current mark is shown beneath. */
document.querySelectorAll(".cb-chart").forEach((chart) => {
  const marks = [...chart.querySelectorAll(".cb-mark")];
  const readout = chart.nextElementSibling;
  const say = (mark) => { readout.textContent = mark ? mark.getAttribute("aria-label") : ""; };
  marks.forEach((mark) => {
    mark.addEventListener("focus", () => say(mark));
    mark.addEventListener("blur", () => say(null));
    mark.addEventListener("pointerenter", () => say(mark));
    mark.addEventListener("pointerleave", () => say(marks.includes(document.activeElement) ? document.activeElement : null));
    mark.addEventListener("keydown", (event) => {
      const shown = marks.filter(isShown); // an explorer may hide some
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = step ? shown[shown.indexOf(mark) + step] : { Home: shown[0], End: shown.at(-1) }[event.key];
      if (!next) return;
      event.preventDefault();
      stopAt(marks, next);
      next.focus();
    });
  });
});

function isShown(element) { return element.getClientRects().length > 0; }
function stopAt(marks, mark) { marks.forEach((other) => { other.tabIndex = other === mark ? 0 : -1; }); }

/* An explorer chooses by style rules alone; this says aloud what is shown, keeps the Tab stop on a mark that is,
   and gives a dashed outline to each option that has no chart together with the other choices. */
document.querySelectorAll(".cb-explorer").forEach((explorer) => {
  const status = explorer.querySelector(".cb-tally");
  const rows = [...explorer.querySelectorAll(".cb-list tbody tr")];
  const groups = [...explorer.querySelectorAll("fieldset")].map((group) => [...group.querySelectorAll("input")]);
  const choices = new Set([...explorer.querySelectorAll(".cb-state")].map((state) => state.dataset.choice));
  const changed = () => {
    const chosen = groups.map((radios) => radios.findIndex((radio) => radio.checked));
    groups.forEach((radios, c) => radios.forEach((radio, o) => {
      radio.parentElement.classList.toggle("cb-gap", choices.size > 0 && !choices.has(chosen.map((at, i) => (i === c ? o : at)).join(" ")));
    }));
    const said = [...explorer.querySelectorAll(".cb-said, .cb-none")].find(isShown);
    status.textContent = said ? said.textContent : `${rows.filter(isShown).length} of ${rows.length} shown.`;
    const marks = rows.length ? [...explorer.querySelectorAll(".cb-mark")] : [];
    const first = marks.find(isShown);
    if (first && !marks.some((mark) => mark.tabIndex === 0 && isShown(mark))) stopAt(marks, first);
  };
  explorer.addEventListener("change", changed);
  changed();
});

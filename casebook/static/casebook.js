/* A chart is one stop for the Tab key; the arrow keys walk its marks, and the value of the current mark is shown beneath. */
document.querySelectorAll(".cb-figure").forEach((figure) => {
  const marks = [...figure.querySelectorAll(".cb-mark")];
  const readout = Object.assign(document.createElement("p"), { className: "cb-readout" });
  readout.setAttribute("aria-hidden", "true"); // the mark's own label already says it
  figure.querySelector(".cb-chart").after(readout);
  const say = (mark) => { readout.textContent = mark ? mark.getAttribute("aria-label") : ""; };
  marks.forEach((mark, i) => {
    mark.addEventListener("focus", () => say(mark));
    mark.addEventListener("blur", () => say(null));
    mark.addEventListener("pointerenter", () => say(mark));
    mark.addEventListener("pointerleave", () => say(marks.includes(document.activeElement) ? document.activeElement : null));
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = step ? marks[i + step] : { Home: marks[0], End: marks.at(-1) }[event.key];
      if (!next) return;
      event.preventDefault();
      mark.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  });
});

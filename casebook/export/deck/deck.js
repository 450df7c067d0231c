"use strict";
// Arrow keys turn the slides, N shows the notes, D changes the colours. Without it the deck scrolls.
const slides = [...document.querySelectorAll(".slide")];
const root = document.documentElement;
const away = (slide) => Math.abs(slide.getBoundingClientRect().top);
const here = () =>
  slides.reduce((best, slide, n) => (away(slide) < away(slides[best]) ? n : best), 0);
const fits = (slide) => slide.offsetHeight <= innerHeight + 2;
function turn(to) {
  const n = Math.max(0, Math.min(slides.length - 1, to));
  slides[n].scrollIntoView({ behavior: "instant" });
  history.replaceState(null, "", `#${slides[n].id}`);
}
function notes() {
  const all = [...document.querySelectorAll(".notes")];
  const n = here();
  const open = !all.some((one) => one.open);
  for (const one of all) one.open = open;
  turn(n);
}
function colours() {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
}
const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };
const along = { ArrowDown: 1, ArrowUp: -1, " ": 1 };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("summary, a")) return;
  const n = here();
  const step = steps[event.key] ?? (fits(slides[n]) ? along[event.key] : undefined);
  if (step) turn(n + step);
  else if (event.key === "Home") turn(0);
  else if (event.key === "End") turn(slides.length - 1);
  else if (event.key === "n") notes();
  else if (event.key === "d") colours();
  else return;
  event.preventDefault();
});
addEventListener("resize", () => turn(here()));

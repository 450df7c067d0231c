/* What the page does beyond reading: colours, shortcut, copy, all the code at once, where one is and was. */
(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch (_) { /* a browser may keep nothing */ } };
  const kept = (key) => { try { return localStorage.getItem(key); } catch (_) { return null; } };

  // colours: as the system, light, dark
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".theme");
  const NAMES = { auto: "as the system", light: "light", dark: "dark" };
  const SIGNS = [
    "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.8 1.8M17.2 17.2 19 19M5 19l1.8-1.8M17.2 6.8 19 5",
    "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  ];
  button.innerHTML = SIGNS.map((d) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${d}"/></svg>`).join("");
  const colour = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    button.setAttribute("aria-label", `Colours: ${NAMES[mode]}`);
    button.title = `Colours: ${NAMES[mode]}`;
  };
  colour(root.dataset.mode);
  dark.addEventListener("change", () => colour(root.dataset.mode));
  button.addEventListener("click", () => {
    const modes = Object.keys(NAMES);
    const mode = modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length];
    keep("mode", mode);
    colour(mode);
  });

  // search: "/" or Ctrl+K
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    const wanted = (event.key === "/" && !typing) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
    if (!wanted || event.altKey) return;
    event.preventDefault();
    (document.getElementById("query") || document.querySelector(".find input")).focus();
  });

  // the list of notes: an address stands once in a page, in the note beside the text
  const legible = (address) => { try { return decodeURI(address); } catch (_) { return address; } };
  all(".cb-end").forEach((end) => {
    const [back, ...links] = end.querySelectorAll("a");
    const twins = document.getElementById(back.hash.slice(1)).querySelectorAll("a");
    links.forEach((link, number) => {
      if (link.getAttribute("href") !== back.getAttribute("href")) return;
      link.href = twins[number].getAttribute("href");
      link.nextElementSibling.textContent = legible(link.getAttribute("href"));
    });
  });
  root.classList.add("listed");

  // code: copied, or opened all over the page
  all(".highlight").forEach((block) => {
    const copy = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("pre").textContent);
        copy.textContent = "Copied";
      } catch (_) {
        getSelection().selectAllChildren(block.querySelector("pre"));
        copy.textContent = "Selected: press Ctrl+C";
      }
    });
    block.append(copy);
  });
  const code = document.getElementById("all-code");
  if (code) {
    const show = () => { all(".cb-code").forEach((fold) => { fold.open = code.checked; }); };
    code.checked = kept("code") === "shown";
    if (code.checked) show();
    code.addEventListener("change", () => { keep("code", code.checked ? "shown" : ""); show(); });
  }

  // a finger: the first touch of a glossary term shows its meaning, the second follows the link
  all(".cb-term > a").forEach((link) => {
    let touched = false;
    link.setAttribute("aria-describedby", link.nextElementSibling.id);
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && document.activeElement !== link; });
    link.addEventListener("click", (event) => { if (touched) { event.preventDefault(); link.focus(); } });
    link.addEventListener("keydown", (event) => { if (event.key === "Escape") link.blur(); });
  });

  // where one is: the heading in view, marked in the contents
  const links = new Map(all(".sections a").map((link) => [link.hash.slice(1), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (heads.length && "IntersectionObserver" in window) {
    const seen = new IntersectionObserver(() => {
      const here = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3).at(-1);
      links.forEach((link, id) => {
        link.classList.toggle("here", Boolean(here) && id === here.id);
        if (here && id === here.id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "0px 0px -66% 0px", threshold: [0, 0.01] });
    heads.forEach((head) => seen.observe(head));
  }

  // where one was: kept on chapters, offered on the first page
  const chapter = document.querySelector("body.chapter .line [aria-current]");
  if (chapter) keep("last", JSON.stringify([chapter.textContent, location.pathname.split("/").at(-1)]));
  const begin = document.querySelector(".begin");
  const last = begin && kept("last");
  if (last) {
    const [name, href] = JSON.parse(last);
    begin.append(Object.assign(document.createElement("a"), { href, textContent: `Go on: ${name}` }));
  }

  // on paper: the questions as a worksheet, their answers on the last page
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  addEventListener("beforeprint", () => {
    const sheet = make("section", "");
    sheet.className = "cb-answers";
    all("article:has(.cb-question)").forEach((article) => {
      sheet.append(make("h2", `Answers: ${[...article.querySelector("h1").childNodes].find((node) => node.nodeType === 3).data}`));
      article.querySelectorAll(".cb-question").forEach((question) => {
        const said = [...question.querySelector("details").children].slice(1);
        sheet.append(make("h3", question.querySelector(".cb-count").textContent), ...said.map((e) => e.cloneNode(true)));
      });
    });
    if (sheet.children.length) document.getElementById("main").append(sheet);
  });
  addEventListener("afterprint", () => all(".cb-answers").forEach((sheet) => sheet.remove()));

  all(".print").forEach((print) => print.addEventListener("click", () => window.print()));
})();

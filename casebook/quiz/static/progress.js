/* Marks the page of progress by the answers that the quizzes keep in the reader's browser. */
(function () {
  const NAME = "casebook:", WORDS = { right: "right", wrong: "not yet", seen: "answered" };
  const box = document.querySelector(".cb-progress");
  const all = (where, what) => [...where.querySelectorAll(what)];
  const get = (key) => {
    try { return JSON.parse(localStorage.getItem(NAME + key)); } catch (error) { return null; }
  };

  // What was last answered of a question, in its chapter or when it came again, unless it changed since.
  function kept(link) {
    const hashes = link.dataset.hashes.split(" "), id = link.dataset.question;
    return [id, id + "-again"].map(get).filter((one) => one && hashes.includes(one.hash))
      .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  }

  const record = [];
  function mark(chapter) {
    const links = all(chapter, "[data-question]"), title = chapter.querySelector("h2").textContent;
    let done = 0, right = 0;
    for (const link of links) {
      const held = kept(link), objective = link.closest("ol > li").querySelector(".cb-objective").textContent;
      link.closest("li").dataset.result = held ? held.result : "";
      link.closest("li").querySelector(".cb-result").textContent =
        held ? `${WORDS[held.result]}, ${held.times === 1 ? "first answer" : held.times + " answers"}` : "";
      if (!held) continue;
      done += 1;
      right += held.result === "right";
      record.push([title, objective, link.textContent, held.said, WORDS[held.result], WORDS[held.first], held.times, held.at]);
    }
    const bar = chapter.querySelector(".cb-score"), progress = bar.querySelector("progress");
    bar.hidden = false;
    progress.max = links.length;
    progress.value = done;
    bar.querySelector("span").textContent = `${done} of ${links.length} answered, ${right} right`;
  }

  // Objectives of which a question was last answered wrongly, each with its chapter.
  function reread() {
    const part = box.querySelector(".cb-reread");
    const due = all(box, "ol > li").filter((one) => one.querySelector("[data-result=wrong]")).map((one) => {
      const chapter = one.closest("section").querySelector("h2 a"), item = document.createElement("li");
      item.append(chapter.cloneNode(true), ": " + one.querySelector(".cb-objective").textContent);
      return item;
    });
    part.hidden = !due.length;
    part.querySelector("ul").replaceChildren(...due);
  }

  // The first open question after the last that was answered, in the order of the book.
  function goOn() {
    const links = all(box, "[data-question]"), last = get("last");
    const at = links.findIndex((link) => last && link.dataset.question === last.id.replace(/-again$/, ""));
    const next = [...links.slice(at + 1), ...links.slice(0, at + 1)].find((link) => !kept(link));
    const part = box.querySelector(".cb-on");
    part.hidden = !next;
    if (!next) return;
    const link = Object.assign(document.createElement("a"), { href: next.href, textContent: next.textContent });
    part.replaceChildren(at < 0 ? "Begin with: " : "Go on where you stopped: ", link);
  }

  const cell = (text) => `"${String(text).replace(/^[=+@-]/, "'$&").replace(/"/g, '""')}"`;
  const acts = {
    print: () => window.print(),
    save() {
      const head = ["chapter", "objective", "question", "answer", "result", "first result", "answers", "time"];
      const text = [head, ...record].map((row) => row.map(cell).join(",")).join("\r\n");
      const href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
      Object.assign(document.createElement("a"), { href, download: "progress.csv" }).click();
    },
    reset() {
      if (!window.confirm("Forget every answer that this browser keeps of this book?")) return;
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(NAME)).forEach((key) => localStorage.removeItem(key));
      } catch (error) { /* nothing is kept */ }
      markAll();
    },
  };

  const actions = box.querySelector(".cb-actions");
  function markAll() {
    record.length = 0;
    all(box, ".cb-chapter").forEach(mark);
    reread();
    goOn();
    all(actions, "button").forEach((button) => { button.disabled = !record.length; });
    box.querySelector("[role=status]").textContent = record.length ? "" : "Nothing is answered yet.";
  }

  box.querySelector(".cb-without").hidden = true;
  actions.hidden = false;
  all(actions, "button").forEach((button) => button.addEventListener("click", acts[button.dataset.do]));
  markAll();
  // What is answered in another tab is marked when it comes, and what was, when the reader comes back.
  window.addEventListener("storage", ({ key }) => { if (!key || key.startsWith(NAME)) markAll(); });
  document.addEventListener("visibilitychange", markAll);
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) markAll(); });
})();

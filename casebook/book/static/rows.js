// Rows that fold: style rules choose by the lists; this adds the search, the count, and keeps the choice in the address.
(() => {
  const sieve = document.querySelector(".cb-sieve");
  const rows = [...document.querySelectorAll(".cb-row")];
  const topics = [...document.querySelectorAll(".cb-topic")];
  const [status, button] = sieve.querySelectorAll("[role=status], button");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));
  const isShown = (element) => element.getClientRects().length > 0;

  const choose = () => {
    const words = fold(sieve.elements.q.value).split(/\s+/);
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
})();

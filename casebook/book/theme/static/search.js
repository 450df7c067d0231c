/* The search page: every word must begin a word of a section, a number must be the whole number; titles count most. */
(() => {
  const field = document.getElementById("query");
  const found = document.getElementById("found");
  const results = document.getElementById("results");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/(\d)[,'’\u00a0\u202f](?=\d{3}\b)/g, "$1").replace(/per cent|%/g, " percent").replace(/[ı]/g, "i").replace(/ł/g, "l");
  const split = (text) => fold(text).match(/\d+(?:[.,]\d+)*|[\p{L}\d]+/gu) || [];
  const number = (word) => /^\d/.test(word);

  const pages = CASEBOOK.pages.map(([address, title]) => ({ address, title, words: split(title) }));
  const entries = CASEBOOK.entries.map(([page, anchor, title, text]) => ({ page: pages[page], anchor, title, text, heads: split(title) }));
  const alike = new Map();
  CASEBOOK.spellings.forEach((group) => {
    const words = group.map(fold);
    words.forEach((word) => alike.set(word, new Set([...(alike.get(word) || []), ...words])));
  });

  const names = CASEBOOK.names.map((group) => group.map(split));
  const wordsOf = (entry) => { entry.words = entry.words || split(entry.text); return entry.words; };

  /* What was asked, and the same with another name of the glossary for one that stands in it. */
  function ways(words) {
    const found = [words];
    names.forEach((group) => group.forEach((name) => {
      const at = words.findIndex((_, i) => name.every((word, n) => words[i + n] === word));
      if (at < 0) return;
      group.filter((other) => other !== name).forEach((other) => {
        found.push([...words.slice(0, at), ...other, ...words.slice(at + name.length)]);
      });
    }));
    return found;
  }

  // "EU" is no beginning of "Europe"; "Kurils" finds "Kuril".
  const fits = (wanted) => (word) => word === wanted || (wanted.length > 2 && !number(wanted)
    && (word.startsWith(wanted) || (wanted.length > 4 && wanted === `${word}s`)));

  /* Whether two words differ by so few letters, left out, put in, changed or swapped. */
  function near(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let before = [], row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + !same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[other.length] <= most;
  }

  /* A word that stands nowhere in the book is read as those that are spelt almost like it. */
  let known;
  const given = new Set(names.flat(2));
  function guessed(word) {
    known = known || new Set(entries.flatMap((entry) => [...entry.heads, ...wordsOf(entry)]));
    if (word.length < 5 || number(word) || given.has(word) || alike.has(word)) return [];
    const all = [...known];
    if (all.some(fits(word))) return [];
    return all.filter((other) => !number(other) && near(word, other, word.length < 8 ? 1 : 2));
  }
  const variants = (word) => {
    const others = guessed(word);
    return others.length ? others : [...(alike.get(word) || [word])];
  };

  /* How well an entry answers: 0 if a word is missing. Words that stand side by side as asked count more. */
  function score(entry, asked) {
    wordsOf(entry);
    let sum = 0, heads = 0;
    for (const options of asked) {
      const count = (words) => words.filter((word) => options.some((option) => fits(option)(word))).length;
      const head = count(entry.heads), page = count(entry.page.words), text = count(entry.words);
      if (!head && !page && !text) return 0;
      heads += head;
      sum += (head ? 12 : 0) + (page ? 5 : 0) + Math.min(4, text);
    }
    const words = [...entry.heads, ...entry.words];
    const side = asked.length > 1 && words.some((_, at) => asked.every((options, i) => options.some((option) => words[at + i] && fits(option)(words[at + i]))));
    if (asked.length > 1) sum = side ? sum + 14 : sum / 2;
    sum += 8 * Math.min(1, heads / (entry.heads.length || 1)); // what is asked is all of its title
    if (/^\d/.test(entry.page.title)) sum += 4; // a chapter before a reference page
    return sum;
  }

  /* The part of the text in which most of the words stand closest, with the words marked. */
  function context(entry, asked) {
    const options = asked.flat();
    const hit = (piece) => options.filter((option) => split(piece).some(fits(option))).length;
    const pieces = entry.text.split(/(\s+)/);
    const hits = pieces.map(hit);
    const near = (at) => hits.slice(at, at + 5).reduce((sum, one) => sum + one, 0);
    const best = hits.reduce((found, one, at) => (one && near(at) > near(found) ? at : found), Math.max(0, hits.findIndex(Boolean)));
    const from = Math.max(0, best - 20);
    const line = document.createElement("p");
    if (from > 0) line.append("… ");
    pieces.slice(from, from + 64).forEach((piece, i) => {
      line.append(hits[from + i] ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece);
    });
    if (from + 64 < pieces.length) line.append(" …");
    return line;
  }

  function show(query) {
    const asked = split(query);
    const read = [...new Set(asked.flatMap(guessed))];
    const all = ways(asked).map((words) => words.map(variants));
    const best = (entry) => all
      .map((way) => ({ entry, way, points: score(entry, way) })).reduce((a, b) => (b.points > a.points ? b : a));
    const ranked = !asked.length ? [] : entries.map((entry, at) => ({ at, ...best(entry) }))
      .filter((hit) => hit.points).sort((a, b) => b.points - a.points || a.at - b.at);
    found.textContent = !asked.length ? "Words, names in any spelling, and numbers are found: 499, 2%, Zelensky."
      : !ranked.length ? `Nothing is found for “${query}”. Fewer or shorter words may help.`
      : `${ranked.length === 1 ? "One place" : `${ranked.length} places`} for “${query}”${read.length ? `, read as ${read.join(", ")}` : ""}${ranked.length > 40 ? ", the first 40" : ""}.`;
    results.replaceChildren(...ranked.slice(0, 40).map(({ entry, way }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const row = entry.anchor.endsWith("?words") ? `=${encodeURIComponent(entry.title)}` : ""; // of an explorer
      link.href = `${document.documentElement.dataset.content_root}${entry.page.address}${entry.anchor ? `#${entry.anchor}${row}` : ""}`;
      link.textContent = entry.title || entry.page.title;
      const [number, own] = entry.page.title.split(" · "); // of a page's own title no more is said than its chapter
      const said = entry.title === own ? `Chapter ${number}` : entry.title === entry.page.title ? "" : entry.page.title;
      const where = Object.assign(document.createElement("small"), { textContent: said });
      item.append(link, where, context(entry, way));
      return item;
    }));
  }

  const query = new URLSearchParams(location.search).get("q") || "";
  field.value = query;
  show(query);
  let wait;
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => {
      show(field.value);
      try { history.replaceState(null, "", field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname); } catch (_) { /* a page from disk may refuse */ }
    }, 120);
  });
  field.form.addEventListener("submit", (event) => { event.preventDefault(); show(field.value); });
  if (!query) field.focus();
})();

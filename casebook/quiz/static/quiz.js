/* Judges a quiz form on the spot. Everything it says is already in the page, under "Answer and reasons". */
(function () {
  // Answers stay in the reader's browser; in a private window, or when it is full, nothing is kept.
  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem("casebook:" + key)); } catch (error) { return null; }
    },
    set(key, value) {
      try { localStorage.setItem("casebook:" + key, JSON.stringify(value)); } catch (error) { /* not kept */ }
    },
  };
  const all = (where, what) => [...where.querySelectorAll(what)];
  const make = (tag, values, ...inside) => {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...inside);
    return made;
  };

  // A number as people write it: full-width digits, a real minus sign, the unit, thousands set apart.
  const number = (text, unit) => {
    let plain = text.normalize("NFKC").replace(/[\u2212\u2010-\u2013]/g, "-").trim().toLowerCase();
    const units = [unit.toLowerCase(), unit.toLowerCase().replace(/s$/, "")];
    if (/^percent/.test(units[0])) units.push("percent", "per cent", "%");
    const said = units.find((word) => word && plain.endsWith(word));
    if (said) plain = plain.slice(0, -said.length).trim();
    if (/^[+-]?[1-9]\d{0,2}([\s,'\u2019]\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replace(/[\s,'\u2019]/g, "");
    return /\d/.test(plain) ? Number(plain.replace(/^([+-]?) *(\d*),(\d+)$/, "$1$2.$3").replace(/^([+-]) +/, "$1")) : NaN;
  };
  const digits = (value) => (String(value).split(".")[1] || "").length;
  // Two numbers that are the same once the finer is rounded as the coarser: 25.18 and 25.2.
  const alike = (a, b) => Math.abs(a - b) <= 0.5 * 10 ** -Math.min(digits(a), digits(b)) + 1e-9;

  // What the reader gave: a value for each list or field, or for each chosen option.
  const controls = (form) => all(form, "select, input[type=text]");
  const answers = (form) => {
    const fields = controls(form);
    return (fields.length ? fields : all(form, "input:checked")).map((field) => field.value);
  };
  // Quotation marks may have been typed or set since an answer was kept.
  const typed = (text) => text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
  const restore = (form, given) => {
    controls(form).forEach((field, i) => {
      const held = [...(field.options || [])].find((option) => typed(option.value) === typed(given[i] || ""));
      field.value = held ? held.value : given[i] || "";
    });
    all(form, "input:not([type=text])").forEach((box) => { box.checked = given.includes(box.value); });
  };
  const labels = (form) => all(form, ".cb-pick > span").map((label) => label.textContent);
  // The same in words, for the reader's record.
  const inWords = (form, given) => {
    const picks = labels(form), chosen = all(form, "input:checked + span");
    return (picks.length ? picks.map((text, i) => `${text}: ${given[i]}`)
      : chosen.length ? chosen.map((text) => text.textContent.trim().replace(/\s+/g, " ")) : given).join("; ");
  };

  // The reason that the page holds for a value of the answer.
  const reason = (form, is) => {
    const place = all(form, "details [data-value]").find((part) => is(part.dataset.value));
    if (!place) return "";
    return (place.matches(".cb-reason") ? place : place.querySelector(".cb-reason") || { textContent: "" }).textContent;
  };
  const reasonFor = (form, value) => reason(form, (held) => held === value);

  // How each type of question is judged: [right (null: no verdict), ...what is said].
  const judges = {
    judgement: (form, given) => [null, ...given.map((value) => reasonFor(form, value))],
    criterion: (form, given) => [null, reasonFor(form, given.join("|")) || "No source of this book tells of such an act."],
    numeric(form, [text], [key]) {
      const value = number(text, form.dataset.unit), tolerance = Number(form.dataset.tolerance);
      if (Number.isNaN(value)) return [false, "Please write a number, for example 1200 or 0.6."];
      const off = (other) => Math.abs(value - other);
      if (off(key) <= tolerance + 1e-9) return [true, reasonFor(form, "right")];
      const near = all(form, "details [data-value]").map((part) => Number(part.dataset.value))
        .filter((other) => alike(value, other) || off(other) <= tolerance + 1e-9).sort((a, b) => off(a) - off(b))[0];
      if (near !== undefined) return [false, reason(form, (held) => Number(held) === near)];
      return [false, off(key) <= 0.02 * Math.abs(key) ? "Close, but rounded too far or slightly off: work it out once more."
        : "Look at the figure or the source again: which numbers does the question name?"];
    },
    order(form, given, key) {
      const wrong = labels(form).map((text, i) => [text, given[i] - key[i]]).filter(([, by]) => by);
      const said = wrong.map(([text, by]) => `“${text}” comes ${by > 0 ? "earlier" : "later"}. ${reasonFor(form, text)}`);
      return wrong.length ? [false, ...said] : [true, reasonFor(form, "right")];
    },
    match(form, given, key) {
      const wrong = labels(form).map((text, i) => [text, i]).filter(([, i]) => given[i] !== key[i]);
      const said = wrong.map(([text, i]) => `“${text}” does not go with “${given[i]}”. ${reasonFor(form, text)}`);
      return wrong.length ? [false, ...said] : [true, reasonFor(form, "right")];
    },
    options(form, given, key) {
      const right = given.filter((value) => key.includes(value)), missing = key.length - right.length;
      // of what was chosen the wrong ones are told first
      const told = [...given.filter((value) => !key.includes(value)), ...right].map((value) => reasonFor(form, value));
      if (missing && right.length === given.length) told.push(`${missing === 1 ? "One more is" : missing + " more are"} right.`);
      return [!missing && right.length === given.length, ...told];
    },
  };

  function check(form, kept) {
    const status = form.querySelector("[role=status]"), given = answers(form);
    if (!given.length || given.some((value) => value.trim() === "")) {
      form.dataset.result = "";
      status.textContent = "Please answer first.";
      return;
    }
    const judge = judges[form.dataset.type] || judges.options;
    const [right, ...said] = judge(form, given, JSON.parse(form.dataset.key));
    form.dataset.result = right === null ? "seen" : right ? "right" : "wrong";
    const verdict = right === null ? [] : [make("strong", { textContent: right ? "Right." : "Not yet." })];
    status.replaceChildren(...said.map((text, i) => make("p", {}, ...(i ? [] : verdict), i || !verdict.length ? "" : " ", text)));
    const from = form.querySelector("details .cb-from");
    if (from) status.after(from);
    if (!kept) keep(form, given);
    score(form.closest(".cb-quiz"));
  }

  // What is kept of a question; `first` is how the first answer was judged.
  function keep(form, given) {
    const before = store.get(form.id), result = form.dataset.result, hash = form.dataset.hash;
    const same = before && before.hash === hash;
    store.set(form.id, {
      hash, given, result, at: new Date().toISOString(), times: same ? before.times + 1 : 1,
      first: same ? before.first : result, said: inWords(form, given), variant: Number(form.dataset.variant || 0),
    });
    store.set("last", { id: form.id, page: location.pathname.split("/").pop() });
  }

  // The lists of an ordering question hold places, those of others what can be chosen.
  function fill(form) {
    const lists = all(form, "select");
    const choices = all(form, ".cb-choices li").map((choice) => choice.textContent);
    lists.forEach((list) => {
      const own = list.dataset.choices ? JSON.parse(list.dataset.choices) : choices;
      const texts = own.length ? own : lists.map((_, i) => String(i + 1));
      list.replaceChildren(new Option(own.length ? "choose" : "place", ""), ...texts.map((text) => new Option(text, text)));
    });
  }

  // The other variants of a chapter's questions are in one file, which is loaded when one is wanted.
  let variants;
  const load = (quiz) => variants || (variants = new Promise((done, failed) => {
    window.casebookVariants = done;
    document.head.append(make("script", { src: quiz.dataset.more, onerror: failed }));
  }));

  // Put the variant with this number in the form's place; its id and its heading stay.
  async function change(form, to) {
    const held = (await load(form.closest(".cb-quiz")))[form.dataset.id];
    const next = make("template", { innerHTML: held[to % held.length] }).content.firstElementChild;
    const count = form.querySelector(".cb-count");
    next.id = form.id;
    next.dataset.variants = held.length;
    next.dataset.variant = to % held.length;
    next.querySelector(".cb-count").replaceWith(count);
    form.replaceWith(next);
    return next;
  }
  function offerAnother(form) {
    if (!form.dataset.variants || !form.closest(".cb-quiz").dataset.more) return;
    const button = make("button", { type: "button", className: "cb-another", textContent: "Another one" });
    button.addEventListener("click", async () => {
      const quiz = form.closest(".cb-quiz");
      try {
        const next = await change(form, Number(form.dataset.variant || 0) + 1);
        ready(next);
        const legend = next.querySelector("legend");
        legend.tabIndex = -1;
        legend.focus();
        score(quiz);
      } catch (error) { form.querySelector("[role=status]").textContent = "The other variants cannot be loaded."; }
    });
    form.querySelector(".cb-actions").append(button);
  }

  function ready(form) {
    fill(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); check(form); });
    offerAnother(form);
    const link = make("a", { className: "cb-link", href: `#${form.id}`, textContent: "#" });
    link.setAttribute("aria-label", "Link to this question");
    form.querySelector(".cb-actions").append(link);
  }

  // What was answered on an earlier visit comes back with its verdict, which is not read aloud again.
  async function begin(form) {
    ready(form);
    const kept = store.get(form.id);
    if (!kept || !kept.hash || !Array.isArray(kept.given)) return;
    if (kept.hash !== form.dataset.hash && kept.variant && form.dataset.variants && form.closest(".cb-quiz").dataset.more) {
      try { ready(form = await change(form, kept.variant)); } catch (error) { return; }
    }
    if (kept.hash !== form.dataset.hash) return; // the question has changed since
    restore(form, kept.given);
    const status = form.querySelector("[role=status]");
    status.setAttribute("aria-live", "off");
    check(form, kept);
    setTimeout(() => status.removeAttribute("aria-live"), 1000);
  }

  // How far the reader is in this chapter's own questions; those of earlier chapters are counted there.
  const own = (quiz) => all(quiz, "form:not([id$='-again'])");
  function score(quiz) {
    const forms = own(quiz), with_ = (result) => forms.filter((form) => form.dataset.result === result).length;
    const right = with_("right"), done = right + with_("wrong") + with_("seen");
    const box = quiz.querySelector(".cb-score");
    box.querySelector("progress").value = done;
    box.querySelector("span").textContent = `${done} of ${forms.length} answered, ${right} right`;
  }
  function addScore(quiz) {
    const bar = make("progress", { max: own(quiz).length, value: 0 });
    bar.setAttribute("aria-label", "Questions answered");
    const page = make("a", { href: quiz.dataset.progress, textContent: "Your progress" });
    quiz.prepend(make("p", { className: "cb-score" }, bar, make("span"), page));
    score(quiz);
  }

  // A notebook may show several quizzes, or one again.
  document.querySelectorAll(".cb-quiz:not([data-live])").forEach((quiz) => {
    quiz.dataset.live = "";
    addScore(quiz);
    quiz.querySelectorAll("form").forEach(begin);
  });
})();

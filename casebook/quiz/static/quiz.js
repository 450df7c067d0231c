/* Judges a quiz form on the spot. Everything it says is already in the page, under "Answer and reasons". */
(function () {
  // Answers stay in the reader's browser; in a private window nothing is kept.
  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem("casebook:" + key)); } catch (error) { return null; }
    },
    set(key, value) {
      try { localStorage.setItem("casebook:" + key, JSON.stringify(value)); } catch (error) { /* not kept */ }
    },
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

  // What the reader gave: a value for each list or field, or for each chosen option.
  const controls = (form) => [...form.querySelectorAll("select, input[type=text]")];
  const answers = (form) => {
    const fields = controls(form);
    return (fields.length ? fields : [...form.querySelectorAll("input:checked")]).map((field) => field.value);
  };
  const restore = (form, given) => {
    controls(form).forEach((field, i) => { field.value = given[i] || ""; });
    form.querySelectorAll("input:not([type=text])").forEach((box) => { box.checked = given.includes(box.value); });
  };

  // The reason that the page holds for a value of the answer.
  const reason = (form, is) => {
    const place = [...form.querySelectorAll("details [data-value]")].find((part) => is(part.dataset.value));
    return place ? (place.querySelector(".cb-reason") || place).textContent : "";
  };
  const reasonFor = (form, value) => reason(form, (held) => held === value);

  // How each type of question is judged: [right (null: no verdict), what is said].
  const judges = {
    judgement: (form, given) => [null, given.map((value) => reasonFor(form, value))],
    numeric(form, [text], [key]) {
      const value = number(text, form.dataset.unit);
      if (Number.isNaN(value)) return [false, ["Please write a number, for example 1200 or 0.6."]];
      const near = (other, by) => Math.abs(value - Number(other)) <= by + 1e-9;
      if (near(key, Number(form.dataset.tolerance))) return [true, [reasonFor(form, "right")]];
      return [false, [reason(form, (held) => near(held, 0)) || "Not this. Look at the figure or the source again."]];
    },
    places(form, given, key) {
      const wrong = given.filter((value, i) => value !== key[i]).length;
      if (wrong) return [false, [`Not yet: ${wrong} of ${key.length} are in the wrong place.`]];
      return [true, ["Right. " + reasonFor(form, "right")]];
    },
    options(form, given, key) {
      const allRight = given.every((value) => key.includes(value));
      const said = given.map((value) => reasonFor(form, value));
      if (allRight && given.length < key.length) said.push("Something is still missing.");
      return [allRight && given.length === key.length, said];
    },
  };
  judges.order = judges.match = judges.places;
  judges.single = judges.multiple = judges.options;

  function check(form) {
    const status = form.querySelector("[role=status]");
    const given = answers(form);
    if (!given.length || given.some((value) => value.trim() === "")) {
      form.dataset.result = "";
      status.textContent = "Please answer first.";
      return;
    }
    const [right, said] = judges[form.dataset.type](form, given, JSON.parse(form.dataset.key));
    form.dataset.result = right === null ? "" : right ? "right" : "wrong";
    status.replaceChildren(...said.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    store.set(form.id, given);
  }

  // The lists of an ordering question hold places, those of a matching one the choices that stand beneath.
  function fill(form) {
    const lists = [...form.querySelectorAll("select")];
    const choices = [...form.querySelectorAll(".cb-choices li")].map((choice) => choice.textContent);
    const texts = choices.length ? choices : lists.map((_, i) => String(i + 1));
    lists.forEach((list) => list.replaceChildren(
      new Option(choices.length ? "choose" : "place", ""), ...texts.map((text) => new Option(text, text))));
  }

  // What was answered on an earlier visit comes back with its verdict, which is not read aloud again.
  function begin(form) {
    fill(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); check(form); });
    const kept = store.get(form.id);
    if (!Array.isArray(kept)) return;
    restore(form, kept);
    if (answers(form).join() !== kept.join()) return; // the question has changed since
    const status = form.querySelector("[role=status]");
    status.setAttribute("aria-live", "off");
    check(form);
    setTimeout(() => status.removeAttribute("aria-live"), 1000);
  }

  // A notebook may show several quizzes, or one again.
  document.querySelectorAll(".cb-quiz:not([data-live])").forEach((quiz) => {
    quiz.dataset.live = "";
    quiz.querySelectorAll("form").forEach(begin);
  });
})();

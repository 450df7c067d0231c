/* Judges a quiz form on the spot. Everything it says is already in the page, under "Answer and reasons". */
(function () {
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem("casebook:" + key)); } catch (e) { return null; } },
    set(key, value) { try { localStorage.setItem("casebook:" + key, JSON.stringify(value)); } catch (e) { /* private window: nothing is kept */ } },
  };
  const number = (text) => {
    const plain = text.trim().replace(/[\s\u202f]/g, "").replace(/,(?=\d{3}(\D|$))/g, "").replace(",", ".");
    return plain === "" ? NaN : Number(plain);
  };
  const answers = (form) => {
    const selects = [...form.querySelectorAll("select")];
    if (selects.length) return selects.map((s) => s.value);
    if (form.dataset.type === "numeric") return [form.querySelector("input").value];
    return [...form.querySelectorAll("input:checked")].map((i) => i.value);
  };
  const reason = (form, value) => {
    const place = [...form.querySelectorAll("details [data-value]")].find((e) => e.dataset.value === value);
    return place ? (place.querySelector(".cb-reason") || place).textContent : "";
  };
  function judge(form, given) {
    const key = form.dataset.key;
    if (form.dataset.type === "judgement") return [null, given.map((v) => reason(form, v))];
    if (form.dataset.type === "numeric") {
      const value = number(given[0]);
      if (Number.isNaN(value)) return [false, ["Please write a number, for example 1200 or 0.6."]];
      const right = Math.abs(value - Number(key)) <= Number(form.dataset.tolerance) + 1e-9;
      return [right, [right ? reason(form, "right") : reason(form, String(value)) || "Not this. Look at the figure or the source again."]];
    }
    if (form.querySelector("select")) {
      const wanted = key.split("|");
      const wrong = given.filter((v, i) => v !== wanted[i]).length;
      return [wrong === 0, [wrong ? `Not yet: ${wrong} of ${wanted.length} are in the wrong place.` : "Right. " + reason(form, "right")]];
    }
    const wanted = key.split(",");
    const right = given.length === wanted.length && given.every((v) => wanted.includes(v));
    const said = given.map((v) => reason(form, v));
    if (!right && given.every((v) => wanted.includes(v))) said.push("Something is still missing.");
    return [right, said];
  }
  function check(form) {
    const status = form.querySelector("[role=status]");
    const given = answers(form);
    if (!given.length || given.some((v) => v.trim() === "")) {
      form.dataset.result = "";
      status.textContent = "Please answer first.";
      return;
    }
    const [right, said] = judge(form, given);
    form.dataset.result = right === null ? "" : right ? "right" : "wrong";
    status.replaceChildren(...said.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    store.set(form.id, given);
  }
  const fresh = [...document.querySelectorAll(".cb-quiz:not([data-live])")]; // a notebook may show several, or one again
  fresh.forEach((quiz) => { quiz.dataset.live = ""; });
  fresh.flatMap((quiz) => [...quiz.querySelectorAll("form")]).forEach((form) => {
    form.addEventListener("submit", (event) => { event.preventDefault(); check(form); });
    const kept = store.get(form.id);
    if (!Array.isArray(kept)) return;
    const selects = form.querySelectorAll("select");
    if (selects.length) selects.forEach((s, i) => { s.value = kept[i] || ""; });
    else if (form.dataset.type === "numeric") form.querySelector("input").value = kept[0];
    else form.querySelectorAll("input").forEach((i) => { i.checked = kept.includes(i.value); });
  });
})();

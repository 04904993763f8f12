/* The entry grid. <form data-grid> with rows in [data-grid-rows], cells named alike in each row.
   Enter: next line. Ctrl D: as above. F2: look the SKU up in the palette [data-grid-skus]. Ctrl Enter: submit. Pasted rows are read by the server, into the lines.
   data-grid-keep: what is written is kept as a draft a moment after it changed, and before the form goes; only words around the cells are swapped. */
(() => {
  const form = document.querySelector("form[data-grid]");
  if (!form) return;
  const body = form.querySelector("[data-grid-rows]");
  const rows = () => [...body.querySelectorAll("tr")];
  const cell = (row, name) => row?.querySelector(`input[name="${name}"]`);

  const add = () => {
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    const n = rows().length + 1;
    row.className = "is-blank";
    row.querySelectorAll("[id]").forEach((each) => { each.id = each.id.replace(/\d+$/, n); });
    row.querySelectorAll("[aria-label], [aria-describedby]").forEach((each) => {
      if (each.hasAttribute("aria-label")) each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+/, n));
      if (each.hasAttribute("aria-describedby")) each.setAttribute("aria-describedby", each.getAttribute("aria-describedby").replace(/\d+$/, n));
    });
    row.querySelectorAll("input").forEach((each) => {
      each.value = "";
      if (each.name === "price") each.placeholder = "";
      each.classList.remove("is-invalid");
      each.removeAttribute("aria-invalid");
    });
    row.querySelectorAll("[id^=found-], [id^=amount-]").forEach((each) => each.replaceChildren());
    row.querySelector("td").textContent = n;
    body.append(row);
    return row;
  };

  const step = (name) => {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "step";
    button.value = name;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
  };

  const palette = document.querySelector("dialog[data-grid-skus]");
  let wanted;
  palette?.addEventListener("click", (event) => {
    const found = event.target.closest("[data-sku]");
    if (!found) return;
    palette.close();
    wanted.value = found.dataset.sku;
    cell(wanted.closest("tr"), "quantity").focus();
    wanted.dispatchEvent(new Event("change", { bubbles: true }));
  });
  palette?.addEventListener("close", () => { if (document.activeElement === document.body) wanted.focus(); });

  let waiting;
  let sending = false;
  let submitter;
  const settled = () => new Promise((done) => { setTimeout(done, 2 * window.htmx.config.defaultSettleDelay); });
  const keep = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (sending) { keep(); return; }
      sending = true;
      try {
        await window.htmx.ajax("POST", form.action, { source: form, swap: "none", values: { step: "keep" } });
        await settled();
      } finally {
        sending = false;
        if (submitter) form.requestSubmit(submitter);
      }
    }, 500);
  };
  if (form.hasAttribute("data-grid-keep") && window.htmx) {
    form.addEventListener("change", (event) => { if (event.target.name !== "pasted") keep(); });
    form.addEventListener("submit", (event) => {
      clearTimeout(waiting);
      if (!sending) return;
      event.preventDefault();
      submitter = event.submitter; /* goes on when the draft is kept, as its next version */
    });
  }

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.querySelector("[data-grid-submit]")?.click();
      return;
    }
    const here = event.target.closest("[data-grid-rows] input");
    if (!here) return;
    const at = rows().indexOf(here.closest("tr"));
    if (event.key === "Enter") {
      event.preventDefault();
      cell(rows()[at + 1] ?? add(), "sku").focus();
      here.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const above = cell(rows()[at - 1], here.name);
      if (above) {
        here.value = above.value;
        here.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } else if (event.key === "F2" && palette) {
      event.preventDefault();
      wanted = cell(here.closest("tr"), "sku");
      palette.dispatchEvent(new CustomEvent("palette:open", { detail: wanted.value }));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = cell(rows()[at + (event.key === "ArrowDown" ? 1 : -1)], here.name);
      if (next) { event.preventDefault(); next.focus(); next.select(); }
    }
  });

  form.addEventListener("paste", (event) => {
    if (!event.target.closest("[data-grid-rows]")) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    form.querySelector("[data-grid-pasted]").value = text;
    step("paste");
  });

  form.querySelector("[data-grid-more]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const first = add();
    for (let n = 0; n < 5; n += 1) add();
    cell(first, "sku").focus();
  });

  const wrong = body.querySelector("[aria-invalid]");
  const blank = rows().map((row) => cell(row, "sku")).find((each) => !each.value);
  if (!document.querySelector("[data-error-summary]")) (wrong ?? blank)?.focus();
})();

/* Choosing rows. Inside <form data-bulk>: checkboxes named by data-bulk-item, one data-bulk-all, a bar
   data-bulk-bar with data-bulk-count. Without script the bar is always there and the server counts. */
(() => {
  const refresh = (form) => {
    const items = [...form.querySelectorAll("[data-bulk-item]")];
    const chosen = items.filter((item) => item.checked);
    items.forEach((item) => item.closest("tr")?.classList.toggle("is-selected", item.checked));
    const all = form.querySelector("[data-bulk-all]");
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === items.length;
      all.indeterminate = chosen.length > 0 && chosen.length < items.length;
    }
    const bar = form.querySelector("[data-bulk-bar]");
    if (bar) bar.hidden = chosen.length === 0;
    form.querySelectorAll("[data-bulk-count]").forEach((count) => { count.textContent = String(chosen.length); });
  };
  const every = (root) => root.querySelectorAll("[data-bulk]").forEach(refresh);

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-bulk-all]")) {
      form.querySelectorAll("[data-bulk-item]").forEach((item) => { item.checked = event.target.checked; });
    }
    refresh(form);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-bulk-clear]");
    const form = clear?.closest("[data-bulk]");
    if (!form) return;
    event.preventDefault();
    form.querySelectorAll("[data-bulk-item]").forEach((item) => { item.checked = false; });
    refresh(form);
  });
  document.addEventListener("htmx:afterSettle", () => every(document));
  window.addEventListener("pageshow", () => every(document));
  every(document);
})();

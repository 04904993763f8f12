/* Forms: the error summary takes the focus, a form is sent once, filters apply when they change. */
(() => {
  const greet = (root) => root.querySelector("[data-error-summary]")?.focus();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("data-scan")) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
    if (event.submitter?.formTarget) return; /* a look into a frame: the form stays */
    form.dataset.sending = "yes";
    setTimeout(() => { delete form.dataset.sending; }, 8000);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
  });
  document.addEventListener("htmx:afterSettle", (event) => greet(event.detail.target));
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach((form) => {
    delete form.dataset.sending;
  }));
  greet(document);
})();

/* Dialogs. <a href="/full/page/" data-dialog="id"> opens <dialog id="id">; an empty data-dialog loads
   the page's partial (asked for with HX-Request) into the shared dialog. Without script the link is followed. */
(() => {
  const shared = () => document.querySelector("dialog[data-dialog-shared]");

  const show = (dialog) => {
    if (!dialog.open) dialog.showModal();
    const heading = dialog.querySelector("h1, h2, h3");
    if (heading && !dialog.hasAttribute("aria-label")) {
      heading.id ||= `${dialog.id || "dialog"}-heading`;
      dialog.setAttribute("aria-labelledby", heading.id);
    }
    (dialog.querySelector("[autofocus], .is-invalid, [data-focus]") ?? heading)?.focus();
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const name = opener.dataset.dialog;
      const dialog = name ? document.getElementById(name) : shared();
      if (!dialog || (!name && !window.htmx)) return;
      event.preventDefault();
      opener.closest("details[data-menu]")?.removeAttribute("open");
      dialog.returnTo = opener.closest("details[data-menu]")?.querySelector("summary") ?? opener;
      if (name) return show(dialog);
      window.htmx.ajax("GET", opener.href, { target: dialog.querySelector("[data-dialog-body]") })
        .then(() => { if (dialog.querySelector("[data-dialog-body]").childElementCount) show(dialog); });
      return;
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer?.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    } else if (event.target.matches("dialog.o-dialog") && !event.target.querySelector("form")) {
      event.target.close();
    }
  });

  // The browser gives the focus back by itself, unless the opener stands in a menu that closed.
  document.addEventListener("close", (event) => {
    const at = document.activeElement;
    if (at === document.body || event.target.contains(at)) event.target.returnTo?.focus();
  }, true);
})();

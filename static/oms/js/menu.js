/* <details data-menu>: one open at a time; Escape and a click elsewhere close it; arrows walk it.
   The side drawer has a name while it is open. */
(() => {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  const stops = (menu) => [...menu.querySelectorAll("a[href], button:not([disabled])")];

  document.addEventListener("click", (event) => {
    open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("show.bs.offcanvas", ({ target }) => target.setAttribute("aria-label", target.dataset.label));
  document.addEventListener("hidden.bs.offcanvas", ({ target }) => target.removeAttribute("aria-label"));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (event.key === "Escape") {
      open().forEach((each) => {
        each.open = false;
        if (each === menu) each.querySelector("summary").focus();
      });
    }
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const list = stops(menu);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = list.indexOf(document.activeElement);
      list.at(from < 0 ? (step > 0 ? 0 : -1) : (from + step) % list.length)?.focus();
    }
  });
})();

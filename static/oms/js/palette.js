/* The command palette: Ctrl K (or Cmd K) anywhere. htmx asks /find/; arrows choose; Enter goes.
   Without script its button is a link to the find page. */
(() => {
  const dialog = document.querySelector("dialog[data-palette]");
  if (!dialog) return;
  const field = dialog.querySelector("input[type=search]");
  const list = dialog.querySelector("[data-palette-results]");
  const options = () => [...list.querySelectorAll("[role=option]")];

  const choose = (index) => {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const chosen = all[index];
    field.setAttribute("aria-expanded", String(all.length > 0));
    if (chosen) {
      field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  const open = () => {
    if (!dialog.open) dialog.showModal();
    field.select();
    field.dispatchEvent(new Event("palette:ask"));
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) { event.preventDefault(); open(); }
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  field.addEventListener("keydown", (event) => {
    const total = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (total) choose((Math.max(chosen(), step > 0 ? -1 : 0) + step + total) % total);
    }
    const target = options()[chosen()];
    if (event.key === "Enter" && target?.href) { event.preventDefault(); target.click(); }
  });
  list.addEventListener("htmx:afterSwap", () => choose(options().length ? 0 : -1));
})();

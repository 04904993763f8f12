/* The palettes: a field, and a list of what it finds. htmx asks; arrows choose; Enter takes, once the
   list answers what is typed.
   Ctrl K (or Cmd K) opens the one that finds anything; without script its button is a link to the find page.
   Any other is opened by the event "palette:open" on its dialog, with the words to begin with. */
(() => {
  const set = (dialog) => {
    const field = dialog.querySelector("input[type=search]");
    const list = dialog.querySelector("[data-palette-results]");
    const options = () => [...list.querySelectorAll("[role=option]")];
    let answered = null;
    let taking = false;

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

    const take = () => {
      const target = options()[chosen()];
      if (target && target.getAttribute("aria-disabled") !== "true") target.click();
    };

    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("palette:open", (event) => {
      if (!dialog.open) dialog.showModal();
      if (event.detail !== null) field.value = event.detail;
      field.select();
      field.dispatchEvent(new Event("palette:ask"));
    });
    field.addEventListener("keydown", (event) => {
      const total = options().length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (total) choose((Math.max(chosen(), step > 0 ? -1 : 0) + step + total) % total);
      }
      if (event.key === "Enter") {
        event.preventDefault();
        taking = answered !== field.value;
        if (!taking) take();
      }
    });
    field.addEventListener("input", () => { taking = false; });
    list.addEventListener("htmx:afterSwap", (event) => {
      answered = event.detail.requestConfig.parameters[field.name];
      choose(options().length ? 0 : -1);
      if (taking && answered === field.value) { taking = false; take(); }
    });
  };

  document.querySelectorAll("dialog[data-palette]").forEach(set);
  const finder = document.querySelector("dialog[data-palette=find]");
  if (!finder) return;
  const open = (event) => { event.preventDefault(); finder.dispatchEvent(new CustomEvent("palette:open")); };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette-open]")) open(event); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") open(event);
  });
})();

/* Keys. data-key="e" (or "g l", "F4") on a link, button or field clicks or focuses it.
   In <table data-rows>: J K move, X selects, Enter opens the row's document. "/" searches, "?" lists the keys. */
(() => {
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const row = () => document.querySelector("[data-rows] tr.is-here");
  let first = "";
  let clock;

  const act = (target) => {
    if (target.matches("input, textarea, select")) { target.focus(); target.select?.(); } else target.click();
  };
  const bound = (key) => [...document.querySelectorAll("[data-key]")].find(
    (each) => each.dataset.key.toLowerCase() === key && !each.disabled && each.checkVisibility?.() !== false,
  );

  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
    if (!rows.length) return;
    const at = rows.indexOf(row());
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows.forEach((each) => each.classList.toggle("is-here", each === next));
    const link = next.querySelector("a.doc, th a, a");
    (link ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const help = () => {
    const dialog = document.querySelector("dialog[data-keys]");
    if (!dialog) return;
    const list = dialog.querySelector("[data-keys-page]");
    list.replaceChildren();
    document.querySelectorAll("[data-key]").forEach((each) => {
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      const copy = each.cloneNode(true);
      copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
      each.dataset.key.split(" ").forEach((part) => {
        const kbd = document.createElement("kbd");
        kbd.textContent = part.length === 1 ? part.toUpperCase() : part;
        term.append(kbd, " ");
      });
      words.textContent = each.dataset.keyLabel || each.getAttribute("aria-label") || copy.textContent.trim();
      list.append(term, words);
    });
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) { event.preventDefault(); help(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const named = /^F\d+$/.test(event.key);
    if (!named && typing(event.target)) return;
    const key = event.key.toLowerCase();

    const target = bound(first ? `${first} ${key}` : key) ?? bound(key);
    if (target) { event.preventDefault(); first = ""; act(target); return; }
    clearTimeout(clock);
    first = /^[a-z]$/.test(key) ? key : "";
    clock = setTimeout(() => { first = ""; }, 900);

    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "x") row()?.querySelector("input[type=checkbox]")?.click();
    else if (key === "enter" && row() && document.activeElement === document.body) row().querySelector("a")?.click();
    else if (event.key === "?") { event.preventDefault(); help(); }
    else if (event.key === "/") {
      const search = document.querySelector("[data-search], main input[type=search]");
      if (search) { event.preventDefault(); act(search); } else document.querySelector("[data-palette-open]")?.click();
    }
  });
})();

/* What moves by itself. <time data-until datetime="…"> counts down; an element that polls (hx-trigger="every 5s")
   and carries data-live rests while the page is hidden or while someone works inside it. */
(() => {
  const words = document.documentElement.dataset;
  const span = (seconds) => {
    const minutes = Math.max(1, Math.round(seconds / 60));
    const hours = Math.floor(minutes / 60);
    if (hours >= 48) return `${Math.round(hours / 24)} d`;
    if (hours >= 1) return minutes % 60 && hours < 24 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
    return `${minutes} min`;
  };
  const tick = () => document.querySelectorAll("time[data-until]").forEach((clock) => {
    const left = (Date.parse(clock.dateTime) - Date.now()) / 1000;
    const text = (left >= 0 ? words.wordsIn : words.wordsAgo) ?? "{}";
    clock.textContent = text.replace("{}", span(Math.abs(left)));
    clock.classList.toggle("late", left < 0);
    clock.classList.toggle("soon", left >= 0 && left < 7200);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!part.hasAttribute("data-live") || event.detail.requestConfig.triggeringEvent?.type !== "hx:poll:trigger") return;
    const working = part.contains(document.activeElement) || part.querySelector("dialog[open], details[open]");
    if (document.hidden || working) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", tick);
  setInterval(tick, 15000);
  tick();
})();

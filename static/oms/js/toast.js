/* Short messages. The server writes them into the page; an htmx answer sends
   HX-Trigger: {"toast": {"text": "…", "tone": "done", "undo": "/url/"}}. Refusals stay until dismissed. */
(() => {
  const stay = 8000;
  const region = (tone) => document.querySelector(tone === "stop" ? "[data-toasts=alert]" : "[data-toasts=status]");

  const expire = (toast) => {
    if (toast.hasAttribute("data-stays")) return;
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? 10000 : stay); };
    const wait = () => clearTimeout(timer);
    toast.addEventListener("mouseenter", wait);
    toast.addEventListener("focusin", wait);
    toast.addEventListener("mouseleave", start);
    toast.addEventListener("focusout", start);
    start();
  };

  const say = ({ text, tone = "done", undo = "" }) => {
    const template = document.querySelector("template[data-toast]");
    const place = region(tone);
    if (!template || !place) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector("[data-toast-text]").textContent = text;
    toast.querySelectorAll("[data-shape]").forEach((shape) => {
      if (shape.dataset.shape !== (tone === "stop" ? "stop" : "done")) shape.remove();
    });
    const form = toast.querySelector("form");
    if (undo) form.action = undo; else form.remove();
    toast.toggleAttribute("data-stays", tone === "stop");
    place.append(toast);
    expire(toast);
  };

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-toast-close]");
    if (closer) closer.closest(".o-toast").remove();
  });
  document.addEventListener("toast", (event) => say(event.detail));

  const failed = (key, request) => {
    const words = document.querySelector("template[data-toast]")?.dataset ?? {};
    const id = request?.getResponseHeader?.("X-Request-ID");
    say({ text: `${words[key] ?? "That did not work."}${id ? ` (${id})` : ""}`, tone: "stop" });
  };
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (![400, 409, 422].includes(xhr.status) && !requestConfig.elt.hasAttribute("data-live")) failed("failed", xhr);
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.requestConfig.elt.hasAttribute("data-live")) failed("offline");
  });
  document.querySelectorAll(".o-toast").forEach(expire);
})();

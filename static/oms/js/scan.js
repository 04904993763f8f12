/* The scan field: the first input of <form data-scan>, a plain POST; with htmx the answer lands in the page.
   Buttons outside .o-scan act by themselves. Focus comes back after every answer, unless somebody types
   elsewhere by then; Enter ends a code, each verdict is heard (high short: right, two low: wrong) and felt.
   The sound is chosen with [data-sound-toggle] and remembered on this device. */
(() => {
  const memory = "oms-sound";
  const muted = () => localStorage.getItem(memory) === "off";
  const forms = () => document.querySelectorAll("form[data-scan]");
  const field = (form) => form?.querySelector("input:not([type=hidden])");
  let audio;

  const wake = () => {
    audio ??= window.AudioContext ? new AudioContext() : undefined;
    if (audio?.state === "suspended") audio.resume();
  };
  const tone = (pitch, at, length) => {
    const voice = audio.createOscillator();
    const level = audio.createGain();
    voice.type = "square";
    voice.frequency.value = pitch;
    level.gain.setValueAtTime(0.08, audio.currentTime + at);
    level.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + length);
    voice.connect(level).connect(audio.destination);
    voice.start(audio.currentTime + at);
    voice.stop(audio.currentTime + at + length);
  };
  const tell = (verdict) => {
    const right = verdict === "done";
    navigator.vibrate?.(right ? 40 : [120, 80, 120]);
    if (muted() || !audio) return;
    if (right) tone(1320, 0, 0.09);
    else if (verdict === "wait") tone(620, 0, 0.22);
    else { tone(220, 0, 0.18); tone(180, 0.24, 0.26); }
  };
  const showSound = () => document.querySelectorAll("[data-sound-toggle]").forEach((toggle) => {
    toggle.hidden = false;
    toggle.setAttribute("aria-pressed", String(!muted()));
    toggle.querySelectorAll("[data-sound]").forEach((part) => {
      part.hidden = (part.dataset.sound === "off") !== muted();
    });
  });

  document.addEventListener("keydown", wake, { once: true });
  document.addEventListener("pointerdown", wake, { once: true });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sound-toggle]")) return;
    localStorage.setItem(memory, muted() ? "on" : "off");
    showSound();
    if (!muted()) { wake(); tell("done"); }
    field(forms()[0])?.focus();
  });

  /* A scanner is quicker than an answer: codes wait their turn, and what is half typed stays typed. */
  const waiting = [];
  let asking = false;
  const isScan = (node) => Boolean(node?.closest?.("form[data-scan]"));
  const askNext = () => {
    asking = false;
    const input = field(forms()[0]);
    if (!waiting.length || !input) { waiting.length = 0; return; }
    const typed = input.value;
    input.value = waiting.shift();
    input.form.requestSubmit();
    input.value = typed;
  };

  document.addEventListener("submit", (event) => {
    const input = event.target.matches("form[data-scan]") && field(event.target);
    if (!input || (event.submitter && !event.submitter.closest(".o-scan"))) return;
    if (asking && input.value.trim()) { waiting.push(input.value); input.value = ""; }
    else if (input.value.trim()) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("htmx:beforeSend", (event) => {
    const form = event.detail.elt.closest("form[data-scan]");
    if (!form) return;
    asking = true;
    form.dataset.sent = field(form).value;
    field(form).value = "";
  });
  const failed = (event) => {
    if (!isScan(event.detail.elt)) return;
    asking = false;
    const input = field(event.detail.elt.closest("form[data-scan]"));
    if (!input.value) { input.value = input.form.dataset.sent ?? ""; input.select(); }
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", (event) => {
    if (![400, 409, 422].includes(event.detail.xhr.status)) failed(event);
  });
  /* The focus is set with the swap: htmx would follow [autofocus] a moment later, when a hand may be elsewhere. */
  let typed;
  document.addEventListener("htmx:beforeSwap", () => { typed = field(forms()[0])?.value; });
  document.addEventListener("htmx:afterSwap", () => {
    showSound();
    const input = field(forms()[0]);
    if (!input) return;
    if (typed) input.value = typed;
    input.removeAttribute("autofocus");
    const elsewhere = document.activeElement?.closest("input, select, textarea");
    if (!elsewhere) input.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isScan(event.detail.requestConfig?.elt)) return;
    const verdict = document.querySelector("[data-verdict]");
    if (verdict) tell(verdict.dataset.verdict);
    askNext();
  });
  document.addEventListener("click", (event) => {
    const busy = event.target.closest("a, button, input, select, textarea, label, summary, dialog");
    const input = field(forms()[0]);
    if (input && !busy && !document.querySelector("dialog[open]") && !String(getSelection())) input.focus({ preventScroll: true });
  });
  showSound();
  const landed = document.querySelector("[data-verdict]");
  if (landed && forms().length) { navigator.vibrate?.(landed.dataset.verdict === "done" ? 40 : [120, 80, 120]); }
})();

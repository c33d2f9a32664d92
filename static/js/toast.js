// [data-toast] leaves after six seconds; not while the pointer or the focus is on it. [data-dismiss] sends it away at once.
const STAY = 6000;
const region = document.getElementById("toasts");

function start(toast) {
  let timer;
  const run = () => { timer = setTimeout(() => toast.remove(), STAY); };
  const pause = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusout", run);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  run();
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(start);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes) if (node instanceof HTMLElement && node.matches("[data-toast]")) start(node);
  }).observe(region, { childList: true });
}

// While somebody types in a [data-find], what is found comes into its [data-find-panel]. An answer that lags behind is dropped.
const PAUSE = 70;
const asked = new WeakMap();
const words = (field) => field.value.trim().replace(/\s+/g, " ");

function put(root, html) {
  const panel = root.querySelector("[data-find-panel]");
  panel.innerHTML = html;
  root.dispatchEvent(new CustomEvent("find:answered", { bubbles: true }));
}

async function ask(root) {
  asked.get(root)?.abort();
  const question = words(root.querySelector("input[type=search]"));
  if (!question) return put(root, "");
  const stop = new AbortController();
  asked.set(root, stop);
  const wanted = new URLSearchParams({ q: question, type: root.dataset.kind ?? "" });
  try {
    const answer = await fetch(`${root.dataset.find}?${wanted}`, { signal: stop.signal });
    if (answer.ok) put(root, await answer.text());
  } catch (failure) {
    if (failure.name !== "AbortError") put(root, "");
  }
}

const waiting = new WeakMap();
function soon(root) {
  clearTimeout(waiting.get(root));
  waiting.set(root, setTimeout(ask, PAUSE, root));
}

for (const kind of ["input", "compositionend"]) {
  document.addEventListener(kind, (event) => {
    const root = event.target.closest("[data-find]");
    if (!root || event.isComposing) return;
    delete root.dataset.kind;
    soon(root);
  });
}
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-find-kind]");
  if (!chip) return;
  const root = chip.closest("[data-find]");
  root.dataset.kind = chip.dataset.findKind;
  root.querySelector("input[type=search]").focus();
  ask(root);
});
document.addEventListener("keydown", (event) => {
  const root = event.key === "Escape" && event.target.closest?.("[data-find]");
  if (!root) return;
  clearTimeout(waiting.get(root));
  asked.get(root)?.abort();
});
// Words that were typed before this script was there.
document.addEventListener("find:use", (event) => {
  const root = event.target.closest("[data-find]");
  if (!asked.has(root) && words(event.target) && words(event.target) !== event.target.defaultValue) ask(root);
});

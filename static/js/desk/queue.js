// [data-queue]: j and k walk its rows, x ticks one (Shift-click a range), Enter opens it. Letters act unless they are switched off.
const off = document.documentElement.dataset.letterKeys === "off";
const queue = document.querySelector("[data-queue]");
const boxes = queue ? [...queue.querySelectorAll("tbody input[type=checkbox]")] : [];
const said = queue?.querySelector("[data-queue-count]");
let at = -1;
let last = -1;

function go(to) {
  boxes[at]?.closest("tr").classList.remove("at");
  at = Math.max(0, Math.min(boxes.length - 1, to));
  boxes[at]?.closest("tr").classList.add("at");
  boxes[at]?.focus();
}

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  if (said) said.textContent = ticked ? `${ticked} / ${boxes.length}` : "";
}

const keys = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  x: () => boxes[at]?.click(),
  Enter: () => boxes[at]?.closest("tr").querySelector("a")?.click(),
};

if (queue) {
  queue.addEventListener("click", (event) => {
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && last >= 0)
      for (const box of boxes.slice(Math.min(here, last), Math.max(here, last) + 1)) box.checked = event.target.checked;
    last = at = here;
    count();
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), select, textarea, button, a, dialog[open]");
    if (field || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (off && event.key.length === 1) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// [data-key="x"]: the key x clicks what leads somewhere, and goes into what is filled in, out of its folds. Not while somebody types;
// Escape leaves a field. What is there for keys alone is shown once they work. Readers may switch single keys off.
const off = document.documentElement.dataset.letterKeys === "off";
const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";

function go(goal) {
  if (goal.matches("a, [data-opens]")) return goal.click();
  for (let fold = goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  goal.focus();
  goal.scrollIntoView({ block: "center" });
}

if (!off) for (const one of document.querySelectorAll("[data-key][hidden]")) one.hidden = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog[open]")) return;
  const field = event.target.closest(typing);
  if (field && event.key === "Escape") field.blur();
  const goal = field || off ? null : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!goal) return;
  event.preventDefault();
  go(goal);
});

// "/" and Ctrl/Cmd-K go to the search field of the page, or open the search dialog, as [data-search-link] does. What dresses a field
// (js/find.js) is fetched when one is first used, so that nobody waits for it who does not search. "/" acts unless single keys are off.
const off = document.documentElement.dataset.letterKeys === "off";
const dialog = document.getElementById("find");
let dressed;

function dress(field) {
  if (!dialog) return;
  dressed ??= import(dialog.dataset.findModule);
  dressed.then(() => field.dispatchEvent(new CustomEvent("find:use", { bubbles: true })));
}

function search(event) {
  const field = document.querySelector("main [data-find] input[type=search]");
  if (!field && !dialog) return;
  event.preventDefault();
  if (field) return field.select();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").select();
}

// A page of results tells what became of them.
if (dialog && document.querySelector("main [data-answer]")) dressed = import(dialog.dataset.findModule);
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-find] input[type=search]")) dress(event.target);
});
document.addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const slash = !off && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (letter || (slash && !writing)) search(event);
});
document.addEventListener("click", (event) => {
  if (dialog && event.target.closest("[data-search-link]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) search(event);
});

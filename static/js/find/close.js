// The panel of a [data-find] shows while there is something in it. Escape closes it, and then clears the field; so does leaving it.
// In the dialog the second Escape closes that too: with an empty field, the first.
const panelOf = (root) => root.querySelector("[data-find-panel]");
const fieldOf = (root) => root.querySelector("input[type=search]");

function show(root, shown) {
  panelOf(root).hidden = !shown;
  fieldOf(root).setAttribute("aria-expanded", String(shown && Boolean(root.querySelector("[data-options]"))));
  if (!shown) fieldOf(root).removeAttribute("aria-activedescendant");
}

function escape(root, event) {
  const field = fieldOf(root);
  const dialog = root.closest("dialog");
  if (!panelOf(root).hidden) show(root, false);
  else if (field.value) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (!dialog) return;
  if (dialog && !field.value && panelOf(root).hidden) return;
  event.preventDefault();
}

document.addEventListener("find:answered", (event) => show(event.target, Boolean(panelOf(event.target).firstElementChild)));
document.addEventListener("keydown", (event) => {
  const root = event.target.closest?.("[data-find]");
  if (!root || event.isComposing) return;
  if (event.key === "Escape") escape(root, event);
  else if (event.key === "ArrowDown" && event.target === fieldOf(root) && panelOf(root).hidden && panelOf(root).firstElementChild) {
    event.preventDefault();
    root.dispatchEvent(new CustomEvent("find:answered", { bubbles: true }));
  }
});
document.addEventListener("focusout", (event) => {
  const root = event.target.closest?.("[data-find]");
  if (root && !root.closest("dialog") && event.relatedTarget && !root.contains(event.relatedTarget)) show(root, false);
});
document.addEventListener("pointerdown", (event) => {
  for (const root of document.querySelectorAll("main [data-find]")) if (!root.contains(event.target)) show(root, false);
});

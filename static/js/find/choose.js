// The field of a [data-find] is a combobox over the links in its [data-options] (WAI-ARIA Authoring Practices, list autocomplete): the
// arrows choose, Enter opens, the first is chosen already; the <template> after the chosen one is shown in [data-peek].
const fieldOf = (root) => root.querySelector("input[type=search]");
const options = (root) => [...root.querySelectorAll("[data-options] > a")];
const chosen = (root) => root.querySelector('[data-options] > [aria-selected="true"]');

function choose(root, option) {
  for (const one of options(root)) one.setAttribute("aria-selected", String(one === option));
  fieldOf(root).setAttribute("aria-activedescendant", option.id);
  root.querySelector("[data-peek]")?.replaceChildren(option.nextElementSibling.content.cloneNode(true));
}

function dress(root) {
  const field = fieldOf(root);
  const list = root.querySelector("[data-options]");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", String(Boolean(list))]]) field.setAttribute(name, value);
  for (const name of ["aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
  if (!list) return;
  list.id = `${field.id}-hits`;
  list.setAttribute("role", "listbox");
  field.setAttribute("aria-controls", list.id);
  for (const [number, option] of options(root).entries()) {
    option.id = `${list.id}-${number + 1}`;
    option.setAttribute("role", "option");
    option.tabIndex = -1;
  }
  choose(root, options(root)[0]);
}

function step(root, by) {
  const all = options(root);
  const next = all[(all.indexOf(chosen(root)) + by + all.length) % all.length];
  choose(root, next);
  next.scrollIntoView({ block: "nearest" });
}

// Results that lag behind what is typed must not be opened: then Enter sends the form.
const answers = (root) => root.querySelector("[data-question]")?.dataset.question === fieldOf(root).value.trim().replace(/\s+/g, " ");
const KEYS = {
  ArrowDown: (root) => step(root, 1),
  ArrowUp: (root) => step(root, -1),
  Enter: (root) => answers(root) && chosen(root).click(),
};

for (const kind of ["find:use", "find:answered"]) document.addEventListener(kind, (event) => dress(event.target.closest("[data-find]")));
document.addEventListener("keydown", (event) => {
  const root = event.target.matches("[data-find] input[type=search]") && event.target.closest("[data-find]");
  if (!root || event.isComposing || !KEYS[event.key] || fieldOf(root).getAttribute("aria-expanded") !== "true") return;
  if (KEYS[event.key](root) !== false) event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  const option = event.target.closest?.('[data-find] [role="option"]');
  if (option && option.getAttribute("aria-selected") !== "true") choose(option.closest("[data-find]"), option);
});

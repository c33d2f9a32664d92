// [data-search] with data-hits="id": a combobox over the links in that element's [data-options]. The arrows choose, Enter opens, Escape
// closes; the <template> after the chosen link is shown in [data-peek]. Without script it is a form and a page of links.
const field = document.querySelector("[data-search][data-hits]");
const region = field && document.getElementById(field.dataset.hits);
const said = document.querySelector("[data-announces]");
const options = () => [...region.querySelectorAll("[data-options] > a")];
const chosen = () => region.querySelector('[aria-selected="true"]');

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  field.setAttribute("aria-activedescendant", option.id);
  region.querySelector("[data-peek]")?.replaceChildren(option.nextElementSibling.content.cloneNode(true));
}

function dress() {
  const list = region.querySelector("[data-options]");
  field.setAttribute("aria-expanded", String(Boolean(list)));
  for (const name of ["aria-controls", "aria-activedescendant"]) field.removeAttribute(name);
  if (said) said.textContent = region.firstElementChild?.dataset.said ?? "";
  if (!list) return;
  list.id = "hits";
  list.setAttribute("role", "listbox");
  field.setAttribute("aria-controls", list.id);
  for (const option of options()) option.setAttribute("role", "option");
  choose(options()[0]);
}

function step(by) {
  const all = options();
  const next = all[(all.indexOf(chosen()) + by + all.length) % all.length];
  choose(next);
  next.scrollIntoView({ block: "nearest" });
}

// Results that lag behind what is typed must not be opened: then Enter sends the form.
const answers = () => region.firstElementChild?.dataset.question === field.value.trim().replace(/\s+/g, " ");

const KEYS = {
  ArrowDown: () => options().length && (step(1), true),
  ArrowUp: () => options().length && (step(-1), true),
  Enter: () => answers() && chosen() && (chosen().click(), true),
  Escape: () => region.childElementCount && (region.replaceChildren(), true),
};

if (region) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  new MutationObserver(dress).observe(region, { childList: true });
  dress();
  field.addEventListener("keydown", (event) => {
    if (!event.isComposing && KEYS[event.key]?.()) event.preventDefault();
  });
  region.addEventListener("pointermove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== chosen()) choose(option);
  });
}

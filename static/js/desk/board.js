// [data-board]: j and k walk the cards of a column, h and l its columns; a, m and g open [data-board-acts] for the card that has the
// focus, at the field that bears the key as data-act. Enter opens the card, as it does any link. Not where single keys are off.
const off = document.documentElement.dataset.letterKeys === "off";
const board = document.querySelector("[data-board]");
const acts = document.querySelector("[data-board-acts]");
const columns = board
  ? [...board.querySelectorAll("section")].map((one) => [...one.querySelectorAll("[data-card]")]).filter((cards) => cards.length)
  : [];

function here() {
  const column = columns.findIndex((cards) => cards.includes(document.activeElement));
  return column < 0 ? null : [column, columns[column].indexOf(document.activeElement)];
}

function go(across, down) {
  const at = here();
  const column = at ? Math.max(0, Math.min(columns.length - 1, at[0] + across)) : 0;
  const row = at ? Math.max(0, Math.min(columns[column].length - 1, at[1] + down)) : 0;
  columns[column]?.[row]?.focus();
}

function act(key) {
  const card = here() && document.activeElement;
  if (!card || !acts) return;
  acts.querySelector("[data-board-chosen]").value = card.dataset.card;
  acts.querySelector("[data-board-title]").textContent = card.textContent;
  acts.closest("dialog").showModal();
  acts.querySelector(`[data-act="${key}"]`).focus();
}

const keys = {
  j: () => go(0, 1),
  k: () => go(0, -1),
  l: () => go(1, 0),
  h: () => go(-1, 0),
  a: () => act("a"),
  m: () => act("m"),
  g: () => act("g"),
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, select, textarea, dialog[open]");
  if (off || !board || field || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

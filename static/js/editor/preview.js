// [data-previews]: shows what its form says now, as the server renders it, a moment after each change.
const REST = 350;
const pane = document.querySelector("[data-previews]");
const source = pane?.closest("form");
let rest, asked = 0;

async function show() {
  const turn = ++asked;
  const sent = new FormData(source);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  const answer = await fetch(pane.dataset.previews, { method: "POST", body: sent }).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = pane.querySelector("details.checks")?.open;
  const checks = made.querySelector("details.checks");
  if (checks && open !== undefined) checks.open = open;
  pane.replaceChildren(...made.body.childNodes);
}

source?.addEventListener("input", () => {
  clearTimeout(rest);
  rest = setTimeout(show, REST);
});

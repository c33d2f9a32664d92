// form[data-keeps]: a file that has come by itself, or was taken away again, counts as typed: the draft is kept anew.
const keeping = document.querySelector("form[data-keeps]");
const keys = () => new FormData(keeping).getAll("file").join(" ");
let attached = keeping && keys();

keeping?.addEventListener("htmx:afterSettle", () => {
  if (keys() === attached) return;
  attached = keys();
  keeping.dispatchEvent(new Event("input"));
});

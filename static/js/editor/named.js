// [data-shows="named"]: of the fields [data-named="kind"] only that of the chosen kind stands there; without script all do.
const kinds = document.querySelector("select[data-shows=named]");
function fit() {
  for (const one of document.querySelectorAll("[data-named]")) one.hidden = one.dataset.named !== kinds.value;
}
if (kinds) {
  kinds.addEventListener("change", fit);
  fit();
}
for (const one of document.querySelectorAll("[data-without-script]")) one.hidden = true;

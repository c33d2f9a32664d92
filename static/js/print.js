// A button that prints the page; hidden where no script runs. Table twins open for the paper.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
window.addEventListener("beforeprint", () => {
  for (const twin of document.querySelectorAll("details.twin:not([open])")) {
    twin.open = true;
    twin.dataset.opened = "for print";
  }
});
window.addEventListener("afterprint", () => {
  for (const twin of document.querySelectorAll("details[data-opened]")) {
    twin.open = false;
    delete twin.dataset.opened;
  }
});

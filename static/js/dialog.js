// [data-opens="id"] opens a native dialog; [data-closes] inside it, or a click on the veil, closes it. The browser gives focus back.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

// form[data-confirm="Question?"] asks in the shared dialog before it is sent; -detail and -yes hold the other words.
const dialog = document.getElementById("confirm");
const agreed = new WeakSet();

function ask(form, submitter) {
  dialog.querySelector("h2").textContent = form.dataset.confirm;
  dialog.querySelector("p").textContent = form.dataset.confirmDetail ?? "";
  const yes = dialog.querySelector('[value="yes"]');
  if (form.dataset.confirmYes) yes.textContent = form.dataset.confirmYes;
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    agreed.add(form);
    form.requestSubmit(submitter);
  }, { once: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!dialog || !form.matches("[data-confirm]") || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, event.submitter);
}, { capture: true });

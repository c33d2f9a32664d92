// [data-copies="id"] copies the text of that element and says so with its data-done words. Hidden until the script is there.
for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.textContent = button.dataset.done;
  document.getElementById("toasts")?.append(toast);
});

// [data-canned] holds a choice of replies; the chosen one is put behind what is typed in [data-canned-into] of its form.
for (const offer of document.querySelectorAll("[data-canned]")) {
  offer.hidden = false;
  const choice = offer.querySelector("select");
  choice.addEventListener("change", () => {
    const box = choice.form.querySelector("[data-canned-into]");
    if (!choice.value || !box) return;
    box.value = box.value ? `${box.value.trimEnd()}\n\n${choice.value}` : choice.value;
    choice.value = "";
    box.focus();
  });
}

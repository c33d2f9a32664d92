// [data-canned] holds a choice of replies and the button that puts one in; here the chosen one goes behind what is typed in
// [data-canned-into] of its form at once, and no button is needed.
for (const offer of document.querySelectorAll("[data-canned]")) {
  const choice = offer.querySelector("select");
  offer.querySelector("button").hidden = true;
  choice.addEventListener("change", () => {
    const box = choice.form.querySelector("[data-canned-into]");
    const text = choice.selectedOptions[0]?.dataset.text;
    if (!text || !box) return;
    box.value = box.value ? `${box.value.trimEnd()}\n\n${text}` : text;
    choice.value = "";
    box.focus();
  });
}

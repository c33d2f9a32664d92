// [data-range]: two dates that stay in order; moving one past the other moves the other along.
for (const form of document.querySelectorAll("[data-range]")) {
  const [from, to] = form.querySelectorAll('input[type="date"]');
  from.addEventListener("change", () => { if (to.value && from.value > to.value) to.value = from.value; });
  to.addEventListener("change", () => { if (from.value && to.value < from.value) from.value = to.value; });
}

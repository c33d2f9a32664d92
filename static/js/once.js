// A form is sent once, however often its button is pressed; one that stays on the page may go again.
const AGAIN = 4000;
const underWay = new Map();

function free(form) {
  underWay.get(form)?.removeAttribute("aria-busy");
  underWay.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (underWay.has(form)) return event.preventDefault();
  underWay.set(form, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(free, AGAIN, form);
});
addEventListener("pageshow", () => [...underWay.keys()].forEach(free));

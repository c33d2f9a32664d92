// form[data-keeps]: what is typed is kept as a draft at each pause, at the address in data-keeps. [data-kept] says when.
// Where that fails (no network, signed out) this tab keeps it, and fills the form in when its page is opened again.
const PAUSE = 1500;
const form = document.querySelector("form[data-keeps]");
const said = form?.querySelector("[data-kept]");
const place = form && `draft ${form.dataset.reader} ${form.dataset.keeps}`;
const SENT = new Set(["csrf_token", "once"]);
let timer, under = false, dirty = false, waiting = null;

function typed() {
  return [...new FormData(form)].filter(([name, text]) => !SENT.has(name) && typeof text === "string");
}

function keepHere() {
  try { sessionStorage.setItem(place, JSON.stringify(typed())); } catch { /* a full or closed store keeps nothing */ }
}

async function save() {
  clearTimeout(timer);
  if (under || !dirty) return;
  [under, dirty] = [true, false];
  try {
    const answer = await fetch(form.dataset.keeps, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    said.textContent = (await answer.json()).said;
    sessionStorage.removeItem(place);
  } catch (failure) {
    keepHere();
    dirty = true;
    said.textContent = failure.message === "401" ? form.dataset.signedOut : form.dataset.unkept;
    if (failure.message !== "401") timer = setTimeout(save, 5 * PAUSE);
  }
  under = false;
  if (waiting) form.requestSubmit(waiting.submitter);
}

function fillIn() {
  const kept = sessionStorage.getItem(place);
  if (!kept) return;
  for (const [name, text] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (field) field.value = text;
  }
  dirty = true;
  save();
}

if (form) {
  fillIn();
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  // A save that came in after the form was handed in would make a draft of it again.
  form.addEventListener("submit", (event) => {
    waiting = under ? { submitter: event.submitter } : null;
    if (waiting) event.preventDefault();
    else clearTimeout(timer);
    keepHere();
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
}
// It is handed in: this tab has nothing to keep any more.
if (document.querySelector("[data-handed-in]"))
  Object.keys(sessionStorage).filter((name) => name.startsWith("draft ")).forEach((name) => sessionStorage.removeItem(name));

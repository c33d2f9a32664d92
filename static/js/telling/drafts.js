// form[data-keeps]: what is typed is kept as a draft at each pause, at the address in data-keeps. [data-kept] says when.
// Where that fails (no network, signed out) this tab keeps it, and fills the form in when its page is opened again.
const PAUSE = 1500;
const form = document.querySelector("form[data-keeps]");
const said = form?.querySelector("[data-kept]");
const place = form && `draft ${form.dataset.reader} ${form.dataset.keeps}`;
let timer, under = false, dirty = false, waiting = null;

function keepHere() {
  const typed = [...new FormData(form)].filter(([name]) => !["csrf_token", "once", "files", "file"].includes(name));
  sessionStorage.setItem(place, JSON.stringify(typed));
}

async function save() {
  clearTimeout(timer);
  if (under || !dirty) return;
  [under, dirty] = [true, false];
  const body = new FormData(form);
  // Files go by themselves.
  body.delete("files");
  const answer = await fetch(form.dataset.keeps, { method: "POST", body }).catch(() => null);
  if (answer?.ok) {
    said.textContent = (await answer.json()).said;
    if (!dirty) sessionStorage.removeItem(place);
  } else {
    keepHere();
    dirty = true;
    said.textContent = answer?.status === 401 ? form.dataset.signedOut : form.dataset.unkept;
    if (answer?.status !== 401) timer = setTimeout(save, 5 * PAUSE);
  }
  under = false;
  if (waiting) form.requestSubmit(waiting.submitter);
}

if (form) {
  for (const [name, text] of JSON.parse(sessionStorage.getItem(place) ?? "[]")) {
    if (form.elements[name]) form.elements[name].value = text;
    dirty = true;
  }
  save();
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

// form[data-autosaves]: saved at each pause. [data-saved] says when; [data-conflict] is shown when somebody else was quicker.
const PAUSE = 1200;
const form = document.querySelector("form[data-autosaves]");
const saved = form?.querySelector("[data-saved]");
const conflict = form?.querySelector("[data-conflict]");
let timer, under = false, dirty = false, waiting = null, sending = false;

function tell(said) {
  conflict.querySelector("[data-said]").textContent = said;
  conflict.hidden = false;
}

// Files go with a save by hand alone.
const holdsFile = () => [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);

async function save() {
  clearTimeout(timer);
  if (under || !dirty || !conflict.hidden) return;
  [under, dirty] = [true, false];
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { "X-Autosave": "1" } });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (told.token) form.elements.token.value = told.token;
    if (answer.status === 409) tell(told.said);
    else if (told.said && !dirty) saved.textContent = told.said;
    if (!answer.ok) dirty = true;
  } catch {
    dirty = true;
  }
  under = false;
  if (waiting) form.requestSubmit(waiting.submitter);
  else if (dirty && conflict.hidden) timer = setTimeout(save, 5 * PAUSE);
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.name === "reader") return;
    dirty = true;
    saved.textContent = form.dataset.unsaved;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  // Sent before the pause's own save is answered, the form would carry the token of before it and be told of a conflict with itself.
  form.addEventListener("submit", (event) => {
    waiting = under ? { submitter: event.submitter } : null;
    if (waiting) event.preventDefault();
    else [dirty, sending] = [false, true];
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("beforeunload", (event) => (dirty || (!sending && holdsFile())) && event.preventDefault());
  setInterval(async () => {
    if (document.hidden || under || !conflict.hidden) return;
    const before = form.elements.token.value;
    const told = await fetch(form.dataset.standing).then((answer) => answer.json()).catch(() => ({ token: before }));
    if (!under && form.elements.token.value === before && told.token !== before) tell(told.said);
  }, 15000);
}

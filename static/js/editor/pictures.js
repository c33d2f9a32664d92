// dialog[data-sends]: a picture dropped into #body, pasted there or chosen; asks what it shows, stores it, writes it into the text.
const box = document.querySelector("dialog[data-sends]");
const text = document.querySelector("form[data-autosaves] #body");
const chosen = box?.querySelector("input[type=file]");
const words = box?.querySelector("#picture-words");
const wrong = box?.querySelector("[role=alert]");

function take(event, files) {
  const picture = [...(files ?? [])].find((file) => file.type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  const held = new DataTransfer();
  held.items.add(picture);
  chosen.files = held.files;
  wrong.hidden = true;
  box.showModal();
  words.focus();
}

function refuse(said) {
  wrong.textContent = said;
  wrong.hidden = false;
}

async function send(event) {
  event.preventDefault();
  const said = words.value.trim().replace(/[[\]]/g, "");
  if (!chosen.files[0] || !said) return refuse(wrong.dataset.missing);
  const sent = new FormData();
  sent.set("image", chosen.files[0]);
  sent.set("csrf_token", text.form.elements.csrf_token.value);
  const answer = await fetch(box.dataset.sends, { method: "POST", body: sent }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!told?.address) return refuse(told?.title ?? wrong.dataset.missing);
  box.close();
  text.dispatchEvent(new CustomEvent("insert-words", { detail: `![${said}](${told.address})` }));
  box.querySelector("form").reset();
}

if (box && text) {
  text.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  text.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  text.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
  box.querySelector("form").addEventListener("submit", send);
}

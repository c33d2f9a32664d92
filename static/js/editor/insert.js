// [data-insert="text"] puts its text into #body as a paragraph of its own; Ctrl or Cmd with [data-key] presses that button.
const body = document.querySelector("form[data-autosaves] #body");

function insert(words) {
  // Behind the line in which the cursor stands.
  const line = body.value.indexOf("\n", body.selectionEnd);
  const place = line < 0 ? body.value.length : line;
  const before = body.value.slice(0, place).trimEnd();
  const after = body.value.slice(place).trimStart();
  body.focus();
  body.setSelectionRange(before.length, body.value.length - after.length);
  const text = `${before ? "\n\n" : ""}${words}\n${after ? "\n" : ""}`;
  // So that the browser can undo it; where it cannot, the text is set.
  if (!document.execCommand("insertText", false, text)) {
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

if (body) {
  // A dialog takes the focus, and some browsers forget the place meanwhile.
  let place;
  body.addEventListener("blur", () => (place = [body.selectionStart, body.selectionEnd]));
  body.addEventListener("insert-words", (event) => {
    body.focus();
    if (place) body.setSelectionRange(...place);
    insert(event.detail);
  });
  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-insert]");
    if (tool) insert(tool.dataset.insert);
  });
  body.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key === "s") {
      event.preventDefault();
      return body.form.requestSubmit(body.form.querySelector('[value="save"].first'));
    }
    const tool = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!tool) return;
    event.preventDefault();
    tool.click();
  });
}

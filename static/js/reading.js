// [data-company] is filled from that address: what the reader's company makes of a text. The form with [data-readings] lends its
// token: after ten seconds on the screen the text counts as read.
const LONG_ENOUGH = 10000;
const company = document.querySelector("[data-company]");
const form = document.querySelector("form[data-readings]");

async function fill() {
  const answer = await fetch(company.dataset.company);
  if (answer.ok) company.innerHTML = await answer.text();
}

function noteLater() {
  let shown = 0;
  const clock = setInterval(() => {
    if (document.visibilityState === "visible") shown += 1000;
    if (shown < LONG_ENOUGH) return;
    clearInterval(clock);
    fetch(form.dataset.readings, { method: "POST", body: new FormData(form), keepalive: true });
  }, 1000);
}

if (company) fill();
if (form) noteLater();

// An answer ([data-answer], signed by the server) is told once what became of it: a result was opened, or the reader left without.
// Of what somebody types only the last answer is told, and only if it stood long enough to be read; going on to the page tells nothing.
const READ = 1500;
let last, seen;

function tell(opened) {
  if (!last || (!opened && Date.now() - seen < READ)) return;
  const body = new FormData();
  for (const [name, value] of [["answer", last.dataset.answer], ["csrf_token", last.dataset.token], ["opened", opened ? "1" : "0"]]) body.append(name, value);
  navigator.sendBeacon(last.dataset.outcomes, body);
  last = undefined;
}

function keep(answer) {
  last = answer ?? undefined;
  seen = Date.now();
}

document.addEventListener("find:answered", (event) => {
  const answer = event.target.querySelector("[data-answer]");
  if (answer && answer !== last) keep(answer);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-answer] a");
  if (link) tell(Boolean(link.closest(".hitrow") || link.closest("[data-peek]")));
});
document.addEventListener("submit", (event) => {
  if (event.target.closest("[data-find]")) last = undefined;
});
document.addEventListener("close", (event) => event.target.id === "find" && tell(false), true);
addEventListener("pagehide", () => tell(false));
keep(document.querySelector("main section[data-answer]"));

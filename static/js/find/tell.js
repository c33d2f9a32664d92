// What was found is said to screen readers once somebody stops typing, and only when it has changed.
const PAUSE = 600;
let waiting;

document.addEventListener("find:answered", (event) => {
  const said = event.target.querySelector("[data-find-said]");
  const words = event.target.querySelector("[data-said]")?.dataset.said ?? "";
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (said.textContent !== words) said.textContent = words;
  }, PAUSE);
});

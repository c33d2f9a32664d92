// The view that is shown stands within its row of tabs or its rail, where those are longer than the screen.
for (const here of document.querySelectorAll(".tabs > [aria-current], .rail nav > [aria-current]")) {
  const row = here.parentElement;
  const [inner, outer] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inner.right > outer.right || inner.left < outer.left) row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  if (inner.bottom > outer.bottom) row.scrollTop += inner.bottom - outer.top - outer.height / 2;
}

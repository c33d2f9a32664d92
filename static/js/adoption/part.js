// [data-part] names an address: what that answers takes its place. The page around it may be kept for longer.
for (const place of document.querySelectorAll("[data-part]")) {
  // Without an answer the link within stays.
  fetch(place.dataset.part, { headers: { "HX-Request": "true" } })
    .then(async (answer) => {
      if (!answer.ok) return;
      const part = document.createRange().createContextualFragment(await answer.text());
      place.replaceWith(part);
    })
    .catch(() => {});
}

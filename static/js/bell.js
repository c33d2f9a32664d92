// [data-bell] says how many notices are unread. It is asked for here, not written into the page: pages may be kept.
const bells = document.querySelectorAll("[data-bell]");

async function ring(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { number, label } = await answer.json();
  for (const bell of bells) {
    bell.setAttribute("aria-label", label);
    if (number) bell.dataset.unread = number;
    else delete bell.dataset.unread;
  }
}

// Without an answer the bell stays a plain link.
if (bells.length) ring(bells[0].dataset.bell).catch(() => {});

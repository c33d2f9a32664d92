// After a failed send the focus goes to the first wrong field; the note above ([data-focus]) counts them.
const wrong = document.querySelector('main form [aria-invalid="true"]') ?? document.querySelector("[data-focus]");
wrong?.focus();

// Keys of the officer's pages: a layer over links and forms that work without it.
"use strict";

const lines = () => [...document.querySelectorAll("a[data-line]")];

function step(by) {
  const all = lines();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  return all.length > 0;
}

function press(key) {
  const found = document.querySelector(`[data-key="${key}"]`);
  if (found?.type === "radio") {
    found.checked = true;
    found.form.querySelector("textarea")?.focus();
  } else {
    found?.click();
  }
  return Boolean(found);
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.act");
  if (event.key === "Enter" && event.ctrlKey && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const isWriting = event.target.closest?.("input:not([type=radio]), textarea, select");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
  // A key held down answers once: the next page is another item's.
  const isDone = (!event.repeat && press(event.key)) || (event.key === "j" && step(1)) || (event.key === "k" && step(-1));
  if (isDone) event.preventDefault();
});

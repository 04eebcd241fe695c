"use strict";

/* Copying an answer with its citations. The buttons need this file, and are shown by it, those of later turns too. */

function showButtons() {
  for (const button of document.querySelectorAll(".copy[hidden]")) {
    button.hidden = false;
  }
}

document.addEventListener("htmx:afterSettle", showButtons);
showButtons();

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) {
    return;
  }
  let copied = true;
  try {
    await navigator.clipboard.writeText(button.dataset.copied);
  } catch {
    copied = false;
  }
  button.textContent = copied ? "Copied" : "The browser does not allow copying";
  const announcement = document.getElementById("announcement");
  if (announcement) {
    announcement.textContent = copied ? "Copied with citations." : "The browser does not allow copying.";
  }
});

"use strict";

/* Copying an answer with its citations. The buttons need this file, and are shown by it, those of later turns too. */

function showButtons() {
  for (const button of document.querySelectorAll(".copy[hidden]")) {
    button.hidden = false;
  }
}

document.addEventListener("htmx:afterSettle", showButtons);
showButtons();

/* Over plain HTTP from another machine browsers have no clipboard for scripts: what is selected in a field can be copied. */
function copySelected(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

async function copy(text) {
  if (!navigator.clipboard) {
    return copySelected(text);
  }
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/* In the place of what the button does, for a moment. */
const SHOWN_MS = 2500;

function showOnce(button, words) {
  button.dataset.tip = words;
  button.classList.add("told");
  setTimeout(() => {
    button.dataset.tip = button.ariaLabel;
    button.classList.remove("told");
  }, SHOWN_MS);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) {
    return;
  }
  const copied = await copy(button.dataset.copied);
  showOnce(button, copied ? "Copied" : "The browser does not allow copying");
  const announcement = document.getElementById("announcement");
  if (announcement) {
    announcement.textContent = copied ? "Copied with citations." : "The browser does not allow copying.";
  }
});

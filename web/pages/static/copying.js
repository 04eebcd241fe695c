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

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) {
    return;
  }
  const copied = await copy(button.dataset.copied);
  button.title = copied ? "Copied" : "The browser does not allow copying";
  button.classList.toggle("done", copied);
  const announcement = document.getElementById("announcement");
  if (announcement) {
    announcement.textContent = copied ? "Copied with citations." : "The browser does not allow copying.";
  }
});

"use strict";

/* What HTML and CSS cannot do in the chat: Enter in the ask box, and a question that is edited.
   Without this file everything still works, with page loads. */

const byId = (id) => document.getElementById(id);

document.addEventListener("keydown", (event) => {
  const editing = event.target.closest?.(".editing[open]");
  if (event.target.matches("#question, .editing textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (editing && event.key === "Escape" && !event.isComposing) {
    event.preventDefault(); // so that it does nothing else
    leaveEditing(editing);
  }
});

/* A question that is edited: the field has the focus, Esc and Cancel leave it as it was. */

function leaveEditing(editing) {
  editing.querySelector("form").reset();
  editing.open = false;
  editing.querySelector("summary").focus();
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches(".editing[open]")) {
      const field = event.target.querySelector("textarea");
      event.target.querySelector("[data-cancel]").hidden = false;
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-cancel]")) {
    leaveEditing(event.target.closest(".editing"));
  }
});

// How it came here from the same conversation in another tab is no part of its address.
if (new URLSearchParams(location.search).has("asked")) {
  history.replaceState(null, "", location.pathname + location.hash);
}

"use strict";

/* What HTML and CSS cannot do in the chat: Enter in the ask box, a question that is edited, and the filters in use.
   Without this file everything still works, with page loads. */

const byId = (id) => document.getElementById(id);

/* The filters of a question that was asked without the ask box hold for the next one too. */
function takeFilters(form) {
  for (const name of Object.keys(FILTERS)) {
    if (form.elements[name] && byId("ask").elements[name]) {
      byId("ask").elements[name].value = form.elements[name].value;
    }
  }
  showFilters();
}

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

/* The filters in use, beside their closed fields: each goes by one click, or all. */

const asDay = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const FILTERS = {
  source: (value) => `Source: ${value.trim()}`,
  published_from: (value) => `From ${asDay.format(new Date(value))}`,
  published_to: (value) => `Until ${asDay.format(new Date(value))}`,
  language: (value) => `Language: ${value}`,
  article: (value) => inArticles(value.trim().split(/\s+/u)),
};

/* Several articles have generated ids, which hold no blanks. */
function inArticles(words) {
  return words.length > 1 && words.every((id) => /^art_[0-9a-f]{16}$/u.test(id)) ? `${words.length} articles` : `Article: ${words.join(" ")}`;
}

function showFilters() {
  const chips = document.querySelector(".ask .chips");
  if (!chips) {
    return; // an index without articles has no filters
  }
  const fields = Object.keys(FILTERS).flatMap((name) => byId("ask").elements[name] ?? []); // one language is no choice
  const filled = fields.filter((field) => field.value.trim());
  chips.replaceChildren(...filled.map((field) => chip("chip", [field])));
  if (filled.length > 1) {
    chips.append(chip("clear-all", filled));
  }
}

/* A copy of the template, which clears these fields; that of a single field names it. */
function chip(template, fields) {
  const made = byId(template).content.firstElementChild.cloneNode(true);
  made.querySelector("bdi")?.append(FILTERS[fields[0].name](fields[0].value));
  made.querySelector("button").addEventListener("click", () => {
    fields.forEach((field) => (field.value = ""));
    showFilters();
    byId("question").focus();
  });
  return made;
}

byId("ask").addEventListener("input", showFilters);
showFilters();

// They come open, for who has no chips.
const unfolded = document.querySelector(".filters[data-at-first]");
if (unfolded) {
  unfolded.open = byId("message").childElementCount > 0; // there is a message on them
  delete unfolded.dataset.atFirst;
}

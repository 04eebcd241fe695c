"use strict";

/* What HTML and CSS cannot do in the chat: the pending turn, Enter in the ask box, Esc on a card, and the filters in use.
   Without this file everything still works, with page loads. */

const byId = (id) => document.getElementById(id);
const isAsking = (form) => form instanceof HTMLFormElement && form.getAttribute("action") === "/ask";
const BUSY_MS = 400; // an answer that is faster shows nothing in between
let pending = null; // {turn, question, button, typed, timer} while a question is being answered

/* The filters of a question that was asked without the ask box hold for the next one too. */
function takeFilters(form) {
  for (const name of Object.keys(FILTERS)) {
    if (form.elements[name] && byId("ask").elements[name]) {
      byId("ask").elements[name].value = form.elements[name].value;
    }
  }
  showFilters();
}

function showPending(form, question) {
  const turn = byId("pending-turn").content.firstElementChild.cloneNode(true);
  turn.querySelector(".question").textContent = question;
  byId("turns").append(turn);
  const button = byId("ask").querySelector("button");
  if (form.id === "ask") {
    byId("question").value = "";
  }
  takeFilters(form);
  byId("message").replaceChildren();
  byId("announcement").textContent = "";
  pending = { turn, question, button, typed: form.id === "ask", timer: setTimeout(showBusy, BUSY_MS) };
  bringIntoView(turn);
}

function showBusy() {
  pending.turn.querySelector(".waiting").hidden = false;
  pending.button.hidden = true;
  byId("stop").hidden = false;
  byId("announcement").textContent = pending.turn.querySelector(".waiting").textContent;
}

function endPending(succeeded) {
  const { turn, question, button, typed, timer } = pending;
  clearTimeout(timer);
  pending = null;
  turn.remove();
  byId("stop").hidden = true;
  button.hidden = false;
  const box = byId("question");
  if (!succeeded && typed && !box.value) {
    box.value = question;
  }
  box.focus({ preventScroll: true });
}

/* The result and the answer itself, once; its sources and buttons are read by whoever goes there. */
function announce(turn) {
  const sentences = [...turn.querySelectorAll(".sentence")].flatMap((sentence) => [" ", sentence.cloneNode(true)]);
  byId("announcement").replaceChildren(turn.dataset.announcement, ...sentences);
}

function bringIntoView(turn) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  turn.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isAsking(event.detail.elt)) {
    showPending(event.detail.elt, event.detail.requestConfig.formData.get("question"));
  }
});

// Before the answer is put in its place, so that it takes the pending turn's.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (pending && isAsking(event.detail.requestConfig.elt)) {
    endPending(event.detail.xhr.status < 400);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const turn = byId("turns")?.lastElementChild;
  if (turn && isAsking(event.detail.requestConfig.elt)) {
    if (event.detail.successful) {
      announce(turn);
    } else {
      byId("announcement").textContent = "";
    }
    bringIntoView(event.detail.successful ? turn : byId("message"));
  }
});

document.addEventListener("htmx:sendError", () => {
  if (pending) {
    endPending(false);
    const paragraph = document.createElement("p");
    paragraph.textContent = "qa does not respond. Is it still running? Your question is in the box; ask it again then.";
    byId("message").replaceChildren(paragraph);
    byId("announcement").textContent = "";
  }
});

// The request hangs on the element that all forms are synchronised by.
byId("stop").addEventListener("click", () => htmx.trigger(byId("turns"), "htmx:abort"));

document.addEventListener("htmx:sendAbort", () => {
  if (pending) {
    endPending(false);
    byId("announcement").textContent = "Stopped. Your question is in the box.";
  }
});

document.addEventListener("keydown", (event) => {
  const editing = event.target.closest?.(".editing[open]");
  if (event.target.matches("#question, .editing textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (!pending) {
      event.target.form.requestSubmit();
    }
  } else if (editing && event.key === "Escape" && !event.isComposing) {
    event.preventDefault(); // so that it does nothing else
    leaveEditing(editing);
  } else if (event.key === "Escape") {
    const open = document.querySelectorAll(":is(.cite:hover, .cite:focus-within):not(.dismissed)");
    open.forEach((cite) => cite.classList.add("dismissed"));
    if (open.length) {
      event.preventDefault(); // so that it does nothing else
    }
  }
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const cite = event.target.closest?.(".cite");
    const isHeld = leaving === "pointerout" && cite?.matches(":focus-within"); // else it would open over what the pointer goes to
    if (cite && !isHeld && !cite.contains(event.relatedTarget)) {
      cite.classList.remove("dismissed");
    }
  });
}

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

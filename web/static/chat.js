"use strict";

/* What HTML and CSS cannot do: the pending turn, Enter in the ask box, Esc on a card, and saying that a form is at work.
   Without this file everything still works, with page loads. */

const byId = (id) => document.getElementById(id);
const isAsking = (form) => form instanceof HTMLFormElement && form.getAttribute("action") === "/ask";
let pending = null; // {turn, question, button} while a question is being answered

/* The filters of a question that was asked without the ask box hold for the next one too. */
function takeFilters(form) {
  for (const name of ["source", "published_from", "published_to"]) {
    if (form.elements[name] && byId("ask").elements[name]) {
      byId("ask").elements[name].value = form.elements[name].value;
    }
  }
}

function showPending(form, question) {
  const turn = byId("pending-turn").content.firstElementChild.cloneNode(true);
  turn.querySelector(".question").textContent = question;
  byId("turns").append(turn);
  const button = byId("ask").querySelector("button");
  button.disabled = true;
  if (form.id === "ask") {
    byId("question").value = "";
  }
  takeFilters(form);
  byId("message").replaceChildren();
  byId("announcement").textContent = "Reading the articles…";
  pending = { turn, question, button, typed: form.id === "ask" };
  bringIntoView(turn);
}

function endPending(succeeded) {
  const { turn, question, button, typed } = pending;
  pending = null;
  turn.remove();
  button.disabled = false;
  const box = byId("question");
  if (!succeeded && typed && !box.value) {
    box.value = question;
  }
  box.focus({ preventScroll: true });
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
    byId("announcement").textContent = event.detail.successful ? turn.dataset.announcement : "";
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

document.addEventListener("keydown", (event) => {
  if (event.target.id === "question" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (!pending) {
      event.target.form.requestSubmit();
    }
  } else if (event.key === "Escape") {
    document.querySelectorAll(".cite:hover, .cite:focus-within").forEach((cite) => cite.classList.add("dismissed"));
  }
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const cite = event.target.closest?.(".cite");
    if (cite && !cite.contains(event.relatedTarget)) {
      cite.classList.remove("dismissed");
    }
  });
}

/* Buttons that need this file are shown by it, those of later turns too. */
const showCopying = (part) => {
  for (const button of part.querySelectorAll(".copy[hidden]")) {
    button.hidden = false;
  }
};
showCopying(document);
document.addEventListener("htmx:afterSettle", () => showCopying(document));

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (button) {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(button.dataset.copied);
    } catch {
      said = "The browser does not allow copying";
    }
    button.textContent = said;
    if (byId("announcement")) {
      byId("announcement").textContent = said === "Copied" ? "Copied with citations." : `${said}.`;
    }
  }
});

document.addEventListener("submit", (event) => {
  if ("busy" in event.target.dataset) {
    event.target.querySelector("button[type=submit]").disabled = true;
    event.target.querySelector(".busy").textContent = "Reading and adding…";
  }
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("[data-busy]").forEach((form) => {
      form.querySelector("button[type=submit]").disabled = false;
      form.querySelector(".busy").textContent = "";
    });
  }
});

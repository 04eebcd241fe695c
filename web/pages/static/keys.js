"use strict";

/* The keys that hold on every page, and the dialog that names them. Without this file there is only what browsers have. */

{
  const dialog = document.getElementById("keys");
  const box = document.querySelector("#question, #q");
  const singleKeys = document.getElementById("single-keys");
  let cleared = ""; // by Esc; an arrow up brings it back

  const isField = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  /* Speech and head control press keys by accident: WCAG 2.1.4 wants keys without modifiers to have a switch. */
  const remembered = "qa-single-keys";
  try {
    singleKeys.checked = localStorage.getItem(remembered) !== "off";
    singleKeys.addEventListener("change", () => localStorage.setItem(remembered, singleKeys.checked ? "on" : "off"));
  } catch {
    singleKeys.checked = true; // the browser keeps nothing for this site: the switch holds for this page alone
  }

  function pressedOutside(event) {
    if (!singleKeys.checked || isField(event.target) || document.querySelector("dialog:modal")) {
      return;
    }
    if (event.key === "/" && box) {
      event.preventDefault(); // or it would be typed
      box.focus();
    } else if (event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    }
  }

  function pressedInside(event) {
    const lastQuestion = [...document.querySelectorAll(".turn .question")].at(-1)?.textContent;
    if (event.key === "Escape") {
      cleared = box.value.trim() ? box.value : cleared;
      if (box.value) {
        box.value = "";
      } else {
        box.blur();
      }
      event.preventDefault();
    } else if (event.key === "ArrowUp" && box.id === "question" && !box.value && (cleared || lastQuestion)) {
      box.value = cleared || lastQuestion;
      cleared = "";
      event.preventDefault(); // or the cursor would go to the beginning
    }
  }

  // Esc that closed a card or the panel is not for the box any more.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.target === box && !event.shiftKey) {
      pressedInside(event);
    } else {
      pressedOutside(event);
    }
  });

  const opener = document.getElementById("show-keys");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close-keys]")) {
      dialog.close(); // what is beside the dialog counts as the dialog itself
    }
  });
}

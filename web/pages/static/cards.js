"use strict";

/* The card of a citation's number: what stands around the quote, asked for once the pointer or the focus comes near.
   Without this file it names the source alone. */

for (const coming of ["pointerover", "focusin"]) {
  document.addEventListener(coming, (event) => {
    const cite = event.target.closest?.(".sources > li")?.querySelector(".cite");
    if (cite && !cite.classList.contains("asked-for-text")) {
      cite.classList.add("asked-for-text");
      fillCard(cite);
    }
  });
}

/* It is shown once it is filled, so that nothing in it moves. */
async function fillCard(cite) {
  const source = new URL(cite.querySelector("a").href);
  const address = `${source.pathname}/around/${source.hash.slice("#s".length)}${source.search}`;
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (response.ok) {
      cite.querySelector(".card-text").innerHTML = await response.text();
    }
  } catch {
    cite.classList.remove("asked-for-text"); // the server is gone; it may come back
  }
  cite.querySelector(".card").classList.add("filled");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) {
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

"use strict";

/* A server that does not answer what htmx sends is said where problems are said. Its next answer takes that back. */

document.addEventListener("htmx:sendError", () => {
  const paragraph = document.createElement("p");
  paragraph.dataset.unreachable = "";
  paragraph.textContent = "qa is not responding. Is it still running? Once it is, try again.";
  const message = document.getElementById("message");
  message.replaceChildren(paragraph);
  message.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:beforeSwap", () => document.querySelector("[data-unreachable]")?.remove());

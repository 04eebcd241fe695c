"use strict";

/* Asking without a page load: the question stands at once, then what the server does, then the turn that it made.
   Without this file the forms load pages. */

const BUSY_MS = 400; // an answer that is faster shows nothing in between
let pending = null; // {turn, question, button, typed, timer, asking} while a question is being answered

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-streams]")) {
    event.preventDefault();
    if (pending) {
      tell("One question at a time: wait for this answer, or stop it. What you typed stays in the box.");
      bringIntoView(pending.turn); // the message may cover it
    } else {
      ask(event.target);
    }
  }
});

async function ask(form) {
  const fields = new URLSearchParams(new FormData(form));
  const asking = new AbortController();
  showPending(form, fields.get("question"), asking);
  try {
    const headers = { Accept: "text/event-stream", "HX-Request": "true" };
    finish(await lastEvent(await fetch(form.action, { method: "POST", body: fields, headers, signal: asking.signal })));
  } catch {
    if (pending?.asking === asking) {
      endPending(false);
      tell("qa is not responding. Is it still running? Your question is back in the box, to be asked again.").dataset.unreachable = "";
    }
  }
}

/* The event that ends the stream, after showing those before it; what is no stream says why there is no answer. */
async function lastEvent(response) {
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    const address = response.headers.get("HX-Redirect");
    return address ? { type: "elsewhere", address } : { type: "refused", html: await response.text() };
  }
  for await (const event of eventsOf(response.body)) {
    if (event.type === "stage") {
      pending.turn.querySelector(".waiting").textContent = event.words;
    } else if (event.type !== "started") {
      return event;
    }
  }
  throw new Error("The stream ended without an answer.");
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (text + part.value).split("\n\n");
    text = blocks.pop();
    const data = blocks.flatMap((block) => block.split("\n").filter((line) => line.startsWith("data: ")));
    yield* data.map((line) => JSON.parse(line.slice("data: ".length)));
  }
}

function finish(event) {
  endPending(event.type !== "refused");
  if (event.type === "elsewhere") {
    location.assign(event.address);
  } else if (event.type === "refused") {
    byId("message").innerHTML = event.html;
    bringIntoView(byId("message"));
  } else {
    htmx.swap(byId("turns"), event.html, { swapStyle: "beforeend" });
    if (location.pathname !== event.address) {
      history.pushState(null, "", event.address);
      shownPath = location.pathname;
      document.querySelector("[aria-current='page'][href='/']")?.removeAttribute("aria-current");
    }
    announce(byId("turns").lastElementChild);
    bringIntoView(byId("turns").lastElementChild);
  }
}

// Back from a conversation that began on this page, and Forward to it.
let shownPath = location.pathname;
addEventListener("popstate", () => {
  if (location.pathname !== shownPath) {
    location.reload();
  }
});

function showPending(form, question, asking) {
  const turn = byId("pending-turn").content.firstElementChild.cloneNode(true);
  turn.querySelector(".question").textContent = question;
  byId("turns").append(turn);
  const button = byId("send");
  if (form.id === "ask") {
    byId("question").value = "";
  }
  takeFilters(form);
  byId("message").replaceChildren();
  byId("announcement").textContent = "";
  pending = { turn, question, button, typed: form.id === "ask", timer: setTimeout(showBusy, BUSY_MS), asking };
  bringIntoView(turn);
}

function showBusy() {
  const waiting = pending.turn.querySelector(".waiting");
  waiting.classList.add("shown");
  pending.button.hidden = true;
  byId("stop").hidden = false;
  byId("announcement").textContent = waiting.textContent;
}

function endPending(succeeded) {
  const { turn, question, button, typed, timer } = pending;
  clearTimeout(timer);
  pending = null;
  turn.remove();
  byId("message").replaceChildren();
  byId("announcement").textContent = "";
  byId("stop").hidden = true;
  button.hidden = false;
  const box = byId("question");
  if (!succeeded && typed && !box.value) {
    box.value = question;
  }
  box.focus({ preventScroll: true });
}

function stop() {
  const { asking } = pending;
  endPending(false);
  byId("announcement").textContent = "Stopped. Your question is in the box.";
  asking.abort();
}

byId("stop").addEventListener("click", stop);

// Who comes back to the page finds it as after Stop.
addEventListener("pagehide", () => {
  if (pending) {
    stop();
  }
});

function tell(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  byId("message").replaceChildren(paragraph);
  return paragraph;
}

/* The result and the answer itself, once; its sources and buttons are read by whoever goes there. */
function announce(turn) {
  const sentences = [...turn.querySelectorAll(".sentence")].flatMap((sentence) => [" ", sentence.cloneNode(true)]);
  byId("announcement").replaceChildren(turn.dataset.announcement, ...sentences);
}

function bringIntoView(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

/* The panel beside the chat: a citation's article at the sentence, and the citations before and behind it.
   Without this file a citation is a link to its article. */

const panel = document.getElementById("panel");
const heading = document.getElementById("panel-heading");
let sources = []; // the list items that the panel steps through: an answer's sources, its nearest sentences, or what others say
let at = 0; // which of them is shown
let opener = null; // the link that opened the panel, to which focus goes back
let isLeaving = false; // while the browser goes back to before the panel, which is closed already
let next = null; // the link that is to open it again then

function openPanel(link) {
  if (isLeaving) {
    next = link;
    return;
  }
  const turn = link.closest(".turn");
  const list = link.closest(".nearest, .statements") ?? turn.querySelector(".sources");
  sources = [...list.querySelectorAll(":scope > li")];
  const item = link.closest("li"); // none around the number behind the short answer
  at = item ? sources.indexOf(item) : Number(link.textContent) - 1;
  opener = link;
  if (!panel.open) {
    history.scrollRestoration = "manual"; // the page stays where it is, whichever way the panel is closed
    history.pushState({ panel: true }, "");
    if (matchMedia("(width < 56rem)").matches) {
      panel.showModal(); // there is no room beside the page
    } else {
      panel.show();
    }
  }
  heading.focus();
  link.closest(".cite")?.classList.add("dismissed");
  showSource();
}

async function showSource() {
  const source = sources[at];
  const link = source.querySelector(".title");
  heading.textContent = `${source.parentElement.dataset.each ?? "Source"} ${at + 1} of ${sources.length}`;
  panel.querySelector(".panel-question").textContent = source.closest(".turn").querySelector(".question").textContent;
  panel.querySelectorAll("[data-step]").forEach((button) => (button.hidden = sources.length === 1));
  const about = source.querySelector(".source").cloneNode(true);
  panel.querySelector(".panel-source").replaceChildren(about);
  markAsShown(source);
  const text = panel.querySelector(".panel-text");
  text.ariaBusy = "true";
  text.style.removeProperty("--room");
  text.replaceChildren();
  const article = await read(link);
  if (sources[at] === source) {
    text.ariaBusy = "false";
    text.replaceChildren(article);
    markQuote(text, link, source);
  }
}

/* The article's text, or the server's page on why there is none. */
async function read(link) {
  const part = document.createElement("template");
  try {
    const response = await fetch(link.href, { headers: { "HX-Request": "true" } });
    part.innerHTML = await response.text();
  } catch {
    part.innerHTML = "<p>qa is not responding. Is it still running?</p>";
  }
  return part.content;
}

function markQuote(text, link, source) {
  const index = Number(new URL(link.href).hash.slice("#s".length));
  const sentence = text.querySelector(`#s${index}`);
  if (!sentence) {
    showQuoteAlone(text, source);
    return;
  }
  const mark = marked(sentence, source.querySelector(".sentence") ?? source.querySelector(".quote"));
  markShortAnswer(mark, source.querySelector(".sentence"));
  const label = source.querySelector(".before-label");
  const before = label && text.querySelector(`#s${index - 1}`);
  if (before) {
    before.classList.add("before");
    before.prepend(label.cloneNode(true));
  }
  showAtAThird(sentence, text);
}

/* The sentence in a mark, but for the bullet of an item of a text: the quote is shown without it. */
function marked(sentence, quote) {
  const words = document.createRange();
  words.selectNodeContents(sentence);
  if (quote && sentence.childNodes.length === 1 && sentence.textContent.endsWith(quote.textContent)) {
    words.setStart(sentence.firstChild, sentence.textContent.length - quote.textContent.length);
  }
  const mark = document.createElement("mark");
  mark.append(words.extractContents());
  sentence.append(mark);
  return mark;
}

/* Room is made below the article's end where its last sentences are marked. */
function showAtAThird(sentence, text) {
  panel.scrollTop = 0;
  const wanted = sentence.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  text.style.setProperty("--room", `${Math.max(0, wanted - (panel.scrollHeight - panel.clientHeight))}px`);
  panel.scrollTop = wanted;
}

/* The part that answers stands out as in the quote, at the same place of the same sentence. */
function markShortAnswer(mark, quote) {
  const answer = quote?.querySelector("strong");
  if (answer && mark.childNodes.length === 1 && mark.textContent === quote.textContent) {
    const start = answer.previousSibling?.textContent.length ?? 0;
    const part = document.createRange();
    part.setStart(mark.firstChild, start);
    part.setEnd(mark.firstChild, start + answer.textContent.length);
    part.surroundContents(document.createElement("strong"));
  }
}

/* The quote as the answer has it, where its article cannot be shown. */
function showQuoteAlone(text, source) {
  const quote = document.createElement("blockquote");
  quote.className = "quoted";
  quote.append(source.querySelector(".sentence, .quote").cloneNode(true));
  text.append(quote);
  panel.scrollTop = 0;
}

function markAsShown(source) {
  document.querySelectorAll(".cite > a[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  if (source?.parentElement.matches(".sources")) {
    source.closest(".turn").querySelectorAll(".cite > a")[at].setAttribute("aria-current", "true");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".cite > a, .to-source, .sources .title, .nearest .title, .statements .title");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
    event.preventDefault();
    openPanel(link);
  }
});

/* Clicks on the page behind a modal panel arrive at the panel. */
function isOutside(event) {
  const box = panel.getBoundingClientRect();
  return event.target === panel && (event.clientX < box.left || event.clientY < box.top);
}

panel.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (isOutside(event) || (button && "close" in button.dataset)) {
    closePanel();
  } else if (button) {
    at = (at + Number(button.dataset.step) + sources.length) % sources.length;
    showSource();
  }
});

// Esc closes what is open one by one: a card or the dialog over it first.
document.addEventListener(
  "keydown",
  (event) => {
    const isCovered = document.querySelector(":is(.cite:hover, .cite:focus-within):not(.dismissed), #keys[open]");
    if (panel.open && event.key === "Escape" && !event.isComposing && !isCovered) {
      closePanel();
      event.preventDefault(); // so that it does nothing else
    }
  },
  true,
);

function closePanel() {
  panel.close(); // which tells of it later
  leave();
}

function leave() {
  if (!panel.open && !isLeaving && history.state?.panel) {
    isLeaving = true;
    history.back();
  }
}

/* Back closes the panel, and closing it otherwise leaves no step to go back to. htmx would load the page anew. */
addEventListener(
  "popstate",
  (event) => {
    if (isLeaving || panel.open) {
      event.stopImmediatePropagation();
      history.scrollRestoration = "auto";
      isLeaving = false;
      closePanel();
      if (next) {
        openPanel(next);
        next = null;
      }
    }
  },
  true,
);

panel.addEventListener("close", () => {
  leave();
  markAsShown(null);
  opener.closest(".cite")?.classList.add("dismissed");
  if (document.activeElement === document.body) {
    opener.focus({ preventScroll: true });
  }
});

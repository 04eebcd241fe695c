/* Sends what is chosen, dropped, named or pasted, and follows on the page whatever is being added, to its end. Much is sent in
   parts, of which each is a job of its own. Without this file a form sends all at once, to a page that shows how far it is. */

const zone = document.getElementById("adding");
const { filesOf, toSend } = await import(zone.dataset.dropping); // by the address that browsers keep
const status = document.getElementById("adding-status");
const MOST_LEFT_OUT = 10; // files of folders that are named for each reason
const PART_FILES = 300;
const PART_BYTES = 8 * 2 ** 20; // so that the first articles are there while the last are still sent
const LOOK_MS = 1000;
const LOOK_AGAIN_MS = 3000; // where the server did not answer
const waiting = []; // sendings; one is sent at a time
const READING_MS = 400; // a drop that is read faster shows nothing in between
const reading = new Set(); // drops whose folders are being read
let current = null; // the sending that is being sent

/* Sending. A sending has `parts`, each a list of files with their names, and what to tell of in the first one. */

function send({ files = [], unsent = [], leftOut = {}, fields = {}, name, whenAdded }) {
  const parts = inParts(files);
  const sending = { parts, unsent, leftOut: shortened(leftOut), fields, whenAdded, sent: 0, id: null, isStopped: false };
  sending.files = files.length + unsent.length + sending.leftOut.length;
  sending.bytes = files.reduce((total, one) => total + one.file.size, 0);
  const names = [...files, ...unsent].map((one) => one.name);
  sending.card = newCard(`Sending ${name ?? named(names.length ? names : Object.values(leftOut).flat())}`, () => stop(sending));
  status.after(sending.card); // the newest first
  waiting.push(sending);
  goOn();
}

function named(names) {
  const others = names.length - 1;
  return others ? `${names[0]} and ${others.toLocaleString("en")} more ${others === 1 ? "file" : "files"}` : names[0];
}

function shortened(leftOut) {
  return Object.entries(leftOut).map(([why, names]) => ({ why, count: names.length, names: names.slice(0, MOST_LEFT_OUT) }));
}

function inParts(files) {
  const parts = [[]];
  let bytes = 0;
  for (const one of files) {
    if (parts.at(-1).length === PART_FILES || (bytes && bytes + one.file.size > PART_BYTES)) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1).push(one);
    bytes += one.file.size;
  }
  return parts;
}

function goOn() {
  if (!current && waiting.length) {
    current = waiting.shift();
    post(current);
  }
}

function end(sending) {
  sending.card.remove();
  current = current === sending ? null : current;
  goOn();
}

function post(sending) {
  const request = new XMLHttpRequest(); // fetch does not report how much has been sent
  request.open("POST", "/add");
  request.setRequestHeader("HX-Request", "true"); // for the part of the page alone
  request.responseType = "document";
  sending.isUploaded = false;
  request.upload.addEventListener("load", () => (sending.isUploaded = true));
  request.upload.addEventListener("progress", (event) => showSent(sending, event.loaded));
  request.addEventListener("load", () => arrived(sending, request));
  request.addEventListener("error", () => leaveOutUnreadable(sending));
  sending.request = request;
  showSent(sending, 0);
  request.send(bodyOf(sending));
}

function bodyOf(sending) {
  const body = new FormData();
  Object.entries(sending.fields).forEach(([name, value]) => body.append(name, value));
  sending.parts[0].forEach(({ file, name }) => body.append("files", file, name));
  if (sending.unsent.length) {
    body.append("unsent", JSON.stringify(sending.unsent));
  }
  if (sending.id) {
    body.append("part_of", sending.id);
  } else {
    body.append("left_out", JSON.stringify(sending.leftOut));
    body.append("announced", sending.files);
    body.append("announced_bytes", sending.bytes);
  }
  return body;
}

function showSent(sending, more) {
  const share = sending.bytes ? Math.min(1, (sending.sent + more) / sending.bytes) : 0;
  const isLast = sending.parts.length === 1;
  sending.card.querySelector("progress").value = share;
  say(sending.card, `${Math.floor(share * 100)}% sent.${isLast ? "" : " Keep this page open until all is sent."}`);
}

function arrived(sending, request) {
  const seconds = Number(request.getResponseHeader("Retry-After"));
  const article = request.response?.querySelector(".adding");
  if (request.status === 429 && seconds) {
    say(sending.card, `The server takes no more for ${seconds} s. Then the rest is sent; keep this page open.`);
    sending.timer = setTimeout(post, seconds * 1000, sending);
  } else if (request.status === 200 && article) {
    sending.id ??= article.id;
    whenAdded.set(sending.id, sending.whenAdded);
    sending.sent += sending.parts.shift().reduce((total, one) => total + one.file.size, 0);
    Object.assign(sending, { unsent: [], fields: {} });
    place(request.response);
    if (sending.isStopped) {
      postStop(`/add/${sending.id}/stop`);
    }
    if (sending.parts.length && !sending.isStopped && article.hasAttribute("data-unfinished")) {
      post(sending);
    } else {
      end(sending);
    }
  } else {
    const found = request.response?.body;
    const mayHelp = request.status >= 500 || [0, 408, 409, 429].includes(request.status);
    fail(sending, found?.childNodes.length ? [...found.childNodes] : [paragraph(`The server answers with status ${request.status}.`)], mayHelp);
  }
}

/* A file that cannot be read, such as a folder, lets the whole request fail: the others are sent without it. */
async function leaveOutUnreadable(sending) {
  const readable = await Promise.all(sending.parts[0].map(({ file }) => file.slice(0, 1).arrayBuffer().then(() => true, () => false)));
  const lost = sending.parts[0].filter((_, at) => !readable[at]);
  if (lost.length) {
    sending.unsent.push(...lost.map(({ name }) => ({ name, why: "unreadable" })));
    sending.parts[0] = sending.parts[0].filter((_, at) => readable[at]);
    post(sending);
  } else {
    fail(sending, [paragraph("It could not be sent. Is qa still running?")]);
  }
}

/* `mayHelp`: whether the same could be taken another time. */
function fail(sending, reasons, mayHelp = true) {
  const again = button("Send again", () => {
    list.remove();
    again.remove();
    sending.card.focus(); // the button had it, and is gone
    post(sending);
  });
  const list = document.createElement("div");
  list.className = "reasons";
  list.append(...reasons);
  say(sending.card, "Not sent.");
  sending.card.querySelector(".meta").after(list);
  const ways = sending.card.querySelector(".adding-ways");
  if (mayHelp) {
    ways.prepend(again);
  } else {
    ways.querySelector("button").textContent = "Close";
    current = null;
    goOn();
  }
  status.textContent = list.textContent;
}

function stop(sending) {
  sending.isStopped = true;
  if (sending === current && sending.isUploaded && sending.request.readyState < XMLHttpRequest.DONE) {
    say(sending.card, "Stopping…"); // the server has it already, and says in a moment under which name
    return;
  }
  clearTimeout(sending.timer);
  sending.request?.abort();
  waiting.splice(0, waiting.length, ...waiting.filter((one) => one !== sending));
  end(sending);
  if (sending.id) {
    postStop(`/add/${sending.id}/stop`);
  }
}

addEventListener("beforeunload", (event) => {
  if (current || reading.size) {
    event.preventDefault(); // the browser asks whether to leave
  }
});

/* What is shown while something is sent */

function newCard(words, onStop) {
  const card = document.createElement("article");
  card.className = "adding sending";
  card.tabIndex = -1;
  card.ariaLabel = words;
  const head = document.createElement("strong");
  head.dir = "auto";
  head.textContent = words;
  const bar = document.createElement("progress");
  bar.ariaLabel = "Sent";
  const state = paragraph("Waiting to be sent.");
  state.className = "meta";
  const ways = document.createElement("div");
  ways.className = "adding-ways";
  ways.append(button("Stop", onStop));
  card.append(head, bar, state, ways);
  return card;
}

function say(card, words) {
  card.querySelector(".meta").textContent = words;
}

function paragraph(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}

function button(words, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = words;
  made.addEventListener("click", onClick);
  return made;
}

/* Following. The server's words take the place of the last ones, until they say that it has ended. */

const whenAdded = new Map(); // what to do when all of a sending was added
const followed = new Set(); // sendings that are looked at

function place(page) {
  const article = page.querySelector(".adding");
  const before = document.getElementById(article.id);
  const hadFocus = before?.contains(document.activeElement);
  const wasUnfinished = before?.hasAttribute("data-unfinished") ?? false;
  const isUnfinished = article.hasAttribute("data-unfinished");
  if (before) {
    before.replaceWith(article);
  } else {
    status.after(article);
  }
  document.getElementById("index-line").replaceChildren(...page.querySelector("#index-line").childNodes);
  if (hadFocus) {
    (article.querySelector("[data-stop]") ?? article).focus();
  }
  if (!before || wasUnfinished !== isUnfinished) {
    status.textContent = article.innerText;
  }
  if (isUnfinished) {
    follow(article.id, LOOK_MS);
  } else {
    ended(article);
  }
}

function ended(article) {
  followed.delete(article.id);
  if (article.hasAttribute("data-all-added")) {
    whenAdded.get(article.id)?.();
    if (document.querySelector("[data-empty-index]")) {
      location.assign("/"); // which has questions to begin with now
    }
  }
}

function follow(id, milliseconds) {
  if (!followed.has(id)) {
    followed.add(id);
    setTimeout(look, milliseconds, id);
  }
}

async function look(id) {
  followed.delete(id);
  if (!document.getElementById(id)) {
    return; // it was closed
  }
  try {
    const response = await fetch(`/add/${id}${"note" in zone.dataset ? "?note=true" : ""}`, { headers: { "HX-Request": "true" } });
    if (response.ok) {
      place(new DOMParser().parseFromString(await response.text(), "text/html"));
      return;
    }
    say(document.getElementById(id), response.status === 404 ? "Nothing is known of it any more." : "qa is starting again. What was added stays.");
    if (response.status !== 404) {
      follow(id, LOOK_AGAIN_MS);
    }
  } catch {
    say(document.getElementById(id), "qa is not responding. Is it still running? What was added stays.");
    follow(id, LOOK_AGAIN_MS);
  }
}

async function postStop(address) {
  const response = await fetch(address, { method: "POST", headers: { "HX-Request": "true" } });
  if (response.ok) {
    place(new DOMParser().parseFromString(await response.text(), "text/html"));
  }
}

zone.addEventListener("submit", (event) => {
  if (event.target.querySelector("[data-stop]")) {
    event.preventDefault();
    event.target.querySelector("[data-stop]").textContent = "Stopping…";
    const sending = [current, ...waiting].find((one) => one?.id === event.target.closest(".adding").id);
    if (sending) {
      stop(sending);
    } else {
      postStop(event.target.getAttribute("action"));
    }
  }
});

zone.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".adding").remove());
zone.querySelectorAll("[data-unfinished]").forEach((article) => follow(article.id, LOOK_MS));

/* Files: at once, wherever on the page they are dropped */

const input = document.getElementById("files");
const most = Number(zone.dataset.mostBytes);

function sendChosen() {
  send(toSend([...input.files].map((file) => ({ file, name: file.name })), most));
  input.value = "";
  zone.scrollIntoView({ block: "nearest" });
}

if (input) {
  input.addEventListener("change", sendChosen);
  if (input.files.length) {
    sendChosen(); // chosen before this file was here
  }
  document.getElementById("where-to-drop").textContent = "or drop them anywhere on this page";
}

const veil = document.createElement("div");
veil.className = "drop-anywhere";
veil.textContent = "Drop to add";
veil.hidden = true;
document.body.append(veil);
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

for (const over of ["dragenter", "dragover"]) {
  document.addEventListener(over, (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      veil.hidden = false;
    }
  });
}

document.addEventListener("dragleave", (event) => {
  veil.hidden = veil.hidden || event.relatedTarget === null; // it left the window
});

document.addEventListener("drop", (event) => {
  veil.hidden = true;
  if (holdsFiles(event)) {
    event.preventDefault();
    sendDropped(filesOf(event.dataTransfer, zone.dataset.accepted.split(",")));
  }
});

/* A folder of thousands of files takes seconds to read, which is shown. */
async function sendDropped(dropped) {
  const card = newCard("Reading what you dropped", () => {
    reading.delete(card);
    card.remove();
  });
  say(card, "Keep this page open.");
  reading.add(card);
  setTimeout(() => reading.has(card) && status.after(card), READING_MS);
  const { files, unsent, leftOut } = await dropped;
  card.remove();
  if (reading.delete(card) && (files.length || unsent.length || Object.keys(leftOut).length)) {
    const found = toSend(files, most);
    send({ files: found.files, unsent: [...unsent, ...found.unsent], leftOut });
    zone.scrollIntoView({ block: "nearest" });
  }
}

/* What was typed */

const form = document.querySelector("form.add:has(#text)");
const ARTICLE = ["title", "text", "url", "source", "published_at"];

function sendTyped(addresses, withText) {
  const article = withText && form.elements.text.value.trim() ? Object.fromEntries(ARTICLE.map((name) => [name, form.elements[name].value])) : {};
  const fields = addresses.length ? { ...article, addresses: addresses.join("\n") } : article;
  const cleared = ARTICLE.filter((name) => name !== "source" && name in article);
  const name = named([...(article.text ? [article.title.trim() || "Pasted text"] : []), ...addresses]);
  send({ fields, name, whenAdded: () => cleared.forEach((field) => clear(form.elements[field], article[field])) });
}

/* Unless something else has been typed there since. */
function clear(field, sent) {
  field.value = field.value === sent ? "" : field.value;
}

form?.addEventListener("submit", (event) => {
  const addresses = form.elements.addresses?.value.split(/\s+/u).filter(Boolean) ?? [];
  if (addresses.length || form.elements.text?.value.trim()) {
    event.preventDefault();
    const most = Number(form.elements.addresses?.dataset.most ?? 1);
    sendTyped(addresses.slice(0, most), true);
    for (let at = most; at < addresses.length; at += most) {
      sendTyped(addresses.slice(at, at + most), false);
    }
    if (form.elements.addresses) {
      form.elements.addresses.value = "";
    }
    zone.scrollIntoView({ block: "nearest" });
  } // else the server says what is missing
});

document.querySelector('form[action="/add/samples"]')?.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.target.querySelector("button").disabled = true; // until the page of the questions to begin with is there
  const response = await fetch("/add/samples", { method: "POST", headers: { "HX-Request": "true" } });
  if (response.ok) {
    place(new DOMParser().parseFromString(await response.text(), "text/html"));
  } else {
    event.target.submit(); // to the page that says why not
  }
});

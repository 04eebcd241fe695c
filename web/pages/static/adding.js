/* Sends what is chosen, dropped, named or pasted one by one, each in a row with its progress and its result.
   Without this file the form sends all at once, and the page that follows has the same rows. */

const form = document.querySelector("form.add");
const input = document.getElementById("files");
const rows = document.querySelector("#outcomes ul");
const waiting = []; // jobs; the index is written by one at a time, so they are sent in turn
let current = null; // the job that is being sent or worked on
let count = 0; // of all jobs since the page was loaded

/* Appends a row for a job: its `name`, the `fields` to send, the words `atWork` once they have arrived, and what to do
   when it is `added`. */
function begin(job) {
  job.row = newRow(job);
  rows.append(job.row);
  document.getElementById("outcomes").hidden = false;
  document.getElementById("message").replaceChildren();
  count += 1;
}

function newRow(job) {
  const row = document.getElementById("sending").content.firstElementChild.cloneNode(true);
  row.querySelector(".outcome-name").textContent = job.name;
  return row;
}

function queue(job) {
  say(job, "Waiting");
  waiting.push(job);
  goOn();
}

function goOn() {
  if (!current && waiting.length) {
    current = waiting.shift();
    post(current);
  }
  tell();
}

function end(job) {
  current = job === current ? null : current;
  goOn();
}

function post(job) {
  const body = new FormData();
  for (const [name, value] of Object.entries(job.fields)) {
    body.append(name, value);
  }
  const request = new XMLHttpRequest(); // fetch does not report how much has been sent
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true"); // for the rows alone
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => showSent(job, event.loaded / event.total));
  request.upload.addEventListener("load", () => showSent(job, 1));
  request.addEventListener("load", () => arrived(job, request));
  request.addEventListener("error", () => {
    fail(job, [paragraph(`It could not be sent. Is qa still running${job.fields.files ? ", and the file there as it was" : ""}?`)]);
    end(job);
  });
  say(job, "Sending");
  request.send(body);
}

function showSent(job, part) {
  const bar = job.row.querySelector("progress");
  bar.hidden = part === 1;
  bar.value = part;
  say(job, part === 1 ? job.atWork : `Sending, ${Math.floor(part * 100)} %`);
}

function arrived(job, request) {
  const seconds = Number(request.getResponseHeader("Retry-After"));
  if (request.status === 429 && seconds) {
    say(job, `Waiting ${seconds} s: the server takes no more in this minute`);
    setTimeout(post, seconds * 1000, job);
    return;
  }
  const found = request.response?.body;
  if (request.status === 200 && found?.querySelector(".outcome")) {
    show(job, found);
  } else {
    fail(job, found ? [...found.childNodes] : [paragraph(`The server answers with status ${request.status}.`)]);
  }
  end(job);
}

/* The row as the server made it, and the header's counts. */
function show(job, found) {
  const outcome = found.querySelector(".outcome");
  job.row.className = outcome.className;
  job.row.replaceChildren(...outcome.childNodes);
  job.row.querySelector(".outcome-name").textContent = job.name;
  document.getElementById("index-line").replaceChildren(...found.querySelector("#index-line").childNodes);
  if (outcome.matches(".failed")) {
    offerAgain(job);
  } else {
    job.added?.();
  }
}

function fail(job, reasons) {
  const list = document.createElement("div");
  list.className = "reasons";
  list.append(...reasons);
  job.row.classList.add("failed");
  job.row.querySelector("progress").hidden = true;
  job.row.querySelector(".badge").className = "badge refused";
  say(job, "not added");
  job.row.append(list);
  if (job.fields) {
    offerAgain(job);
  }
}

function offerAgain(job) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Send again";
  button.setAttribute("aria-label", `Send again: ${job.name}`);
  button.addEventListener("click", () => {
    const row = newRow(job);
    row.tabIndex = -1;
    job.row.replaceWith(row);
    job.row = row;
    row.focus(); // the button had it, and is gone
    queue(job);
  });
  job.row.append(button);
}

function say(job, words) {
  job.row.querySelector(".badge").textContent = words;
}

function paragraph(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}

/* The progress of all of it. Screen readers read this alone, and not each step of each row. */
function tell() {
  const done = count - waiting.length - (current ? 1 : 0);
  const failed = rows.querySelectorAll(".failed").length;
  document.getElementById("tally").textContent = count ? `${done} of ${count} done${failed ? `, ${failed} not added` : ""}` : "";
}

addEventListener("beforeunload", (event) => {
  if (current) {
    event.preventDefault(); // the browser asks whether to leave
  }
});

/* Files: at once, wherever on the page they are dropped */

document.getElementById("where-to-drop").textContent = "or drop them anywhere on this page";

function sendFile(file, isFolder) {
  const most = Number(input.dataset.mostBytes);
  const job = { name: file.name, fields: { files: file }, atWork: "Reading…" };
  begin(job);
  if (isFolder) {
    job.fields = null;
    fail(job, [paragraph("A folder cannot be sent from here: drop the files in it, or use qa add in a terminal.")]);
  } else if (file.size > most) {
    job.fields = null;
    fail(job, [paragraph(`It has ${file.size.toLocaleString("en")} bytes; at most ${most.toLocaleString("en")} are taken here. In a terminal, qa add takes more.`)]);
  } else {
    queue(job);
  }
}

function showRows() {
  tell();
  rows.lastElementChild?.scrollIntoView({ block: "nearest" });
}

input.addEventListener("change", () => {
  [...input.files].forEach((file) => sendFile(file, false));
  input.value = "";
  showRows();
});

const sign = document.getElementById("drop-anywhere");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

for (const over of ["dragenter", "dragover"]) {
  document.addEventListener(over, (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      sign.hidden = false;
    }
  });
}

document.addEventListener("dragleave", (event) => {
  sign.hidden = sign.hidden || event.relatedTarget === null; // it left the window
});

document.addEventListener("drop", (event) => {
  sign.hidden = true;
  if (holdsFiles(event)) {
    event.preventDefault();
    for (const item of [...event.dataTransfer.items].filter((one) => one.kind === "file")) {
      sendFile(item.getAsFile(), item.webkitGetAsEntry()?.isDirectory ?? false);
    }
    showRows();
  }
});

/* What was typed */

const ARTICLE = ["title", "text", "url", "source", "published_at"];

function sendAddress(address) {
  const job = { name: address, fields: { addresses: address }, atWork: "Fetching and reading…" };
  begin(job);
  queue(job);
}

function sendText() {
  const fields = Object.fromEntries(ARTICLE.map((name) => [name, form.elements[name].value]));
  const added = () => ARTICLE.filter((name) => name !== "source").forEach((name) => clear(form.elements[name], fields[name]));
  const job = { name: fields.title.trim() || "Pasted text", fields, atWork: "Reading…", added };
  begin(job);
  queue(job);
}

/* Unless something else has been typed there since. */
function clear(field, sent) {
  field.value = field.value === sent ? "" : field.value;
}

form.addEventListener("submit", (event) => {
  const named = form.elements.addresses;
  const addresses = named?.value.split(/\s+/u).filter(Boolean) ?? [];
  const isText = form.elements.text.value.trim() !== "";
  if (addresses.length || isText) {
    event.preventDefault();
    addresses.forEach(sendAddress);
    if (named) {
      named.value = "";
    }
    if (isText) {
      sendText();
    }
    showRows();
  } // else the server says what is missing
});

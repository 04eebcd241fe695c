/* What is dropped → the files to send, those in folders too, and those that cannot be sent, with why. */

const HEAD = 4096; // bytes of a picture or recording, by which the server says what it is
const PICTURE = /\.(?:avif|bmp|gif|heic|heif|ico|jpe?g|png|svg|tiff?|webp)$/u;
const RECORDING = /\.(?:aac|avi|flac|m4a|m4v|mkv|mov|mp3|mp4|ogg|opus|wav|webm)$/u;

/* The files of a drop and of the folders in it: {files, unsent, leftOut}. In folders, hidden files and those of kinds that are
   not read are left out, as `qa add` does: `leftOut` has their names by the reason. It must be called in the event itself,
   which holds the files no longer. */
export async function filesOf(transfer, accepted) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const dropped = items.map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry?.() }));
  const found = { files: [], unsent: [], leftOut: {} };
  for (const { file, entry } of dropped) {
    if (entry?.isDirectory) {
      await addFolder(entry, accepted, found);
    } else if (file) {
      found.files.push({ file, name: file.name });
    }
  }
  return found;
}

export async function addFolder(folder, accepted, found) {
  const count = () => found.files.length + found.unsent.length + Object.values(found.leftOut).flat().length;
  const before = count();
  await walk(folder, folder.name, accepted, found);
  if (count() === before) {
    found.unsent.push({ name: folder.name, why: "empty" });
  }
}

async function walk(folder, path, accepted, found) {
  const entries = await entriesOf(folder).catch(() => null);
  if (entries === null) {
    found.unsent.push({ name: path, why: "folder" });
  }
  for (const entry of entries ?? []) {
    const name = `${path}/${entry.name}`;
    const why = whyLeftOut(entry, accepted);
    if (why) {
      (found.leftOut[why] ??= []).push(name);
    } else if (entry.isDirectory) {
      await walk(entry, name, accepted, found);
    } else {
      const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
      if (file) {
        found.files.push({ file, name });
      } else {
        found.unsent.push({ name, why: "unreadable" });
      }
    }
  }
}

function whyLeftOut(entry, accepted) {
  const name = entry.name.toLowerCase();
  if (name.startsWith(".")) {
    return "hidden";
  }
  if (entry.isDirectory || accepted.some((suffix) => name.endsWith(suffix))) {
    return null;
  }
  if (PICTURE.test(name)) {
    return "picture";
  }
  return RECORDING.test(name) ? "recording" : "other";
}

/* All entries of a folder, which gives a hundred at a time, in order. */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) {
      return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    }
    entries.push(...some);
  }
}

/* Those that are small enough: {files, unsent}. Of a picture or a recording its beginning is enough to be refused by name. */
export function toSend(files, most) {
  const isMedia = (file) => /^(?:image|audio|video)\//u.test(file.type) && file.type !== "image/svg+xml";
  const shortened = files.map(({ file, name }) => ({ file: isMedia(file) ? new File([file.slice(0, HEAD)], name) : file, name }));
  return {
    files: shortened.filter(({ file }) => file.size <= most),
    unsent: shortened.filter(({ file }) => file.size > most).map(({ file, name }) => ({ name, why: "too-large", size: file.size })),
  };
}

// Resumable upload (tus 1.0) over the plain form: drop or pick, one row a file.
import { defaultOptions } from "tus-js-client";
import { Row } from "./upload/row.js";
import { Sending } from "./upload/sending.js";
import { wordsOf } from "./upload/words.js";

document.querySelectorAll("form[data-upload]").forEach(enhance);

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const words = wordsOf(form);
  const sendings = new Set();

  form.classList.add("is-enhanced");
  form.querySelectorAll("[data-without-script]").forEach((element) => (element.hidden = true));
  form.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
  input.removeAttribute("required");
  // The browser's own field would say "No file chosen" beside the rows of files that were.
  input.hidden = true;
  form.querySelector("[data-choose]").addEventListener("click", () => input.click());

  const add = (files) => {
    for (const file of files) {
      document.querySelector(`[data-waiting="${CSS.escape(file.name)}"]`)?.remove();
      const row = new Row(list, form.querySelector("template"), file, words);
      const sending = new Sending(file, row, { ...form.dataset, camera: form.elements.camera?.value ?? "" });
      sendings.add(sending);
      sending.onEnd = (state) => {
        sendings.delete(sending);
        if (state === "ready") form.querySelectorAll("[data-when-here]").forEach((element) => (element.hidden = false));
        form.dispatchEvent(new CustomEvent("upload-ended", { bubbles: true }));
      };
      sending.start();
    }
    input.value = "";
  };

  input.addEventListener("change", () => add(input.files));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.dataset.withoutScript !== undefined) event.preventDefault();
  });
  acceptDrops(form.querySelector("[data-drop]"), add);
  rememberUnfinished(words, form.dataset.token);
  window.addEventListener("beforeunload", (event) => {
    if (sendings.size) event.preventDefault();
  });
}

function acceptDrops(zone, add) {
  if (!zone) return;
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.remove("is-over");
    });
  }
  zone.addEventListener("drop", (event) => add(event.dataTransfer.files));
}

// A browser forgets which file was picked; the person picks it again and it goes on where it stopped. The page lists
// what has not arrived whole: its line says so. What the page does not list is done, or was given up.
async function rememberUnfinished(words, token) {
  const unfinished = await defaultOptions.urlStorage.findAllUploads();
  for (const { metadata, uploadUrl } of unfinished) {
    if (metadata?.token !== token) continue;
    const key = uploadUrl?.replace(/\/+$/, "").split("/").pop() ?? "";
    const item = document.querySelector(`[data-upload-key="${CSS.escape(key)}"]`);
    if (!item) continue;
    item.dataset.waiting = metadata.filename;
    item.querySelector(".upload__state").textContent = words("waiting");
  }
}

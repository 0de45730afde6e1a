// "Check in this browser": the numbers of the list, and each public entry on the page against the public log.
import { same, textOf } from "./check/bytes.js";
import { leafHash, rootFrom } from "./check/merkle.js";
import { canVerify, openCheckpoint, readKeys } from "./check/note.js";
import { countDown } from "./check/numbers.js";
import { readReceipt } from "./check/receipt.js";
import { PublicTree } from "./check/tree.js";

document.querySelectorAll("[data-check]").forEach(offer);

async function offer(section) {
  const able = await canVerify();
  section.querySelector("[data-without-script]").hidden = true;
  section.querySelector("[data-unable]").hidden = able;
  section.querySelector("[data-with-script]").hidden = !able;
  const button = section.querySelector("button");
  button.addEventListener("click", async () => {
    const say = sayer(section);
    button.disabled = true;
    section.querySelector("[data-busy]").hidden = false;
    let proved = 0;
    try {
      proved = await check(section, say);
    } catch {
      say("open", "failed");
    }
    section.querySelector("[data-busy]").hidden = true;
    conclude(section, proved);
    button.disabled = false;
  });
}

// Returns how many entries were proved.
async function check(section, say) {
  const rows = [...document.querySelectorAll("[data-entry]")];
  checkNumbers(section, rows, say);
  const keys = await readKeys(textOf(await get(section.dataset.key, "no-store")));
  const head = await openCheckpoint(textOf(await get(section.dataset.checkpoint, "no-store")), keys);
  if (!head) {
    say("bad", "unsigned");
    return 0;
  }
  say("good", "signed", head);
  const tree = new PublicTree(section.dataset.tile.replace(/x$/, ""), head.size, get);
  const sealed = rows.filter((row) => row.dataset.receipt);
  if (!sealed.length) say("open", "none");
  let proved = 0;
  for (const row of sealed) {
    const found = await checkEntry(row, keys, head, tree);
    if (found === "proved") proved += 1;
    say(found === "proved" ? "good" : "bad", found, row.dataset);
  }
  return proved;
}

function checkNumbers(section, rows, say) {
  if (section.dataset.narrowed !== undefined) return say("open", "narrowed");
  for (const { name, high, low, missing } of countDown(rows, section.dataset.last !== undefined)) {
    if (missing === null) say("good", "whole", { name, high, low });
    else say("bad", "gap", { name, number: missing });
  }
}

// The receipt must say what the page says, lead to a checkpoint that the log signed, and be what the tiles hold.
async function checkEntry(row, keys, head, tree) {
  const text = textOf(await get(row.dataset.receipt, "no-store"));
  let receipt, entry;
  try {
    receipt = readReceipt(text);
    entry = JSON.parse(textOf(receipt.entry));
  } catch {
    return "unproved";
  }
  const leaf = await leafHash(receipt.entry);
  const own = await openCheckpoint(receipt.checkpoint, keys).catch(() => null);
  if (!own || receipt.index >= head.size) return "unproved";
  const ownRoot = await rootFrom(leaf, receipt.index, own.size, receipt.hashes);
  const publicRoot = await rootFrom(leaf, receipt.index, head.size, await tree.path(receipt.index));
  if (!ownRoot || !same(ownRoot, own.root) || !same(publicRoot, head.root)) return "unproved";
  return saysTheSame(entry, row) ? "proved" : "differs";
}

function saysTheSame(entry, row) {
  return (
    entry.camera === row.dataset.camera &&
    entry.camera_number === Number(row.dataset.number) &&
    Date.parse(entry.at) === Date.parse(row.dataset.at) &&
    row.textContent.includes(codeOf(entry.pseudonym))
  );
}

// A badge name is a role, which the page says in its own language, and a code.
function codeOf(pseudonym = "") {
  return pseudonym.slice(pseudonym.lastIndexOf(" ") + 1);
}

// The verdict on all lines above them, and how many entries were checked: the number that the page came with must be
// the one that was proved here.
function conclude(section, proved) {
  const found = [...section.querySelectorAll("[data-results] [data-verdict]")].map((line) => line.dataset.verdict);
  const isWhole = proved === Number(section.dataset.public);
  const verdict = ["bad", "open"].find((one) => found.includes(one)) ?? (isWhole ? "good" : "open");
  const words = section.querySelector("template").content;
  const word = (key) => words.querySelector(`[data-word="${key}"]`).textContent.trim();
  const sentence = document.createElement("strong");
  sentence.textContent = word(`concludes-${verdict}`);
  if (verdict === "open" && isWhole) sentence.textContent += ` ${word("checked")}`;
  const place = section.querySelector("[data-conclusion]");
  place.replaceChildren(sentence);
  place.hidden = false;
}

async function get(address, cache = "default") {
  const answer = await fetch(address, { cache });
  if (!answer.ok) throw new TypeError(`${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// Writes one line of the result: what came of it as a tag, and a sentence of the page with [names] filled in.
function sayer(section) {
  const list = section.querySelector("[data-results]");
  const words = section.querySelector("template").content;
  const word = (key) => words.querySelector(`[data-word="${key}"]`).textContent.trim();
  const kinds = { good: "good", bad: "bad", open: "quiet" };
  list.replaceChildren();
  return (verdict, key, values = {}) => {
    const tag = document.createElement("strong");
    tag.className = `usa-tag usa-tag--${kinds[verdict]}`;
    tag.textContent = word(verdict);
    const line = document.createElement("li");
    line.dataset.verdict = verdict;
    line.append(tag, " ", word(key).replace(/\[(\w+)\]/g, (whole, name) => values[name] ?? whole));
    list.append(line);
  };
}

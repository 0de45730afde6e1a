// One answer of a relay: it carries all views that the page asked it for, and does not end while all is well.
import { Messages } from "./messages.js";

const FIRST_WITHIN = 3000;
const SILENT_FOR = 2000;
const LOOK_EVERY = 250;

export class Answer {
  // heard: onMessage(answer, view, kind, payload) for each, and onEnd(answer) once, whatever ended it.
  constructor(relay, pass, views, heard) {
    this.views = views;
    this.heard = heard;
    this.hasBegun = false;
    this.askedAt = this.heardAt = performance.now();
    this.control = new AbortController();
    this.watchdog = setInterval(() => this.look(), LOOK_EVERY);
    this.read(`${relay}/watch`, JSON.stringify({ pass, views }));
  }

  async read(address, body) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: this.control.signal,
      });
      if (answer.ok) await this.hear(answer.body.getReader());
    } catch {
      // The line is gone, or this page left it: either way the answer is over.
    }
    clearInterval(this.watchdog);
    this.control.abort();
    this.heard.onEnd(this);
  }

  async hear(reader) {
    const messages = new Messages();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.control.signal.aborted) return;
      this.heardAt = performance.now();
      for (const { kind, number, payload } of messages.read(value)) {
        this.hasBegun = true;
        this.heard.onMessage(this, this.views[number], kind, payload);
      }
    }
  }

  // A proxy that holds everything back sends no first byte; a relay that died may leave the line open.
  look() {
    if (performance.now() - this.heardAt > (this.hasBegun ? SILENT_FOR : FIRST_WITHIN)) this.leave();
  }

  // Return for how many milliseconds it brought something.
  lasted() {
    return this.heardAt - this.askedAt;
  }

  leave() {
    this.control.abort();
  }
}

// One file on its way: sends, pauses, resumes, then asks what the server says of it.
import { Upload } from "tus-js-client";

const CHUNK = 8 * 1024 * 1024;
const PATIENCE = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000];
const ASK_EVERY = 2000;
const ENDS = ["ready", "received", "refused", "removed"]; // given or removed in another window

export class Sending {
  constructor(file, row, { endpoint, token, status, camera }) {
    this.file = file;
    this.row = row;
    this.status = status;
    this.onEnd = () => {};
    this.samples = [];
    this.upload = new Upload(file, {
      endpoint,
      chunkSize: CHUNK,
      retryDelays: PATIENCE,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream", token, camera },
      onProgress: (sent, total) => this.progress(sent, total),
      onSuccess: () => this.check(),
      onError: (error) => this.fail(error),
    });
    row.part("pause").addEventListener("click", () => (this.running ? this.pause() : this.go()));
    row.part("remove").addEventListener("click", () => this.remove());
  }

  async start() {
    this.row.say("sending");
    const [previous] = await this.upload.findPreviousUploads();
    if (previous) this.upload.resumeFromPreviousUpload(previous);
    this.go();
  }

  go() {
    this.running = true;
    this.samples = [];
    this.row.say("sending");
    this.upload.start();
  }

  pause() {
    this.running = false;
    this.upload.abort();
    this.row.say("paused");
  }

  async remove() {
    this.running = false;
    this.removed = true;
    try {
      await this.upload.abort(Boolean(this.upload.url));
    } catch {
      // The server forgets what nobody finishes.
    }
    this.row.remove();
    this.onEnd();
  }

  /** Speed over the last ten seconds, so that a pause does not spoil the estimate. */
  progress(sent, total) {
    const now = performance.now();
    this.samples = [...this.samples.filter((sample) => now - sample.at < 10000), { at: now, sent }];
    const first = this.samples[0];
    const seconds = (now - first.at) / 1000;
    this.row.progress({ sent, total, speed: seconds > 0.5 ? (sent - first.sent) / seconds : 0 });
  }

  /** What the server says in plain words is shown; anything else gets our own sentence. */
  fail(error) {
    this.running = false;
    const answer = error.originalResponse;
    const code = answer?.getStatus() ?? 0;
    const refused = [400, 403, 404, 409, 410, 413, 415].includes(code);
    const sentence = answer?.getHeader("Content-Type")?.startsWith("text/plain") ? answer.getBody() : "";
    this.row.say(refused ? "refused" : "failed", sentence);
    if (refused) this.onEnd();
  }

  async check() {
    this.running = false;
    this.row.say("checking");
    const id = this.upload.url.replace(/\/+$/, "").split("/").pop();
    const address = this.status.replace("{id}", id);
    while (!this.removed) {
      const state = await ask(address);
      if (ENDS.includes(state?.state)) {
        this.row.say(state.state, state.sentence ?? "");
        return this.onEnd(state.state);
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
  }
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

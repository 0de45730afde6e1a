// The picture in pieces of a second (HLS): waits for the first, keeps six seconds at most, goes dark at the first refusal.
// The library that plays them is four fifths of all scripts of the page, so it comes where it is needed.
const ASK_EVERY = 500;
const RELOADS_AFTER = 5000;
const SAYS_WHY = new Set([403, 404, 503]);
const sleep = (wait) => new Promise((resolve) => setTimeout(resolve, wait));
const library = async () => (await import(document.querySelector("[data-hls]").dataset.hls)).default;
const once = { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 };
const policy = (seconds) => ({
  default: { maxTimeToFirstByteMs: seconds * 1000, maxLoadTimeMs: seconds * 1000, timeoutRetry: once, errorRetry: once },
});

// A worker would need an address of its own in the content policy; the pieces are small enough without.
const SETTINGS = {
  enableWorker: false,
  startFragPrefetch: true,
  liveSyncDuration: 1.5,
  liveMaxLatencyDuration: 5,
  maxLiveSyncPlaybackRate: 1.25,
  maxBufferLength: 6,
  maxMaxBufferLength: 6,
  backBufferLength: 0,
  manifestLoadPolicy: policy(5),
  playlistLoadPolicy: policy(5),
  fragLoadPolicy: policy(5),
};

export class Playing {
  constructor(video, address, heard) {
    this.video = video;
    this.address = address;
    this.heard = heard;
    this.isOver = false;
    this.isPlaying = false;
    this.listening = new AbortController();
    const { signal } = this.listening;
    video.addEventListener("playing", () => this.isPlaying && this.show(), { signal });
    video.addEventListener("error", () => this.isPlaying && !this.hls && this.darken(), { signal });
  }

  // Ask until there is something to see. Each question counts as a sign that the page is there.
  async start() {
    const Hls = await library().catch(() => null);
    if (!Hls && !this.isOver) {
      this.heard.onLost();
      await sleep(RELOADS_AFTER);
      if (!this.isOver) window.location.reload();
      return;
    }
    while (!this.isOver) {
      let wait = ASK_EVERY;
      try {
        const answer = await fetch(this.address, { redirect: "manual" });
        const said = SAYS_WHY.has(answer.status) && (await answer.json());
        if (this.isOver) return;
        if (answer.ok) return this.play(Hls);
        if (answer.type === "opaqueredirect") return window.location.reload();
        if (answer.status === 403) return this.heard.onRefused(said);
        if (said) this.heard.onWait(said.sentence);
        else this.heard.onLost();
        // While the portal can't tell whether this may be seen, it says after how many seconds to ask again.
        if (answer.status === 503) wait = Math.max(wait, Number(answer.headers.get("Retry-After")) * 1000);
      } catch {
        if (!this.isOver) this.heard.onLost();
      }
      await sleep(wait);
    }
  }

  play(Hls) {
    if (this.isOver) return;
    this.isPlaying = true;
    if (Hls.isSupported()) this.playByScript(Hls);
    else this.playAlone();
    this.video.play().catch(() => {});
  }

  playByScript(Hls) {
    this.hls = new Hls(SETTINGS);
    this.hls.on(Hls.Events.ERROR, (_name, error) => {
      if (error.response?.code === 403 || error.fatal) this.again();
    });
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
  }

  // A browser that plays pieces without a script tells nobody why it stops, so the page asks beside it.
  async playAlone() {
    this.video.src = this.address;
    let answer;
    do {
      await sleep(ASK_EVERY);
      answer = await fetch(this.address, { redirect: "manual" }).catch(() => null);
    } while (this.isPlaying && answer?.ok);
    if (!this.isOver) this.again();
  }

  show() {
    this.video.hidden = false;
    this.heard.onPicture();
  }

  // Whatever went wrong: nothing old stays on the screen, and the portal is asked why.
  again() {
    this.darken();
    this.start();
  }

  darken() {
    this.video.hidden = true;
    this.isPlaying = false;
    this.hls?.destroy();
    this.hls = null;
    this.video.removeAttribute("src");
    this.video.load();
  }

  stop() {
    this.isOver = true;
    this.listening.abort();
    this.darken();
  }
}

// The picture itself: waits for the first piece, keeps six seconds at most, goes dark at the first refusal.
import Hls from "hls.js/light";

const BACKGROUND = { "X-Background": "1" };
const ASK_EVERY = 500;
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
  xhrSetup: (request) => request.setRequestHeader("X-Background", "1"),
};

export class Playing {
  constructor(video, address, heard) {
    this.video = video;
    this.address = address;
    this.heard = heard;
    this.isOver = false;
    this.video.addEventListener("playing", () => this.hls && this.show());
  }

  // Ask until there is something to see. Each question counts as a sign that the page is there.
  async start() {
    while (!this.isOver) {
      let wait = ASK_EVERY;
      try {
        const answer = await fetch(this.address, { headers: BACKGROUND, redirect: "manual" });
        if (answer.ok) return this.play();
        if (answer.status === 404) this.heard.onWait((await answer.json()).sentence);
        else if (answer.status === 403) return this.heard.onRefused(await answer.json());
        else if (answer.type === "opaqueredirect") return window.location.reload();
        else if (answer.status === 503) wait = await this.isAway(answer);
        else this.heard.onLost();
      } catch {
        this.heard.onLost();
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  // The portal can't tell just now whether this may be seen. It says so, and after how many seconds to ask again.
  async isAway(answer) {
    const seconds = Number(answer.headers.get("Retry-After"));
    this.heard.onWait((await answer.json()).sentence);
    return Math.max(ASK_EVERY, seconds * 1000);
  }

  play() {
    if (this.isOver) return;
    this.hls = new Hls(SETTINGS);
    this.hls.on(Hls.Events.ERROR, (_name, error) => {
      if (error.response?.code === 403 || error.fatal) this.again();
    });
    this.hls.loadSource(this.address);
    this.hls.attachMedia(this.video);
    this.video.play().catch(() => {});
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
    this.hls?.destroy();
    this.hls = null;
    this.video.hidden = true;
    this.video.removeAttribute("src");
    this.video.load();
  }

  stop() {
    this.isOver = true;
    this.darken();
  }
}

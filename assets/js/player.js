// The player says in words when the right to watch has ended, instead of a frozen picture.
document.querySelectorAll("video[data-player]").forEach(guard);

function guard(video) {
  const ended = document.querySelector(video.dataset.ended || "[data-player-ended]");
  const failed = async () => {
    const address = video.currentSrc || video.querySelector("source")?.src;
    const status = await ask(address);
    if (status !== 403 && status !== 401 && status !== 404) return;
    video.removeAttribute("src");
    video.load();
    video.hidden = true;
    if (ended) {
      ended.hidden = false;
      ended.querySelector("a, button")?.focus();
    }
  };
  video.addEventListener("error", failed);
  video.querySelector("source:last-of-type")?.addEventListener("error", failed);
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Range: "bytes=0-0" } });
    return answer.status;
  } catch {
    return 0;
  }
}

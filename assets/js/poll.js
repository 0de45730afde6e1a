// [data-refresh="url" data-every="5"]: replaces its content by a fragment that the server rendered, until one of them has
// an element with [data-ends].
document.querySelectorAll("[data-refresh]").forEach(follow);

function follow(element) {
  const every = Math.max(2, Number(element.dataset.every || 5)) * 1000;
  if (!element.hasAttribute("aria-live")) element.setAttribute("aria-live", "polite");
  let last = element.innerHTML;

  const refresh = async () => {
    if (document.hidden || element.contains(document.activeElement)) return;
    try {
      const answer = await fetch(element.dataset.refresh, { headers: { "X-Background": "1" }, redirect: "manual" });
      if (!answer.ok) return;
      const fragment = await answer.text();
      if (fragment === last) return;
      last = fragment;
      element.innerHTML = fragment;
      element.dispatchEvent(new Event("refreshed", { bubbles: true }));
      if (element.querySelector("[data-ends]")) end();
    } catch {
      // Away for a moment: the next round tries again.
    }
  };

  const end = () => {
    clearInterval(rounds);
    document.removeEventListener("visibilitychange", refresh);
  };

  const rounds = setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
}

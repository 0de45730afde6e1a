// [data-reload="5"]: the page is loaded again after so many seconds, for as long as what it waits for is not there.
const waiting = document.querySelector("[data-reload]");

if (waiting) {
  const again = () => (document.hidden ? document.addEventListener("visibilitychange", again, { once: true }) : location.reload());
  setTimeout(again, Number(waiting.dataset.reload) * 1000);
}

// The page answers a form: it says what was wrong, or shows something once. From now on the address where it is shown
// stands for it: coming back to it, or loading it again, leads there, where a browser would ask to send the form again.
const own = document.querySelector("[data-shown-at]")?.dataset.shownAt;
const isSentToItself = document.querySelector("form[method=post]:not([action]) [aria-invalid=true]");

if (own) history.replaceState(history.state, "", own + window.location.search);
else if (isSentToItself) history.replaceState(history.state, "");

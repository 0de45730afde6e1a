// The page says what was wrong with a form that was sent to its own address. From now on that address stands for it:
// coming back to it, or loading it again, shows the form, where a browser would ask to send it once more.
if (document.querySelector("form[method=post]:not([action]) [aria-invalid=true]")) history.replaceState(history.state, "");

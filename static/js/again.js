document.querySelector("form[method=post]:not([action]) [aria-invalid=true]")&&history.replaceState(history.state,"");

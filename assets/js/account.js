// Pages of an account: a password that is shown on request, and a code that comes from the clipboard.
const CODE = /^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$/i;

document.querySelectorAll("[data-show-password]").forEach(show);
document.querySelectorAll("[data-paste]").forEach(paste);

function show(row) {
  const button = row.querySelector("button");
  const field = document.getElementById(button.getAttribute("aria-controls"));
  row.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  });
  // Browsers keep what was typed in a field that is text.
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}

function paste(row) {
  const field = row.closest("form").elements.namedItem("code");
  if (!navigator.clipboard?.readText) return;
  row.hidden = false;

  const fill = async () => {
    try {
      const text = (await navigator.clipboard.readText()).trim();
      if (CODE.test(text)) field.value = text;
    } catch {
      // The browser does not allow it: the field takes what is typed.
    }
    field.focus();
  };

  const fillWhereAllowed = async () => {
    if (field.value) return;
    try {
      const { state } = await navigator.permissions.query({ name: "clipboard-read" });
      if (state === "granted") await fill();
    } catch {
      // This browser asks each time, which only the button may cause.
    }
  };

  row.querySelector("button").addEventListener("click", fill);
  window.addEventListener("focus", fillWhereAllowed);
  fillWhereAllowed();
}

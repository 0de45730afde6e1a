// The menu of narrow screens: while it is open, the page behind it can be neither reached nor scrolled.
// Without script it is a plain <details>.
const menu = document.querySelector(".menu");

if (menu) keep(menu);

function keep(menu) {
  const button = menu.querySelector("summary");
  const behind = everythingBut(menu);

  const close = () => {
    menu.open = false;
  };

  menu.addEventListener("toggle", () => {
    for (const element of behind) element.inert = menu.open;
    (menu.open ? menu.querySelector("nav a") : button).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
  window.matchMedia("(min-width: 64em)").addEventListener("change", close);
}

// A dialog stays as it is: the warning before the idle lock opens over the menu too.
function everythingBut(menu) {
  const found = [];
  for (let inside = menu; inside !== document.body; inside = inside.parentElement) {
    found.push(...[...inside.parentElement.children].filter((element) => element !== inside && !element.matches("dialog")));
  }
  return found;
}

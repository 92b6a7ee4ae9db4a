// Between the rows of the list by j and k, as the arrow keys go between lines; Enter opens the row, as on any link.
// The page says so below the list; whoever switched single keys off is left alone.

const OFF = "usher-keys-off";
const links = [...document.querySelectorAll("tr.lead .open")];

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !["j", "k"].includes(event.key)) return;
  if (event.target.closest?.("input, textarea, select, dialog") || localStorage.getItem(OFF) === "yes") return;
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = event.key === "j" ? here + 1 : Math.max(0, here - 1);
  links[Math.min(next, links.length - 1)]?.focus();
  event.preventDefault();
}

document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });  // on a phone they stand in one line
if (links.length) {
  document.addEventListener("keydown", onKey);
  document.getElementById("row-keys").hidden = false;
}

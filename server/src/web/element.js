// Making elements. Words are only ever set as text.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Words for a screen reader alone. */
export const unseen = (text) => element("span", "unseen", text);

const PATHS = {
  edit: "M13.5 4.5l2 2L7 15l-3 1 1-3z",
  delete: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  close: "M5 5l10 10M15 5L5 15",
  message: "M4 4h12v9H9l-4 3v-3H4z",
  lock: "M6 9V7a4 4 0 0 1 8 0v2M5 9h10v7H5z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function button(className, label, content) {
  const made = element("button", className);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  made.append(content);
  return made;
}

/** Makes the children of `list` these elements in this order, and touches only what has to move. */
export function arrange(list, elements) {
  const focused = document.activeElement;
  let place = list.firstElementChild;
  for (const wanted of elements) {
    if (wanted === place) place = place.nextElementSibling;
    else list.insertBefore(wanted, place);
  }
  while (place) {
    const next = place.nextElementSibling;
    place.remove();
    place = next;
  }
  // What moves loses the focus.
  if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
}

/** "a", "a and b", "a, b and 3 more" */
export function enumerate(names, most = 3) {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** `work` once per frame, however often it is asked for. */
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    // A page in the background paints no frames, and still has a title to keep true.
    const run = () => ((asked = false), work());
    if (document.hidden) setTimeout(run, 50);
    else requestAnimationFrame(run);
  };
}

// A picture for everybody: a stable colour and one or two letters.

import { element } from "./element.js";

// A flag or a family is several characters and one sign.
const signs = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const firstSign = (word) => signs.segment(word)[Symbol.iterator]().next().value?.segment ?? "";

export function paintAvatar(avatar, id, name) {
  let hue = 0;
  for (const char of id) hue = (hue * 31 + char.codePointAt(0)) % 360;
  avatar.style.setProperty("--hue", hue);
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  avatar.textContent = letters.map(firstSign).join("").toUpperCase();
}

export function avatarOf(id, name, className = "avatar") {
  const avatar = element("span", className);
  avatar.setAttribute("aria-hidden", "true");
  paintAvatar(avatar, id, name);
  return avatar;
}

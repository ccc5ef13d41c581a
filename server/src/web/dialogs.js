// The questions the page asks: a name, a room, a token, and whether one means it.

import { byId } from "./element.js";

/**
 * Opens the dialog and resolves with what `submit(form)` made of the answer, or null when it was dismissed.
 * `submit` may throw: its message is shown beside the field and the question stays.
 */
function ask({ prefix, value = "", dismissable = true, submit }) {
  const [dialog, form, error, cancel] = ["dialog", "form", "error", "cancel"].map((part) => byId(`${prefix}-${part}`));
  const input = form.querySelector("input:not([type=radio])");
  form.reset();
  input.value = value;
  error.textContent = "";
  input.removeAttribute("aria-invalid");
  cancel.hidden = !dismissable;

  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const finish = (result) => {
      listening.abort();
      dialog.close();
      resolve(result);
    };
    const refuse = (message) => {
      error.textContent = message;
      input.setAttribute("aria-invalid", "true");
      input.focus();
    };
    const onSubmit = async (event) => {
      event.preventDefault();
      if (!input.value.trim()) return refuse("Please write something here.");
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      try {
        finish(await submit(new FormData(form)));
      } catch (problem) {
        refuse(problem.message);
      } finally {
        button.disabled = false;
      }
    };
    form.addEventListener("submit", onSubmit, { signal });
    cancel.addEventListener("click", () => finish(null), { signal });
    // Escape: only where there is something to go back to.
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), dismissable && finish(null)), { signal });
    dialog.showModal();
    input.select();
  });
}

const text = (answer, field) => answer.get(field).trim();

export function askName({ current, submit }) {
  return ask({
    prefix: "name",
    value: current ?? "",
    dismissable: Boolean(current),
    submit: (answer) => submit(text(answer, "name")),
  });
}

export function askRoom(submit) {
  return ask({ prefix: "room", submit: (answer) => submit(text(answer, "room"), answer.get("kind")) });
}

/** `isRefusal`: one was given, and was not good. */
export function askToken(why, isRefusal) {
  byId("token-why").textContent = why;
  byId("token-why").classList.toggle("field-error", isRefusal);
  return ask({ prefix: "token", dismissable: false, submit: (answer) => text(answer, "token") });
}

/** Resolves with whether it is meant. */
export function confirmed({ title, detail, action }) {
  const dialog = byId("confirm-dialog");
  byId("confirm-title").textContent = title;
  byId("confirm-detail").textContent = detail;
  byId("confirm-yes").textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export function showShortcuts() {
  const dialog = byId("keys-dialog");
  if (!dialog.open) dialog.showModal();
}

// The two questions the page asks: a person's name and a room's name.

const byId = (id) => document.getElementById(id);

/**
 * Opens the dialog and resolves with what `submit(text)` made of the answer, or null when it was dismissed.
 * `submit` may throw: its message is shown beside the field and the question stays.
 */
function ask({ prefix, field, value, dismissable, submit }) {
  const dialog = byId(`${prefix}-dialog`);
  const form = byId(`${prefix}-form`);
  const input = byId(field);
  const error = byId(`${prefix}-error`);
  const cancel = byId(`${prefix}-cancel`);
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
      const text = input.value.trim();
      if (!text) return refuse("Please write something here.");
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      try {
        finish(await submit(text));
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

export function askName({ current, submit }) {
  return ask({ prefix: "name", field: "name", value: current ?? "", dismissable: Boolean(current), submit });
}

export function askRoom(submit) {
  return ask({ prefix: "room", field: "room-input", value: "", dismissable: true, submit });
}

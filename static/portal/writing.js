// The form of a learning. The message for an audience shows only while the audience is chosen, filled with the answer to
// begin with; on the conflict page, writing in one's own text chooses it. Without JavaScript all fields simply show.
(function () {
  "use strict";

  function messages(form) {
    for (const holder of form.querySelectorAll("[data-message-for]")) {
      const box = form.querySelector(`[name="audiences"][value="${CSS.escape(holder.dataset.messageFor)}"]`);
      const area = holder.querySelector("textarea");
      const answer = form.querySelector('[name="answer"]');
      if (!box || !area) continue;

      // One that is not chosen is not sent: taking the tick away means to leave it out.
      const show = () => { holder.hidden = !box.checked; area.disabled = !box.checked; };
      box.addEventListener("change", () => {
        show();
        if (!box.checked || area.value.trim() || !answer || !answer.value.trim()) return;
        area.value = answer.value;
        area.dispatchEvent(new Event("input", { bubbles: true }));
      });
      // A message that is the answer stays the answer while that is written.
      if (answer) {
        let last = answer.value.trim();
        answer.addEventListener("input", () => {
          if (box.checked && area.value.trim() === last) area.value = answer.value;
          last = answer.value.trim();
        });
      }
      // Also when the browser's own copy is brought back.
      box.addEventListener("input", show);
      if (!box.checked && area.value.trim()) box.checked = true;
      show();
    }
  }

  function choices(form) {
    for (const field of form.querySelectorAll("[data-choice]")) {
      const mine = field.querySelector("[data-mine]");
      const radio = field.querySelector('input[type="radio"][value="mine"]');
      if (mine && radio) mine.addEventListener("input", () => { radio.checked = true; });
    }
  }

  // How many characters of how many: <p data-count-for="id" data-of="%n von 400 Zeichen" hidden>.
  function counters(form) {
    for (const told of form.querySelectorAll("[data-count-for]")) {
      const area = document.getElementById(told.dataset.countFor);
      if (!area) continue;
      const show = () => { told.textContent = told.dataset.of.replace("%n", Array.from(area.value.trim()).length); };
      area.addEventListener("input", show);
      told.hidden = false;
      show();
    }
  }

  // A suggestion becomes the text of its field: <button data-take-over="id of the field" data-from="id of the suggestion">.
  function suggestions(form) {
    for (const button of form.querySelectorAll("button[data-take-over]")) {
      const area = document.getElementById(button.dataset.takeOver);
      const from = document.getElementById(button.dataset.from);
      if (!area || !from) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        area.value = Array.from(from.querySelectorAll("p"), (part) => part.textContent).join("\n\n");
        area.dispatchEvent(new Event("input", { bubbles: true }));
        area.focus();
      });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-backup-key]")) {
      messages(form);
      choices(form);
      counters(form);
      suggestions(form);
    }
  });
})();

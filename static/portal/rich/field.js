// Puts the editor over the text area of a field. The text area keeps the Markdown and stays what the form sends, what
// other scripts read and write, and the place to write in when the text holds something that the editor could not keep.
(function () {
  "use strict";
  const { bindLinks, bindToolbar, parse, plugins, remember, schema, serialize, tidy, State, View } = window.PortalRich;
  const CHOICE = "portal-editor";

  function preferred() {
    try { return localStorage.getItem(CHOICE) !== "markdown"; } catch { return true; }
  }

  function prefer(rich) {
    try { if (rich) localStorage.removeItem(CHOICE); else localStorage.setItem(CHOICE, "markdown"); } catch { /* only for this page then */ }
  }

  // -- pictures -------------------------------------------------------------------------------------

  const list = () => document.querySelector("template[data-pictures]");

  function addressOf(src) {
    const place = /^anlage:(\d{1,3})$/.exec(src);
    const choice = place && list() ? list().content.querySelector(`[data-picture="${Number(place[1])}"]`) : null;
    return choice ? choice.dataset.address : "";
  }

  // Nothing from elsewhere is loaded: a picture is an attachment or its description.
  function showPicture(node) {
    const address = addressOf(node.attrs.src);
    const dom = document.createElement(address ? "img" : "span");
    if (address) Object.assign(dom, { src: address, alt: node.attrs.alt });
    else Object.assign(dom, { className: "portal-rich__picture", textContent: node.attrs.alt || node.attrs.src });
    return { dom };
  }

  function pictures(field) {
    const button = field.bar.querySelector("[data-rich-pictures]");
    if (!list() || !button) return;
    const box = list().content.firstElementChild.cloneNode(true);
    box.hidden = true;
    field.holder.before(box);
    button.hidden = false;
    const open = (on) => { box.hidden = !on; button.setAttribute("aria-expanded", String(on)); };
    button.addEventListener("click", () => {
      open(box.hidden);
      const first = box.querySelector("[data-picture]");
      if (!box.hidden && first) first.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      open(false);
      button.focus();
    });
    for (const choice of box.querySelectorAll("[data-picture]")) {
      choice.addEventListener("click", () => {
        const alt = choice.dataset.description.replace(/[[\]\\]/g, "");
        const node = schema.nodes.image.create({ src: `anlage:${choice.dataset.picture}`, alt });
        open(false);
        insertPicture(field.view, node);
      });
    }
  }

  // In a paragraph of its own, as from the plain field; where that cannot be, at the text cursor.
  function insertPicture(view, node) {
    const { $from } = view.state.selection;
    const own = schema.nodes.paragraph.create(null, node);
    let tr = view.state.tr;
    if ($from.depth === 1 && $from.parent.content.size) {
      const at = $from.after(1);
      tr = tr.insert(at, own);
      tr.setSelection(ProseMirror.state.TextSelection.near(tr.doc.resolve(at + 2)));
    } else tr = tr.replaceSelectionWith(node);
    view.dispatch(tr.scrollIntoView());
    view.focus();
  }

  // -- from the clipboard ---------------------------------------------------------------------------

  function cleaned(html) {
    return html.includes("data-pm-slice") ? window.PortalPaste.disarm(html) : window.PortalPaste.toHtml(html);
  }

  // -- whether a text may be opened -----------------------------------------------------------------

  // "same": storing it would change nothing; "other": perhaps only its spelling, which the server's renderer says; null: no.
  function opened(text) {
    const doc = text.trim() ? parse(text) : schema.node("doc", null, [schema.node("paragraph")]);
    if (!doc) return null;
    const memory = remember(text, doc);
    const again = serialize(doc);
    return { doc, memory, again, kind: again === text.trim() ? "same" : "other" };
  }

  async function readsTheSame(form, text, again) {
    if (!form || !form.dataset.sameUrl) return false;
    const body = new URLSearchParams({ text, other: again, csrfmiddlewaretoken: form.querySelector('[name="csrfmiddlewaretoken"]').value });
    try {
      const answer = await fetch(form.dataset.sameUrl, { method: "POST", body, credentials: "same-origin", redirect: "error" });
      return answer.ok && (await answer.json()).same === true;
    } catch { return false; }
  }

  // -- one field ------------------------------------------------------------------------------------

  class Field {
    constructor(box, area) {
      Object.assign(this, { box, area, view: null, memory: null, quiet: false });
      this.form = area.closest("form");
      this.label = this.form.querySelector(`label[for="${CSS.escape(area.id)}"]`);
      this.bar = box.querySelector("[data-rich-toolbar]");
      this.plainBar = box.querySelector("markdown-toolbar");
      this.refused = box.querySelector("[data-rich-refused]");
      this.back = box.querySelector("[data-rich-on]");
      this.holder = document.createElement("div");
      this.holder.hidden = true;
      area.before(this.holder);
      if (!this.label.id) this.label.id = `${area.id}_label`;
      this.label.addEventListener("click", () => { if (!this.holder.hidden) this.view.focus(); });
      area.addEventListener("input", () => this.follow());
      area.addEventListener("focus", () => { if (!this.holder.hidden) this.view.focus(); });
      this.bar.querySelector("[data-rich-off]").addEventListener("click", () => { prefer(false); this.showPlain(); area.focus(); });
      this.back.hidden = false;
      this.back.addEventListener("click", async () => { prefer(true); if (await this.open(true)) this.view.focus(); });
      if (preferred()) this.open(false);
    }

    // Show the text in the editor if that changes nothing about it.
    async open(asked) {
      const text = this.area.value;
      const found = opened(text.replace(/\r\n/g, "\n"));
      if (found && found.kind === "other") {
        const same = await readsTheSame(this.form, text, found.again);
        if (this.area.value !== text || (!asked && document.activeElement === this.area)) return false;
        if (!same) return this.refuse();
      }
      if (!found) return this.refuse();
      this.show(found);
      return true;
    }

    refuse() {
      this.showPlain();
      this.refused.hidden = false;
      return false;
    }

    show({ doc, memory }) {
      this.memory = memory;
      const state = State.create({ doc, plugins: plugins({ "Mod-k": () => this.askLink() }) });
      if (this.view) this.view.updateState(state);
      else this.make(state);
      const tr = tidy(this.view.state);
      if (tr) this.view.updateState(this.view.state.apply(tr));
      this.refused.hidden = true;
      this.switch(true);
      this.update();
    }

    make(state) {
      const { area } = this;
      const attributes = {
        id: `${area.id}_editor`, class: "portal-rich prose", role: "textbox", "aria-multiline": "true",
        "aria-labelledby": this.label.id, spellcheck: "true", "data-rows": area.getAttribute("rows") || "6",
      };
      for (const name of ["aria-describedby", "aria-invalid"]) if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name);
      this.view = new View(this.holder, {
        state,
        attributes,
        nodeViews: { image: showPicture },
        transformPastedHTML: cleaned,
        dispatchTransaction: (tr) => {
          this.view.updateState(this.view.state.apply(tr));
          if (tr.docChanged) this.write();
          this.update();
        },
      });
      this.update = bindToolbar(this.bar, this);
      this.askLink = bindLinks(this.bar, this.box.querySelector("[data-link-panel]"), this);
      pictures(this);
    }

    // What the editor shows goes into the text area, and everybody who listens there is told.
    write() {
      this.area.value = serialize(this.view.state.doc, this.memory);
      this.quiet = true;
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
      this.quiet = false;
    }

    // Somebody else wrote into the text area: a copy brought back, a suggestion taken over.
    follow() {
      if (!this.quiet && !this.holder.hidden) this.open(true);
    }

    showPlain() { this.switch(false); }

    switch(rich) {
      const { area } = this;
      this.holder.hidden = !rich;
      this.bar.hidden = !rich;
      if (this.plainBar) this.plainBar.hidden = rich;
      this.box.querySelector("[data-link-panel]").hidden = true;
      area.classList.toggle("portal-rich__source", rich);
      // A label names what is shown, and that alone.
      if (this.view && rich) this.view.dom.setAttribute("aria-labelledby", this.label.id);
      else if (this.view) this.view.dom.removeAttribute("aria-labelledby");
      if (rich) {
        area.tabIndex = -1;
        area.setAttribute("aria-hidden", "true");
        this.label.removeAttribute("for");
      } else {
        area.removeAttribute("tabindex");
        area.removeAttribute("aria-hidden");
        this.label.setAttribute("for", area.id);
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-markdown]")) {
      const area = box.querySelector("textarea");
      if (area && area.form && box.querySelector("[data-rich-toolbar]")) new Field(box, area);
    }
  });
})();

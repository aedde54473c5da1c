// The panel: tabs on the left, the passage that was opened on the right.

class Panel {
  constructor(model, el) {
    this.post = new Post(model);
    this.el = el;
    this.said = make("p", { class: "dj-said", role: "status", "aria-live": "polite" });
    this.stale = make("p", { class: "dj-stale", role: "alert" });
    this.tabs = make("div", { class: "dj-tabs", role: "tablist", on: { keydown: (event) => this.turn(event) } });
    this.place = make("div", { class: "dj-place" });
  }

  async start() {
    const reply = await this.post.ask("choices", {}, () => this.say(SILENT, true));
    this.el.append(make("div", { class: "dj-top" }, this.tabs, this.said,
      button("撤销", () => this.reverse("undo"), { title: "撤销上一条更正（u）" }),
      button("恢复", () => this.reverse("redo"), { title: "恢复刚撤销的更正（U）" })), this.stale);
    if (reply.error) return this.say(reply.error, true);
    this.options = reply.options;
    this.stale.textContent = reply.stale;
    this.passage = new Passage(this);
    this.views = Object.fromEntries(TABS.map(([name, label, View]) => {
      const view = new View(this);
      view.tab = button(label, () => this.show(name), { role: "tab", "data-tab": name });
      this.tabs.append(view.tab);
      view.root.setAttribute("role", "tabpanel");
      view.root.setAttribute("aria-label", label);
      this.place.append(view.root);
      return [name, view];
    }));
    this.el.append(make("div", { class: "dj-split" }, this.place, this.passage.root));
    this.el.addEventListener("keydown", (event) => this.key(event));
    await this.show(TABS[0][0]);
  }

  async show(name) {
    if (!this.passage.root.hidden && this.view !== this.views[name]) this.passage.root.hidden = true;
    for (const [other, view] of Object.entries(this.views)) {
      view.root.hidden = other !== name;
      view.tab.setAttribute("aria-selected", other === name);
      view.tab.setAttribute("tabindex", other === name ? "0" : "-1");
    }
    this.view = this.views[name];
    await this.view.show();
  }

  turn(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    if (step(event.target, by)) this.show(document.activeElement.dataset.tab);
    event.preventDefault();
    event.stopPropagation();
  }

  say(text, wrong = false) {
    this.said.textContent = text;
    this.said.classList.toggle("dj-wrong", wrong);
  }

  async decide(ask, options, late = () => {}) {
    const reply = await this.post.ask(ask, options, late);
    const said = reply.error ?? reply.said;
    const saved = Boolean(reply.saved) && !reply.error;
    this.say(said, !saved);
    if (reply.stale) this.stale.textContent = reply.stale;
    if (reply.sentence) this.mark(reply.sentence, saved ? reply.decided : said, !saved);
    return { ...reply, said, saved };
  }

  // The state of a sentence wherever it is listed.
  mark(sentence, text, wrong) {
    for (const row of this.place.querySelectorAll("tr[data-sentence]")) {
      const state = row.dataset.sentence === sentence && row.querySelector(".dj-state");
      if (!state) continue;
      state.textContent = text;
      state.classList.toggle("dj-wrong", wrong);
    }
  }

  async reverse(ask) {
    const focused = document.activeElement?.closest?.(".dj-detail");
    await this.decide(ask, {});
    await this.view.show();
    if (!this.passage.root.hidden) await this.passage.open(this.passage.sentence, { focus: Boolean(focused) });
  }

  opened(sentence) {
    this.view.opened?.(sentence);
  }

  shut(sentence) {
    this.view.opened?.(sentence);
    this.view.focus?.(sentence);
  }

  key(event) {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "u" && event.key !== "U") return;
    this.reverse(event.key === "u" ? "undo" : "redo");
    event.preventDefault();
    event.stopPropagation();
  }
}

const TABS = [
  ["concordance", "查句子", Concordance],
  ["numbers", "看数字", Numbers],
  ["pairs", "问题与对策", Pairs],
  ["queue", "待判", Queue],
];

function render({ model, el }) {
  el.classList.add("dj-explore");
  // JupyterLab must not take the keys typed here for commands.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const panel = new Panel(model, el);
  panel.start();
  return () => panel.post.close();
}

export default { render };

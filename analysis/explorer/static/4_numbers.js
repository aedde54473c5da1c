// Numbers that answer: a grid of marks; a click on one lists the sentences behind it.

class Numbers {
  constructor(panel) {
    this.panel = panel;
    this.latest = new Latest(panel.post, (text) => panel.say(text, true));
    const { kind, by, rate_stance: stance } = panel.options;
    const show = () => this.show();
    this.kind = select("统计什么", kind, show);
    this.by = select("分组", by, show);
    this.stance = select("态度", stance, show);
    this.picked = null;
    this.grid = make("table", { class: "dj-grid", "aria-label": "各组的数", on: { keydown: (event) => this.key(event) } });
    this.says = make("p", { class: "dj-counts", role: "status" });
    this.quotes = make("div", { class: "dj-quotes" });
    this.root = make("div", { class: "dj-numbers" },
      make("div", { class: "dj-bar" }, this.kind, this.by, this.stance,
        button("表格存为 CSV", () => this.save("save_counts")), button("存为图片", () => this.save("save_picture")),
        button("引文存为 CSV", () => this.save("save_quotes"))),
      make("p", { class: "dj-keys", text: "点任何一个数，下面就列出背后的句子。k/n 份：n 份可判断的报告中 k 份提到；m/M 段：M 个段落中 m 段。未提到不等于没有这个问题。" }),
      make("div", { class: "dj-list dj-marks" }, this.grid), this.says, this.quotes);
  }

  wanted() {
    return { kind: this.kind.value, by: this.by.value, stance: this.stance.value };
  }

  async show() {
    const reply = await this.latest.ask("counts", this.wanted());
    if (!reply) return;
    if (reply.error) return this.panel.say(reply.error, true);
    this.stance.disabled = !reply.stances;
    const corner = this.kind.selectedOptions[0].textContent;
    this.grid.replaceChildren(
      make("thead", {}, make("tr", {}, ...[corner, ...reply.groups].map((text) => make("th", { scope: "col", text })))),
      make("tbody", {}, ...reply.rows.map((row) => make("tr", {}, make("th", { scope: "row", text: row.name }),
        ...row.cells.map((cell) => make("td", {}, this.mark(row, cell)))))));
    this.picked = null;
    this.says.textContent = "";
    this.quotes.replaceChildren();
  }

  mark(row, cell) {
    return button(cell.told, (event) => this.pick(event.target, row, cell), {
      class: `dj-mark dj-${cell.kind}`, "data-rate": cell.rate, title: cell.says, "aria-label": cell.says,
    });
  }

  async pick(node, row, cell) {
    for (const other of this.grid.querySelectorAll("[aria-pressed]")) other.removeAttribute("aria-pressed");
    node.setAttribute("aria-pressed", "true");
    this.picked = { rate: cell.rate, key: row.key };
    const reply = await this.latest.ask("quotes", { rate: cell.rate });
    if (!reply) return;
    this.says.textContent = reply.error ?? reply.says;
    this.quotes.replaceChildren(...(reply.rows ?? []).map((one) => quote(this.panel, one)));
  }

  async save(ask) {
    if (ask === "save_quotes" && !this.picked) return this.panel.say("请先点一个数，再存它的引文。", true);
    const reply = await this.panel.post.ask(ask, { ...this.wanted(), ...this.picked });
    this.panel.say(reply.error ?? `已保存：${reply.saved}`, Boolean(reply.error));
  }

  key(event) {
    const cell = event.target.closest("td");
    if (!cell) return;
    const at = cell.cellIndex;
    const row = { ArrowUp: cell.parentNode.previousElementSibling, ArrowDown: cell.parentNode.nextElementSibling }[event.key];
    const other = { ArrowLeft: cell.previousElementSibling, ArrowRight: cell.nextElementSibling }[event.key] ?? row?.cells[at];
    if (!other) return;
    other.querySelector("button")?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

// A sentence that opens its passage.
function quote(panel, one, ...more) {
  const notes = [one.role, one.stance, one.doubt && `${one.doubt}把握不大`].filter(Boolean).join(" · ");
  return make("div", { class: "dj-quote" },
    button(one.marked ?? one.text, () => panel.passage.open(one.sentence), { class: "dj-words", "data-sentence": one.sentence, title: "打开整段" }),
    make("span", { class: "dj-path", text: [one.report, one.heading_path, notes].filter(Boolean).join("　") }), ...more);
}

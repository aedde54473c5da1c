// What waits for a decision, the most useful first; and rows proposed for the codebook.

class Queue {
  constructor(panel) {
    this.panel = panel;
    this.latest = new Latest(panel.post, (text) => panel.say(text, true));
    this.says = make("p", { class: "dj-counts", role: "status" });
    this.items = make("div", { class: "dj-items", "aria-label": "待判的句子" });
    this.rows = make("div", { class: "dj-proposals", "aria-label": "建议写入编码手册的行" });
    this.root = make("div", { class: "dj-queue" }, this.says, this.items,
      make("h4", { text: "建议写入编码手册的写法和词" }),
      make("p", { class: "dj-keys", text: "从用词猜的，请对照原句判断。写入以后重新运行，结果才会用上。" }),
      make("div", { class: "dj-bar" }, button("重新找建议", () => this.act("suggest")), button("写入已采纳的", () => this.act("accept"))),
      this.rows);
  }

  async show() {
    const reply = await this.latest.ask("queue");
    if (!reply) return;
    if (reply.error) return this.panel.say(reply.error, true);
    this.says.textContent = reply.says;
    this.items.replaceChildren(...reply.rows.map((row) => this.item(row)));
    const proposals = await this.latest.ask("proposals");
    if (proposals && !proposals.error) this.rows.replaceChildren(...proposals.rows.map((row) => this.proposal(row)));
  }

  item(row) {
    const state = make("span", { class: "dj-state", role: "status" });
    const decide = (values) => async () => {
      state.textContent = "保存中…";
      const reply = await this.panel.decide("decide", { what: row.sentence, ...values }, () => { state.textContent = `没有存成：${SILENT}`; });
      state.textContent = reply.saved ? "已保存" : reply.said;
      state.classList.toggle("dj-wrong", !reply.saved);
    };
    const choices = row.choices.map((one) => button(one.name, decide(one.values), { title: one.says }));
    return quote(this.panel, row, make("span", { class: "dj-why", text: row.why }), make("span", { class: "dj-decide" }, ...choices, state));
  }

  proposal(row) {
    const state = make("span", { class: "dj-state", role: "status", text: row.decision });
    const decide = (decision) => async () => {
      const reply = await this.panel.post.ask("judge", { name: row.name, identity: row.identity, decision });
      state.textContent = reply.error ?? reply.decision;
      state.classList.toggle("dj-wrong", Boolean(reply.error));
    };
    return make("div", { class: "dj-quote" }, make("strong", { text: row.title }),
      make("span", { class: "dj-why", text: row.says }), make("span", { class: "dj-path", text: row.quotes }),
      make("span", { class: "dj-decide" }, button("采纳", decide("是")), button("不采纳", decide("否")), state));
  }

  async act(ask) {
    const reply = await this.panel.post.ask(ask);
    this.panel.say(reply.error ?? reply.said, Boolean(reply.error));
    await this.show();
  }
}

// Problem beside countermeasure: accept or reject what the program linked.

class Pairs {
  constructor(panel) {
    this.panel = panel;
    this.latest = new Latest(panel.post, (text) => panel.say(text, true));
    const show = () => this.show();
    this.report = select("报告", panel.options.report, show, { all: "全部报告" });
    this.only = make("input", { type: "checkbox", on: { change: show } });
    this.says = make("p", { class: "dj-counts", role: "status" });
    this.points = make("div", { class: "dj-points", "aria-label": "问题", on: { keydown: (event) => this.key(event) } });
    this.answers = make("div", { class: "dj-answers", "aria-label": "对策", on: { keydown: (event) => this.key(event) } });
    this.root = make("div", { class: "dj-pairs" },
      make("div", { class: "dj-bar" }, this.report,
        make("label", { class: "dj-check" }, this.only, make("span", { text: "只看本报告未见对策的" }))),
      this.says, make("div", { class: "dj-beside" }, this.points, this.answers));
  }

  async show() {
    const reply = await this.latest.ask("points", { report: this.report.value, unanswered: this.only.checked });
    if (!reply) return;
    if (reply.error) return this.panel.say(reply.error, true);
    this.says.textContent = reply.says;
    this.points.replaceChildren(...reply.rows.map((row) => this.point(row)));
    const again = reply.rows.find((row) => row.problem === this.problem) ?? reply.rows[0];
    if (again) await this.pick(again.problem);
    else this.answers.replaceChildren();
  }

  point(row) {
    const node = button(row.text, () => this.pick(row.problem), { class: "dj-point", "data-problem": row.problem });
    node.append(make("span", { class: "dj-path", text: `${row.report}　${row.theme}　${row.told}` }));
    return node;
  }

  async pick(problem) {
    this.problem = problem;
    for (const node of this.points.children) node.setAttribute("aria-pressed", node.dataset.problem === problem);
    const reply = await this.panel.post.ask("answers", { problem });
    if (problem !== this.problem || reply.error) return;
    const list = (title, rows, none) => [
      make("h4", { text: title }),
      ...(rows.length ? rows.map((row) => this.answer(row)) : [make("p", { class: "dj-keys", text: none })]),
    ];
    this.answers.replaceChildren(
      button("打开问题原文", () => this.panel.passage.open(problem)),
      ...list("本报告的对策（最像的在前）", reply.own, "本报告未见对策。"),
      ...list("别的报告有、可以借鉴的", reply.others, "没有。"),
      ...list("还没有连到问题的对策句", reply.orphans, "没有。"));
  }

  answer(row) {
    const state = make("span", { class: "dj-state", role: "status", text: row.decided });
    const decide = (values) => async () => {
      state.textContent = "保存中…";
      const reply = await this.panel.decide("decide", { what: this.problem, ...values }, () => { state.textContent = `没有存成：${SILENT}`; });
      state.textContent = reply.saved ? (values.answer ? "已保存：是它的对策" : "已保存：不是它的对策") : reply.said;
      state.classList.toggle("dj-wrong", !reply.saved);
    };
    const yes = button("是（y）", decide({ answer: row.sentence }), { "data-key": "y" });
    const no = row.linked && button("不是（n）", decide({ no_answer: row.sentence }), { "data-key": "n" });
    const bar = make("span", { class: "dj-decide" }, yes, no || null, state);
    const basis = row.basis && make("span", { class: "dj-why", text: `${row.score === null ? "" : `${row.score}　`}${row.basis}` });
    return quote(this.panel, row, basis || null, bar);
  }

  key(event) {
    const list = event.currentTarget === this.points ? "dj-point" : "dj-quote";
    const node = event.target.closest(`.${list}`);
    if (!node) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? node.nextElementSibling : node.previousElementSibling;
      (next?.matches("button") ? next : next?.querySelector?.("button"))?.focus();
    } else if (event.key === "y" || event.key === "n") {
      node.querySelector(`[data-key=${event.key}]`)?.click();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

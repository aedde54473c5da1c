// Look up: filters, counts that follow them, hits in aligned context.

const FILTERS = [
  ["issue", "问题表现"],
  ["stance", "态度"],
  ["theme", "主题"],
  ["role", "角色"],
  ["level", "层级"],
  ["report", "报告"],
];

class Concordance {
  constructor(panel) {
    this.panel = panel;
    this.latest = new Latest(panel.post, (text) => panel.say(text, true));
    this.page = 0;
    this.pages = 1;
    this.timer = null;
    this.status = make("p", { class: "dj-counts", role: "status", "aria-live": "polite" });
    this.says = make("p", { class: "dj-says" });
    this.body = make("tbody");
    this.root = make("div", { class: "dj-concordance", on: { keydown: (event) => this.key(event) } }, ...this.draw());
  }

  draw() {
    const { options } = this.panel;
    const search = () => this.search();
    this.fields = Object.fromEntries(FILTERS.map(([name, label]) => [name, select(label, options[name], search, { all: `全部${label}` })]));
    this.text = make("input", {
      type: "search", class: "dj-text", placeholder: "查字词（按 / 跳到这里）", "aria-label": "查字词",
      on: { input: () => this.later() },
    });
    this.regex = make("input", { type: "checkbox", on: { change: search } });
    this.sort = select("排序", options.sort, search);
    this.back = button("上一页", () => this.turn(-1));
    this.next = button("下一页", () => this.turn(1));
    this.where = make("span", { class: "dj-page" });
    const head = ["报告与标题", "左", "命中", "右", "角色 · 主题"].map((text) => make("th", { scope: "col", text }));
    return [
      make("div", { class: "dj-bar", role: "search" }, ...Object.values(this.fields), this.text,
        make("label", { class: "dj-check" }, this.regex, make("span", { text: "正则" })), this.sort,
        button("清空", () => this.clear()), button("存为 CSV", () => this.save())),
      this.status, this.says,
      make("div", { class: "dj-list" }, make("table", { class: "dj-lines", "aria-label": "查到的句子" },
        make("thead", {}, make("tr", {}, ...head)), this.body)),
      make("div", { class: "dj-turn" }, this.back, this.where, this.next),
    ];
  }

  show() {
    return this.search(this.page);
  }

  wanted() {
    const values = Object.fromEntries(FILTERS.map(([name]) => [name, this.fields[name].value]));
    return { ...values, text: this.text.value, regex: this.regex.checked, sort: this.sort.value };
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  async search(page = 0) {
    clearTimeout(this.timer);
    const reply = await this.latest.ask("search", { ...this.wanted(), page });
    if (!reply) return;
    this.status.classList.toggle("dj-wrong", Boolean(reply.error));
    this.root.dataset.shown = reply.asked ?? this.text.value;
    if (reply.error) {
      this.status.textContent = reply.error;
      return;
    }
    [this.page, this.pages] = [reply.page, reply.pages];
    this.status.textContent = reply.counts;
    this.says.textContent = reply.says;
    this.where.textContent = `第 ${reply.page + 1} 页，共 ${reply.pages} 页`;
    this.back.disabled = reply.page === 0;
    this.next.disabled = reply.page + 1 >= reply.pages;
    this.body.replaceChildren(...reply.rows.map((row) => this.line(row, reply.whole)));
    if (!reply.rows.length) {
      this.body.append(make("tr", {}, make("td", { colspan: 5, class: "dj-none", text: "没有查到。可以放宽条件，或换个说法。" })));
    }
    this.opened(this.panel.passage.sentence);
  }

  line(row, whole) {
    const labels = make("td", { class: "dj-labels" }, make("span", { text: [row.role, row.theme].filter(Boolean).join(" · ") }));
    if (row.doubt) labels.append(make("span", { class: "dj-doubt", text: `${row.doubt}把握不大` }));
    labels.append(make("span", { class: "dj-state", text: row.decided }));
    return make("tr", {
      tabindex: "0", "data-sentence": row.sentence, "aria-label": `${row.report}，${row.left}${row.match}${row.right}`,
      on: { click: () => this.panel.passage.open(row.sentence) },
    },
      make("td", { class: "dj-from" }, make("span", { class: "dj-report", text: row.report }),
        make("span", { class: "dj-path", text: row.path, title: row.path })),
      ...(whole ? [make("td", { class: "dj-whole", colspan: 3, text: row.match })] : [
        make("td", { class: "dj-left" }, make("div", {}, make("bdi", { text: row.left }))),
        make("td", { class: "dj-match" }, make("mark", { text: row.match })),
        make("td", { class: "dj-right" }, make("div", { text: row.right })),
      ]), labels);
  }

  opened(sentence) {
    const open = !this.panel.passage.root.hidden;
    for (const row of this.body.children) row.classList.toggle("dj-opened", open && row.dataset.sentence === sentence);
  }

  focus(sentence) {
    [...this.body.children].find((row) => row.dataset.sentence === sentence)?.focus();
  }

  turn(by) {
    const page = this.page + by;
    if (page >= 0 && page < this.pages) this.search(page);
  }

  clear() {
    for (const field of Object.values(this.fields)) field.value = "";
    this.text.value = "";
    this.regex.checked = false;
    this.search();
  }

  async save() {
    const reply = await this.panel.post.ask("save", this.wanted());
    this.panel.say(reply.error ?? `已保存：${reply.saved}（${reply.counts}）`, Boolean(reply.error));
  }

  key(event) {
    const row = event.target.closest("tr[data-sentence]");
    if (event.target.matches("input, select")) {
      if (event.key === "Enter") this.search();
      else if (event.key === "ArrowDown" && event.target === this.text) this.body.firstElementChild?.focus();
      else return;
    } else if (event.key === "/") {
      this.text.focus();
    } else if (event.key === "Enter" && row) {
      this.panel.passage.open(row.dataset.sentence);
    } else if (row && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      step(row, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "PageDown") {
      this.turn(1);
    } else if (event.key === "PageUp") {
      this.turn(-1);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

// Draws the panel and sends what is asked; every text goes in as text, never as HTML.

const WAIT = 60; // ms without a keystroke before a search is sent
const FILTERS = [
  ["issue", "问题表现"],
  ["stance", "态度"],
  ["theme", "主题"],
  ["role", "角色"],
  ["level", "层级"],
  ["report", "报告"],
];

function make(tag, options = {}, ...children) {
  const { text, on = {}, ...rest } = options;
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) node.textContent = text;
  for (const [name, handler] of Object.entries(on)) node.addEventListener(name, handler);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function select(name, label, options, change) {
  const field = make("select", { name, "aria-label": label, on: { change } });
  field.append(make("option", { value: "", text: `全部${label}` }));
  for (const [key, shown] of options) field.append(make("option", { value: key, text: shown }));
  return field;
}

// One question at a time is awaited of each kind; answers to older ones are thrown away.
class Post {
  constructor(model) {
    this.model = model;
    this.seq = 0;
    this.waiting = new Map();
    this.receive = (message) => {
      const waiting = this.waiting.get(message.ask);
      if (!waiting || waiting.seq !== message.seq) return;
      this.waiting.delete(message.ask);
      waiting.done(message);
    };
    model.on("msg:custom", this.receive);
  }
  ask(ask, options = {}) {
    const seq = ++this.seq;
    return new Promise((done) => {
      this.waiting.set(ask, { seq, done });
      this.model.send({ ask, seq, ...options });
    });
  }
  close() {
    this.model.off("msg:custom", this.receive);
  }
}

class Concordance {
  constructor(post) {
    this.post = post;
    this.page = 0;
    this.pages = 1;
    this.timer = null;
    this.status = make("p", { class: "dj-counts", role: "status", "aria-live": "polite" });
    this.says = make("p", { class: "dj-says" });
    this.body = make("tbody");
    this.detail = make("section", { class: "dj-detail", "aria-label": "整段", tabindex: "-1", hidden: true });
    this.root = make("div", { class: "dj-concordance", on: { keydown: (event) => this.key(event) } });
  }

  async start() {
    const { options, stale } = await this.post.ask("choices");
    this.fields = {};
    const bar = make("div", { class: "dj-bar", role: "search" });
    for (const [name, label] of FILTERS) {
      this.fields[name] = select(name, label, options[name], () => this.search());
      bar.append(this.fields[name]);
    }
    this.text = make("input", {
      type: "search", class: "dj-text", placeholder: "查字词（按 / 跳到这里）", "aria-label": "查字词",
      on: { input: () => this.later() },
    });
    this.regex = make("input", { type: "checkbox", on: { change: () => this.search() } });
    this.sort = make("select", { "aria-label": "排序", on: { change: () => this.search() } });
    for (const [key, shown] of options.sort) this.sort.append(make("option", { value: key, text: shown }));
    bar.append(
      this.text,
      make("label", { class: "dj-check" }, this.regex, make("span", { text: "正则" })),
      this.sort,
      make("button", { type: "button", text: "清空", on: { click: () => this.clear() } }),
      make("button", { type: "button", text: "存为 CSV", on: { click: () => this.save() } }),
    );
    this.back = make("button", { type: "button", text: "上一页", on: { click: () => this.turn(-1) } });
    this.next = make("button", { type: "button", text: "下一页", on: { click: () => this.turn(1) } });
    this.where = make("span", { class: "dj-page" });
    const head = ["报告与标题", "左", "命中", "右", "角色 · 主题"].map((text) => make("th", { scope: "col", text }));
    const table = make("table", { class: "dj-lines", "aria-label": "查到的句子" },
      make("thead", {}, make("tr", {}, ...head)), this.body);
    if (stale) this.root.append(make("p", { class: "dj-stale", role: "alert", text: stale }));
    this.root.append(bar, this.status, this.says,
      make("div", { class: "dj-split" }, make("div", { class: "dj-list" }, table), this.detail),
      make("div", { class: "dj-turn" }, this.back, this.where, this.next));
    await this.search();
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
    const reply = await this.post.ask("search", { ...this.wanted(), page });
    this.status.classList.toggle("dj-wrong", Boolean(reply.error));
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
    this.body.replaceChildren(...reply.rows.map((row) => this.line(row)));
    if (!reply.rows.length) {
      this.body.append(make("tr", {}, make("td", { colspan: 5, class: "dj-none", text: "没有查到。可以放宽条件，或换个说法。" })));
    }
  }

  line(row) {
    const open = () => this.open(row.sentence);
    const label = `${row.report}，${row.left}${row.match}${row.right}`;
    const marks = make("td", { class: "dj-labels" }, make("span", { text: [row.role, row.theme].filter(Boolean).join(" · ") }));
    if (row.doubt) marks.append(make("span", { class: "dj-doubt", text: `${row.doubt}把握不大` }));
    return make("tr", { tabindex: "0", "aria-label": label, "data-sentence": row.sentence, on: { click: open } },
      make("td", { class: "dj-from" }, make("span", { class: "dj-report", text: row.report }),
        make("span", { class: "dj-path", text: row.path, title: row.path })),
      make("td", { class: "dj-left" }, make("bdi", { text: row.left })),
      make("td", { class: "dj-match" }, make("mark", { text: row.match })),
      make("td", { class: "dj-right", text: row.right }),
      marks);
  }

  async open(sentence) {
    const reply = await this.post.ask("open", { sentence });
    for (const row of this.body.children) row.classList.toggle("dj-opened", row.dataset.sentence === sentence);
    this.opened = sentence;
    this.detail.hidden = false;
    this.detail.replaceChildren(...passage(reply, (other) => this.open(other), () => this.shut()));
    this.detail.querySelector(".dj-chosen")?.scrollIntoView({ block: "nearest" });
  }

  shut() {
    this.detail.hidden = true;
    const row = [...this.body.children].find((one) => one.dataset.sentence === this.opened);
    row?.classList.remove("dj-opened");
    row?.focus();
  }

  turn(step) {
    const page = this.page + step;
    if (page >= 0 && page < this.pages) this.search(page);
  }

  clear() {
    for (const [name] of FILTERS) this.fields[name].value = "";
    this.text.value = "";
    this.regex.checked = false;
    this.search();
  }

  async save() {
    const reply = await this.post.ask("save", this.wanted());
    this.status.textContent = reply.error ?? `已保存：${reply.saved}（${reply.counts}）`;
  }

  key(event) {
    const typing = event.target.matches("input[type=search], select");
    if (event.key === "Escape" && !this.detail.hidden) {
      this.shut();
    } else if (typing) {
      if (event.key === "Enter") this.search();
      else if (event.key === "ArrowDown" && event.target === this.text) this.body.firstElementChild?.focus();
      else return;
    } else if (event.key === "/") {
      this.text.focus();
    } else if (event.key === "Enter" && event.target.dataset.sentence) {
      this.open(event.target.dataset.sentence);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const row = event.target.closest("tr");
      (event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling)?.focus();
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

// The passage of a sentence: where it stands, its sentences with labels and reasons, its neighbours.
function passage(reply, open, shut) {
  const parts = [
    make("div", { class: "dj-head" },
      make("strong", { text: reply.report }),
      make("span", { class: "dj-path", text: reply.path || "（无标题）" }),
      make("button", { type: "button", "aria-label": "关闭", text: "×", on: { click: shut } })),
  ];
  const beside = (near, text) => near && make("button", {
    type: "button", class: "dj-near", title: near.text, text: `${text}${near.text.slice(0, 40)}…`,
    on: { click: () => open(near.sentence) },
  });
  parts.push(beside(reply.before, "↑ 上一段："));
  for (const one of reply.sentences) parts.push(sentence(one));
  parts.push(beside(reply.after, "↓ 下一段："));
  const theme = reply.theme;
  if (theme.name) {
    const second = theme.second ? `，其次 ${theme.second}` : "";
    const words = theme.words ? `；依据的词：${theme.words}` : "";
    parts.push(make("p", { class: "dj-why", text: `整段主题：${theme.name}（差距 ${theme.margin}${second}）${words}` }));
  }
  return parts.filter(Boolean);
}

function sentence(one) {
  const node = make("div", { class: `dj-sentence${one.chosen ? " dj-chosen" : ""}` }, make("p", {}, ...marked(one)));
  const labels = [`${one.role_name}${one.role_margin === null ? "" : `（差距 ${one.role_margin}）`}`];
  if (one.theme_name) labels.push(`${one.theme_name}${one.theme_margin === null ? "" : `（差距 ${one.theme_margin}）`}`);
  const why = make("p", { class: "dj-why" }, make("span", { text: labels.join(" · ") }));
  if (one.role_why) why.append(make("span", { text: `；角色依据：${one.role_why}` }));
  if (one.doubt) why.append(make("span", { class: "dj-doubt", text: `${one.doubt}把握不大` }));
  if (one.corrected) why.append(make("span", { class: "dj-corrected", text: "已人工更正" }));
  node.append(why);
  for (const issue of one.issues) {
    node.append(make("p", { class: "dj-why dj-issue", text: `${issue.name}：${issue.stance_name}；${issue.why}` }));
  }
  return node;
}

function marked(one) {
  const spans = one.issues.map((issue) => [issue.first, issue.last]).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let at = 0;
  for (const [first, last] of spans) {
    if (last <= at) continue;
    const from = Math.max(first, at);
    parts.push(one.text.slice(at, from), make("mark", { text: one.text.slice(from, last) }));
    at = last;
  }
  parts.push(one.text.slice(at));
  return parts;
}

function render({ model, el }) {
  const post = new Post(model);
  const concordance = new Concordance(post);
  el.classList.add("dj-explore");
  // JupyterLab must not take the keys typed here for commands.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  el.append(concordance.root);
  concordance.start();
  return () => post.close();
}

export default { render };

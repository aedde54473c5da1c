// The passage of a sentence: where it stands, its labels with their reasons, and what to decide.

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const KEYS = "键：↑↓ 选句　1–6 角色　t＋字母 主题　i＋字母 加问题表现　s＋数字 态度　y 确认　r 理由　u 撤销　U 恢复　Esc 关闭";

// Options with the key that chooses them in front: one more keystroke decides.
function keyed(options, keys) {
  return options.map(([key, name], at) => [key, keys[at] ? `${keys[at]} ${name}` : name]);
}

class Passage {
  constructor(panel) {
    this.panel = panel;
    this.latest = new Latest(panel.post, (text) => panel.say(text, true));
    this.why = make("input", { type: "text", class: "dj-reason", placeholder: "理由（可不填，随下一次更正保存）", "aria-label": "更正的理由" });
    this.root = make("section", {
      class: "dj-detail", "aria-label": "整段与更正", hidden: true, on: { keydown: (event) => this.key(event) },
    });
  }

  async open(sentence, { focus = true } = {}) {
    const reply = await this.latest.ask("open", { sentence });
    if (!reply) return;
    if (reply.error) return this.panel.say(reply.error, true);
    this.sentence = sentence;
    this.passage = reply.passage;
    this.root.hidden = false;
    this.rows = new Map();
    this.root.replaceChildren(...this.draw(reply));
    this.panel.opened(sentence);
    const chosen = this.root.querySelector(".dj-chosen");
    chosen?.scrollIntoView({ block: "nearest" });
    if (focus) chosen?.focus();
  }

  shut() {
    this.root.hidden = true;
    this.panel.shut(this.sentence);
  }

  draw(reply) {
    const beside = (near, text) => near && button(`${text}${near.text.slice(0, 40)}…`, () => this.open(near.sentence), { class: "dj-near", title: near.text });
    const theme = reply.theme;
    const parts = [
      make("div", { class: "dj-head" }, make("strong", { text: reply.report }),
        make("span", { class: "dj-path", text: reply.path || "（无标题）", title: reply.path }),
        button("×", () => this.shut(), { "aria-label": "关闭" })),
      beside(reply.before, "↑ 上一段："),
      ...reply.sentences.map((one) => this.draw_sentence(one)),
      beside(reply.after, "↓ 下一段："),
    ];
    if (theme.name) {
      const second = theme.second ? `，其次 ${theme.second}` : "";
      const words = theme.words ? `；依据的词：${theme.words}` : "";
      const state = make("span", { class: "dj-state", role: "status", text: reply.decided });
      this.rows.set(reply.passage, state);
      parts.push(make("p", { class: "dj-why" },
        make("span", { text: `整段主题：${theme.name}（差距 ${theme.margin}${second}）${words}　` }),
        this.choice("整段主题", this.panel.options.theme, LETTERS, theme.key, (value) => this.decide(reply.passage, { theme: value }, reply.passage)),
        state));
    }
    parts.push(this.why, make("p", { class: "dj-keys", text: KEYS }));
    return parts.filter(Boolean);
  }

  draw_sentence(one) {
    const margin = (value) => (value === null ? "" : `（差距 ${value}）`);
    const labels = [`${one.role_name}${margin(one.role_margin)}`];
    if (one.theme_name) labels.push(`${one.theme_name}${margin(one.theme_margin)}`);
    const why = make("p", { class: "dj-why" }, make("span", { text: labels.join(" · ") }));
    if (one.role_why) why.append(make("span", { text: `；角色依据：${one.role_why}` }));
    if (one.doubt) why.append(make("span", { class: "dj-doubt", text: `${one.doubt}把握不大` }));
    if (one.corrected) why.append(make("span", { class: "dj-corrected", text: "已人工更正" }));
    const state = make("span", { class: "dj-state", role: "status", text: one.decided });
    this.rows.set(one.sentence, state);
    const { role, theme, issue } = this.panel.options;
    const decide = (values, what = one.sentence) => this.decide(what, values, one.sentence);
    const bar = make("div", { class: "dj-decide" },
      this.choice("角色", role, "123456789", one.role_now, (value) => decide({ role: value })),
      this.choice("主题", theme, LETTERS, one.theme_now, (value) => decide({ theme: value })),
      this.choice("加问题表现", issue, LETTERS, "", (value) => decide({ issue: value }), "＋问题表现"),
      button("确认", () => this.confirm(one.sentence), { title: "角色和主题都对（y）" }), state);
    const node = make("div", {
      class: `dj-sentence${one.chosen ? " dj-chosen" : ""}`, tabindex: "0", "data-sentence": one.sentence,
      role: "group", "aria-label": one.text,
    }, make("p", { class: "dj-words" }, ...marked(one)), why);
    for (const mention of one.issues) node.append(this.draw_mention(mention, decide));
    node.append(bar);
    return node;
  }

  draw_mention(mention, decide) {
    const { issue, stance } = this.panel.options;
    return make("p", { class: "dj-why dj-issue" },
      this.choice("问题表现", [...issue, ["无", "不是问题表现"]], LETTERS, mention.issue_now, (value) => decide({ issue: value }, mention.mention)),
      this.choice("态度", stance, "123456789", mention.stance_now, (value) => decide({ stance: value }, mention.mention)),
      make("span", { text: mention.why }));
  }

  choice(label, options, keys, value, decide, all = "") {
    const known = options.some(([key]) => key === value);
    const field = select(label, keyed(options, keys), () => field.value && decide(field.value), { all: all || (known ? "" : `（${label}）`), value: known ? value : "" });
    // Arrow keys on a closed list would save every value on their way: they open it instead.
    field.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = keys.indexOf(event.key);
      if (at >= 0 && at < options.length) {
        field.value = options[at][0];
        decide(field.value);
        field.closest(".dj-sentence")?.focus();
      } else if (["ArrowDown", "ArrowUp", " ", "Enter"].includes(event.key)) {
        field.showPicker?.();
      } else if (event.key === "Escape") {
        field.closest(".dj-sentence")?.focus();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    return field;
  }

  // The value travels in the message, so that no later one can take its place.
  decide(what, values, row) {
    return this.send(row, "decide", { what, ...values });
  }

  confirm(sentence) {
    return this.send(sentence, "confirm", { what: sentence });
  }

  async send(row, ask, options) {
    const state = this.rows.get(row);
    const why = this.why.value.trim();
    this.why.value = "";
    const show = (text, wrong) => {
      if (!state) return;
      state.textContent = text;
      state.classList.toggle("dj-wrong", wrong);
    };
    show("保存中…", false);
    const reply = await this.panel.decide(ask, why ? { ...options, why } : options, () => show(`没有存成：${SILENT}`, true));
    show(reply.saved ? reply.decided || "已保存" : reply.said, !reply.saved);
    state?.setAttribute("data-saved", reply.saved);
    if (!reply.saved && why && !this.why.value) this.why.value = why;
  }

  key(event) {
    if (event.target === this.why) {
      if (event.key !== "Escape" && event.key !== "Enter") return event.stopPropagation();
      this.root.querySelector(".dj-chosen")?.focus();
    } else if (event.key === "Escape") {
      this.shut();
    } else if (event.target.matches("select") || !this.act(event)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  act(event) {
    const node = event.target.closest(".dj-sentence");
    const field = (label) => node?.querySelector(`select[aria-label="${label}"]`);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return node && step(node, event.key === "ArrowDown" ? 1 : -1);
    if (event.key === "r") return this.why.focus(), true;
    if (!node) return false;
    const role = this.panel.options.role[Number(event.key) - 1];
    if (role) {
      field("角色").value = role[0];
      this.decide(node.dataset.sentence, { role: role[0] }, node.dataset.sentence);
    } else if (event.key === "y") {
      this.confirm(node.dataset.sentence);
    } else if (event.key in { t: 1, i: 1, s: 1 }) {
      field({ t: "主题", i: "加问题表现", s: "态度" }[event.key])?.focus();
    } else {
      return false;
    }
    return true;
  }
}

function marked(one) {
  // Offsets are of characters, JavaScript counts UTF-16 units.
  const text = [...one.text];
  const spans = one.issues.map((issue) => [issue.first, issue.last]).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let at = 0;
  for (const [first, last] of spans) {
    if (last <= at) continue;
    const from = Math.max(first, at);
    parts.push(text.slice(at, from).join(""), make("mark", { text: text.slice(from, last).join("") }));
    at = last;
  }
  parts.push(text.slice(at).join(""));
  return parts;
}

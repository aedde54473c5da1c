// Draws the panel and sends what is asked; every text goes in as text, never as HTML.
// The files of this folder are joined in the order of their names and read as one module.

const WAIT = 60; // ms without a keystroke before a search is sent
const PATIENCE = 15000; // ms without an answer before the reader is told
const SILENT = "没有回音：内核正忙或已停止";

function make(tag, options = {}, ...children) {
  const { text, on = {}, ...rest } = options;
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  if (text !== undefined) node.textContent = text;
  for (const [name, handler] of Object.entries(on)) node.addEventListener(name, handler);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function button(text, click, options = {}) {
  return make("button", { type: "button", text, on: { click }, ...options });
}

function select(label, options, change, { all = "", value = "" } = {}) {
  const field = make("select", { "aria-label": label, on: { change } });
  if (all) field.append(make("option", { value: "", text: all }));
  for (const [key, shown] of options) field.append(make("option", { value: key, text: shown }));
  field.value = value || (all ? "" : options[0]?.[0] ?? "");
  return field;
}

// Moves the focus among the children of a list.
function step(node, by) {
  const next = by > 0 ? node?.nextElementSibling : node?.previousElementSibling;
  next?.focus();
  return Boolean(next);
}

// Sends a question and waits for the answer with its number; the same model may be shown twice.
class Post {
  constructor(model) {
    this.model = model;
    this.view = Math.random().toString(36).slice(2);
    this.count = 0;
    this.waiting = new Map();
    this.receive = (message) => {
      const done = this.waiting.get(message.seq);
      this.waiting.delete(message.seq);
      done?.(message);
    };
    model.on("msg:custom", this.receive);
  }

  // `late` is called where the answer takes long; it may still come.
  ask(ask, options = {}, late = () => {}) {
    const seq = `${this.view}-${++this.count}`;
    return new Promise((done) => {
      const timer = setTimeout(late, PATIENCE);
      this.waiting.set(seq, (message) => {
        clearTimeout(timer);
        done(message);
      });
      this.model.send({ ask, seq, ...options });
    });
  }

  close() {
    this.model.off("msg:custom", this.receive);
  }
}

// Of several questions of one kind only the answer to the last one is shown.
class Latest {
  constructor(post, late) {
    Object.assign(this, { post, late, count: 0 });
  }
  async ask(ask, options) {
    const count = ++this.count;
    const reply = await this.post.ask(ask, options, () => count === this.count && this.late(SILENT));
    return count === this.count ? reply : null;
  }
}

"""JupyterLab in Chromium, as far as the tests need it: open a notebook, run it, look at it."""

import base64
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 1440, 900  # pixels of a common screen
TALLEST = 16_000  # Chromium draws no taller page
MILLISECONDS = 90_000  # what a notebook may take
# JupyterLab asks every kernel for its widgets; one that has not imported them says so in its log.
NO_COMM = re.compile("No such comm")
LEAST_INK, MOST_INK = 0.005, 0.9  # share of a picture that is not white; charts have 0.04 and up

OPEN = """async path => {
    const panel = await jupyterapp.commands.execute('docmanager:open', { path });
    await panel.context.ready;
    await panel.sessionContext.ready;
    window.panel = panel;
    window.said = [];
    panel.sessionContext.session.kernel.iopubMessage.connect((_, message) => {
        const { content, header } = message;
        if (header.msg_type === 'error') window.said.push([content.ename, content.evalue]);
        if (header.msg_type === 'stream' && content.name === 'stderr')
            window.said.push(['stderr', content.text]);
    });
}"""
# Playwright waits for a promise for ever; a dialog that nobody answers would hang the tests.
LIMIT = """([action, argument, milliseconds]) => Promise.race([
    eval(action)(argument).then(() => true),
    new Promise(done => setTimeout(done, milliseconds, false)),
])"""
IDLE = "() => panel.sessionContext.session.kernel.status === 'idle'"
CELLS = "() => Array.from(panel.content.model.cells, cell => cell.toJSON())"
# What a reader sees: texts, and pictures that are loaded and have a width.
TEXTS = """() => Array.from(
    panel.node.querySelectorAll('.jp-OutputArea-output'), one => one.innerText.trim())"""
SHOWN = """() => Array.from(panel.node.querySelectorAll('.jp-OutputArea-output img'))
    .filter(image => image.complete && image.naturalWidth && image.clientWidth).length"""
# Scrolls to the top and tells how much higher the window must be to show the whole notebook.
HIDDEN = """() => {
    const outer = panel.node.querySelector('.jp-WindowedPanel-outer');
    const cells = panel.node.querySelectorAll('.jp-Cell');
    outer.scrollTop = 0;
    const end = cells[cells.length - 1].getBoundingClientRect().bottom;
    return Math.ceil(end - outer.getBoundingClientRect().bottom);
}"""
SETTING = """async ([plugin, name]) => {
    const { schema, composite } = await jupyterapp.serviceManager.settings.fetch(plugin);
    return composite?.[name] ?? schema.properties[name].default;
}"""
# Two characters of a font that has neither are the same box.
LEGIBLE = """() => {
    const drawn = Array.from('问题', letter => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
        const context = canvas.getContext('2d');
        context.font = '30px sans-serif';
        context.fillText(letter, 2, 32);
        return canvas.toDataURL();
    });
    return drawn[0] !== drawn[1];
}"""


@dataclass
class Notebook:
    """A notebook after it ran: its cells, what the page shows, what stands wrong."""

    cells: list[dict]
    texts: list[str]  # of all outputs, as shown
    shown: int  # pictures
    said: list[tuple[str, str]]  # errors by class, and `stderr`
    faults: list[str] = field(default_factory=list)

    @property
    def outputs(self) -> list[dict]:
        return [out for cell in self.cells for out in cell.get("outputs", [])]

    @property
    def pictures(self) -> list[bytes]:
        data = [out.get("data", {}) for out in self.outputs]
        return [base64.b64decode(one["image/png"]) for one in data if "image/png" in one]

    @property
    def source(self) -> str:
        return "\n".join(cell["source"] for cell in self.cells)


class Lab:
    """One JupyterLab page."""

    def __init__(self, page, url: str, token: str, pictures: Path):
        self.page, self.pictures = page, pictures
        self.failures: list[str] = []  # of the page's own JavaScript
        self.requests: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(f"{url}/lab/tree/notebooks?token={token}")
        page.wait_for_function("() => window.jupyterapp?.shell?.isAttached")
        page.evaluate("() => jupyterapp.restored")
        page.locator(".jp-DirListing-item").first.wait_for()

    def run(self, path: str) -> Notebook:
        """Open a notebook, run all of its cells, keep a screenshot and close it."""
        self.do(OPEN, path)
        self.page.wait_for_function(IDLE)
        self.do("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(IDLE)
        self.screenshot(Path(path).stem, tall=True)
        notebook = Notebook(*map(self.page.evaluate, (CELLS, TEXTS, SHOWN, "said")))
        notebook.said = [one for one in notebook.said if not NO_COMM.match(one[1])]
        notebook.faults = find_faults(notebook)
        self.close()
        return notebook

    def do(self, action: str, argument=None) -> None:
        """Carry out an asynchronous function of the page; `MILLISECONDS` are all it gets."""
        if not self.page.evaluate(LIMIT, [action, argument, MILLISECONDS]):
            self.screenshot("没有响应")
            raise TimeoutError(f"nothing came of {action[:80]}: see 没有响应.png")

    def close(self) -> None:
        """Shut the kernel down and close the notebook without saving or asking."""
        self.do(
            "async () => { await panel.sessionContext.shutdown();"
            " panel.context.model.dirty = false; panel.dispose(); }"
        )

    def screenshot(self, name: str, *, tall: bool = False) -> None:
        """Keep a picture of the window, or of the whole notebook."""
        height = HEIGHT
        for _ in range(3 * tall):  # cells are measured only when they come into view
            height = min(max(height + self.page.evaluate(HIDDEN), HEIGHT), TALLEST)
            self.page.set_viewport_size({"width": WIDTH, "height": height})
            self.page.wait_for_timeout(300)
        self.page.screenshot(path=self.pictures / f"{name}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def find_faults(notebook: Notebook) -> list[str]:
    """What a reader would stumble over: errors, warnings, empty or missing pictures."""
    faults = [f"{kind}: {text.strip()}" for kind, text in notebook.said]
    shares = [ink(picture) for picture in notebook.pictures]
    faults += [
        f"picture {number}: ink {share:.4f}"
        for number, share in enumerate(shares, start=1)
        if not LEAST_INK <= share <= MOST_INK
    ]
    if notebook.shown < len(shares):
        faults.append(f"pictures: {len(shares)} made, {notebook.shown} shown")
    return faults


def ink(picture: bytes) -> float:
    """Share of a picture's pixels that are not white; a transparent ground is white."""
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    pixels = np.asarray(Image.alpha_composite(white, image).convert("L"))
    return float((pixels < 250).mean())

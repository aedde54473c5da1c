"""One JupyterLab server and one Chromium for all tests of this folder."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from driver import HEIGHT, WIDTH, Lab
from matplotlib import font_manager, get_data_path

from analysis.workspace import CHECKOUT, make_workspace

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 60
SCREENSHOTS = CHECKOUT / "build" / "browser"
LOCAL_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def missing(what: str):
    """Fail on the machine that must know; elsewhere say that nothing was tried."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}：CI 中必须运行浏览器测试")
    pytest.skip(f"未运行：{what}")


@pytest.fixture(scope="session")
def chromium() -> str:
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM)), None)
    return found or missing(f"没有找到 {named or 'Chromium'}（可用环境变量 CHROMIUM 指明位置）")


@pytest.fixture(scope="session")
def playwright():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("没有安装 playwright")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """A workspace as `init` makes it, with the five reports and their labels; nothing has run."""
    made = make_workspace(tmp_path_factory.mktemp("browser") / "工作 文件夹")
    for path in (CHECKOUT / "data" / "reports").glob("*.txt"):
        shutil.copy(path, made.reports)
    shutil.copytree(CHECKOUT / "data" / "gold", made.gold)
    return made


def hide_system_fonts(folder: Path) -> None:
    """Leave matplotlib its own fonts only, as on a machine without Chinese ones."""
    manager = font_manager.FontManager()
    own = Path(get_data_path())
    manager.ttflist = [font for font in manager.ttflist if Path(font.fname).is_relative_to(own)]
    assert manager.ttflist
    font_manager.json_dump(manager, folder / f"fontlist-v{manager.__version__}.json")


@pytest.fixture(scope="session")
def server(workspace, tmp_path_factory):
    """Address and token of a JupyterLab that knows nothing of this user's own settings."""
    own = tmp_path_factory.mktemp("jupyter")
    folders = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    names = [f"JUPYTER_{name}" for name in folders]
    names += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
    env = os.environ | {name: str(own / name.lower()) for name in names}
    for name in names:
        Path(env[name]).mkdir()
    hide_system_fonts(Path(env["MPLCONFIGDIR"]))
    env["PYTHONWARNINGS"] = "error:Glyph:UserWarning"  # a character without a glyph: an error
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    options = [
        *("--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"),
    ]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        options.append("--allow-root")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with (SCREENSHOTS / "jupyter.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=workspace.root,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"{url}/api", process)
            yield url, token
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start, see {SCREENSHOTS / 'jupyter.log'}")


@pytest.fixture(scope="session")
def lab(chromium, playwright, server):
    for old in SCREENSHOTS.glob("*.png"):
        old.unlink()
    browser = playwright.chromium.launch(executable_path=chromium, args=[LOCAL_ONLY])
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US")
    yield Lab(page, *server, SCREENSHOTS)
    browser.close()

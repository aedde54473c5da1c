"""The panel in JupyterLab: it draws what :class:`~analysis.explorer.answers.Answers` says."""

from __future__ import annotations

import threading
from pathlib import Path

import anywidget

from analysis.explorer.answers import Answers

STATIC = Path(__file__).parent / "static"


class Explorer(anywidget.AnyWidget):
    """Panel of one study. Nothing of the study is kept in the notebook file.

    Questions and answers are messages, not traits: traits that change while one is under way are
    held back, so that the last of two quick clicks may be lost or stored with the value of the
    first.
    """

    _esm = "\n".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js")))
    _css = STATIC / "explore.css"

    def __init__(self, study, **options):
        super().__init__(**options)
        self.answers = Answers(study)
        # JupyterLab may hand messages to a second thread.
        self._one_at_a_time = threading.Lock()
        self.on_msg(self._reply)

    def _reply(self, _widget, message: dict, _buffers) -> None:
        with self._one_at_a_time:
            reply = self.answers.answer(message)
        self.send(reply)


def explore(study) -> Explorer:
    """Return the panel for a study: look up, read in context, see where a number comes from.

    Parameters
    ----------
    study : analysis.study.Study
        From ``an.run()`` or ``an.load()``.

    Returns
    -------
    Explorer
        A widget that JupyterLab shows; decisions made in it are saved at once.
    """
    return Explorer(study)

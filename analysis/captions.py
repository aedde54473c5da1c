"""What a caption says of a study: what is counted twice, how far to trust the tagging."""

from __future__ import annotations

from analysis.labels import NO_LABELS


def caption_note(study, *, of: str = "issue") -> str:
    """Say what is counted twice or left out, and how well the tagging agrees, for captions."""
    return study.caveat + accuracy_note(study, of=of)


def accuracy_note(study, *, of: str = "issue") -> str:
    """Say how well the tagging agrees with labels, for captions.

    The workspace's labels are used where they are for reports of this study; the sentence says
    that the rules were written with them in view.

    Parameters
    ----------
    of : {"issue", "theme", "role"}
        Precision and recall of the issues, share of sentences with the right theme, or macro-F1 of
        the roles without ``cause``.
    """
    scores = study.scores()
    if scores is None:
        return NO_LABELS
    labelled = scores.loc[scores["report"] != "all", "report"].nunique()
    scores = scores[scores["report"] == "all"]
    if of == "issue":
        row = scores[scores["measure"] == "issue_micro"].iloc[0]
        words = f"问题表现识别查准率 {row['precision']:.2f}、查全率 {row['recall']:.2f}"
    elif of == "theme":
        share = scores.loc[scores["measure"] == "theme_micro", "value"].iloc[0]
        words = f"主题判断一致的句子占 {share:.2f}"
    else:
        macro = (scores["measure"] == "role_macro") & (scores["key"] == "without_cause")
        words = f"角色判断的宏平均 F1 为 {scores[macro].iloc[0]['f1']:.2f}"
    return (
        f"与 {labelled} 份人工标注报告对照，{words}"
        "（规则和模型见过这些报告，新报告上要低，见 README）。"
    )

"""The command line: ``python -m analysis run | diff | evaluate | init | trace | suggest | train``.

Nothing heavy is imported before a command is chosen, so ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.errors import AnalysisError, why_refused
from analysis.workspace import make_workspace, quoted

# argparse speaks English; these are the parts of it that an analyst can meet.
PHRASES = {
    "usage: ": "用法：",
    "options": "选项",
    "positional arguments": "参数",
    "show this help message and exit": "显示本说明",
    "the following arguments are required: %s": "缺少：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "expected one argument": "后面应有一个值",
    "ignored explicit argument %r": "后面不能带值（写了 %r）",
    "not allowed with argument %s": "不能和“%s”一起用",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确：%(matches)s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有“%(value)s”，可用：%(choices)s",
    "%(prog)s: error: %(message)s\n": "命令有误：%(message)s；说明见 %(prog)s --help\n",
}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    argparse._ = lambda text: PHRASES.get(text, text)
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="比较各级调研报告中的问题与对策；每个数字都能查到原文。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", title="命令")
    _add_run(commands)
    diff = _add(commands, "diff", "比较两次的结果，说出什么变了、因为哪份报告")
    diff.add_argument("old", metavar="旧结果", help="较早的结果：留存的名称或结果文件夹")
    diff.add_argument("new", metavar="新结果", nargs="?", help="较新的结果；默认为 data/results")
    _add_evaluate(commands)
    trace = _add(commands, "trace", "列出一个数字背后的句子")
    trace.add_argument(
        "rate", metavar="编号", help="数字编号，如 level/county/issue/two_skins/asserted"
    )
    suggest = _add(commands, "suggest", "从没有认出的问题段提出编码手册的新写法，由人采纳")
    suggest.add_argument(
        "--accept", action="store_true", help="把“采纳”一列填了“是”的各行写入编码手册"
    )
    _add(commands, "train", "用 data/gold 和 data/training 的人工标注重新训练编码手册里的模型")
    init = commands.add_parser(
        "init", help="新建一个工作文件夹", description="新建一个工作文件夹。"
    )
    init.add_argument("folder", type=Path, metavar="文件夹", help="新建在哪里")
    return parser


def _add_run(commands) -> None:
    run = _add(commands, "run", "分析 data/reports/ 中的报告，写出 data/results/ 和 figures/")
    run.add_argument("--fresh", action="store_true", help="全部重新分析，不用以前算好的")
    run.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="用 N 个进程读报告，结果相同；默认为 1"
    )
    run.add_argument("--no-charts", action="store_true", help="只出表，不画图")
    run.add_argument(
        "--keep", metavar="NAME", help="把这次的结果另存一份在 data/results/kept/NAME，如 2024年底"
    )


def _add_evaluate(commands) -> None:
    evaluate = _add(commands, "evaluate", "对照人工标注，算出准确程度")
    folder = evaluate.add_mutually_exclusive_group()
    folder.add_argument(
        "folder", nargs="?", type=Path, metavar="标注文件夹", help="默认为 data/gold"
    )
    folder.add_argument(
        "--labels",
        type=Path,
        metavar="DIR",
        action="append",
        help="标注文件夹；可以写几次，几个文件夹合在一起算",
    )
    evaluate.add_argument(
        "--left-out",
        action="store_true",
        help="留一：用没有见过它的模型和写法判断每份报告，得到新报告成绩的上限",
    )
    evaluate.add_argument("--errors", type=Path, metavar="FILE", help="把错在哪里逐条写进这个 CSV")


def _add(commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text}。")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="工作文件夹；默认自动查找")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"“{text}” 应为正整数，如 2")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 with one line of Chinese when it cannot be done."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may not be in UTF-8
            stream.reconfigure(errors="replace")
    options = build_parser().parse_args(arguments)
    # numpy and scipy each start a thread per core when they are imported: a quarter of a second,
    # and the products of a run are too small to gain by it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    commands = {"run": _run, "evaluate": _evaluate, "trace": _trace, "init": _init}
    commands |= {"suggest": _suggest, "train": _train, "diff": _diff}
    try:
        return commands[options.command](options)
    except AnalysisError as error:
        print(f"未能完成：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("\n已中断；上一次的结果仍可使用。", file=sys.stderr)
        return 130
    except OSError as error:  # a full disk, a picture that another program holds …
        what = f"{error.filename or '文件'}：{why_refused(error)}"
        print(f"未能完成：{what}；请关闭占用它的程序，或换个位置。", file=sys.stderr)
        return 1


def _run(options) -> int:
    from analysis.history import KEPT
    from analysis.study import run
    from analysis.summary import summarise

    study = run(
        options.workspace,
        fresh=options.fresh,
        charts=not options.no_charts,
        progress=True,
        jobs=options.jobs,
        keep=options.keep,
    )
    print(summarise(study))
    if options.no_charts:
        print("本次没有画图：figures/ 中若有图，可能是以前的，请勿引用。")
    if options.keep is not None:
        print(f"这次的结果已留存：{study.workspace.results / KEPT / options.keep}")
    return 0


def _diff(options) -> int:
    from analysis.study import diff_runs

    print(diff_runs(options.old, options.new, options.workspace)[1])
    return 0


def _evaluate(options) -> int:
    from analysis.mistakes import save_errors
    from analysis.score_tables import IN_SAMPLE, LEFT_OUT, format_scores
    from analysis.study import evaluate_labels

    folders = options.labels or ([options.folder] if options.folder else [])
    result, book = evaluate_labels(options.workspace, folders, left_out=options.left_out)
    kind = LEFT_OUT if options.left_out else IN_SAMPLE
    print(format_scores(result.scores, book.names, kind=kind))
    if options.errors:
        path = save_errors(result.errors, options.errors)
        print(f"\n{len(result.errors)} 处不一致，逐条写在 {path}")
    return 0


def _trace(options) -> int:
    from analysis.study import load

    print(load(options.workspace).trace(options.rate))
    return 0


def _train(options) -> int:
    from analysis.study import train_codebook

    recipe = train_codebook(options.workspace)
    print(
        f"已用 {len(recipe['reports'])} 份报告的 {recipe['sentences']} 句和另外 {recipe['bank']} 个"
        f"单句重新训练，{recipe['ngrams']} 行写入编码手册的 learned_ngrams.csv。"
    )
    return 0


def _suggest(options) -> int:
    from analysis.study import accept_wording, suggest_wording

    print((accept_wording if options.accept else suggest_wording)(options.workspace))
    return 0


def _init(options) -> int:
    workspace = make_workspace(options.folder)
    print(f"已建好工作文件夹 {workspace.root}")
    print("请把报告放进 data/reports/，再运行：")
    print(f"  python -m analysis run --workspace {quoted(workspace.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

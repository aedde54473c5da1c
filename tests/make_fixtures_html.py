"""Makes saved web pages: reports with all that stands around a text on real sites.

`python tests/make_fixtures_html.py` writes the files of tests/data/html/.
"""

import html
import re
from pathlib import Path

from toys_reading import report_lines

HERE = Path(__file__).parent / "data" / "html"
NAV = ["首页", "机关概况", "党建动态", "工作研究", "支部风采", "政策法规", "下载中心", "联系我们"]
RELATED = [
    "某市召开机关党建工作推进会",
    "某县直机关开展主题党日活动",
    "关于印发机关党建工作要点的通知",
    "机关党务干部培训班开班",
    "某局党支部赴红色教育基地学习",
    "关于召开机关党建述职评议会的通知",
]
SITE = "某某机关党建网"
SCRIPT = "<script>var s='<p>脚本里的文字不是正文，不应当读出来。</p>';document.write(s);</script>"
STYLE = "<style>.nav li{float:left} .ad{color:red}</style>"


def links(texts, kind="ul"):
    items = "".join(f'<li><a href="/a/{n}.html">{one}</a></li>' for n, one in enumerate(texts))
    return f"<{kind}>{items}</{kind}>"


def article(title, paragraphs):
    body = "\n".join(f"<p>　　{one}</p>" for one in paragraphs)
    return f"""<header><div class="logo"><img src="http://www.example.cn/logo.png">{SITE}</div>
<nav>{links(NAV)}</nav></header><div class="crumb">当前位置：<a href="/">首页</a> &gt;
<a href="/y">工作研究</a></div><main><article><h1>{title}</h1><div class="info">
<span>来源：{SITE}</span><span>发布时间：2024-03-05 10:12</span></div><div class="content">
{body}</div></article></main><aside class="sidebar"><h3>相关阅读</h3>{links(RELATED)}</aside>"""


def breaks(title, paragraphs):
    """One div, lines cut by <br>, an advert in the middle."""
    ends = [n for n, one in enumerate(paragraphs, start=1) if one.endswith("。")]
    half = ends[len(ends) // 2]
    advert = '<div class="ad"><a href="http://ad.example.cn/">[推广]名师讲座今日开课！</a></div>'
    lines = [f"&nbsp;&nbsp;&nbsp;&nbsp;{one}" for one in paragraphs]
    body = "<br>\n<br>\n".join(lines[:half]) + advert + "<br/><br/>".join(lines[half:])
    return f"""<div id="top"><div class="menu">{links(NAV)}</div></div>
<div id="left">{links(RELATED)}</div><div id="main"><div class="title">{title}</div>
<div id="zoom">{body}</div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div></div>"""


def tables(title, paragraphs):
    """Tables as layout, as pages of twenty years ago have it."""
    body = "".join(f"<P>{one}" for one in paragraphs)
    side = "".join(f"<tr><td><a href=b{n}.htm>{one}</a></td></tr>" for n, one in enumerate(RELATED))
    bar = "".join(f"<td><a href=n{n}.htm>{one}</a></td>" for n, one in enumerate(NAV))
    return f"""<table width=100%><tr>{bar}</tr></table>
<table><tr><td width=200><table>{side}</table></td><td><table>
<tr><td align=center><font size=5><b>{title}</b></font></td></tr>
<tr><td>{body}</td></tr></table></td></tr></table>"""


def divs(title, paragraphs):
    """Nothing but div and span, source lines wrapped in the middle of a sentence."""

    def wrap(text):
        cut = re.sub("(.{30}?[\u4e00-\u9fff])(?=.)", r"\1\n", text)
        cut = html.escape(cut, quote=False)
        return f'<div class="p"><span style="font-family:宋体">{cut}</span></div>'

    body = "".join(wrap(html.unescape(one)) for one in paragraphs)
    menu = "".join(f'<div class="x"><a href="#">{one}</a></div>' for one in NAV)
    hot = "".join(f'<div><a href="#">{one}</a></div>' for one in RELATED)
    return f"""<div class="a1">{menu}</div><div class="b2"><div class="b3">
<div class="h">{title}</div><div class="t">{body}</div></div>
<div class="b4"><div>热门文章</div>{hot}</div></div>"""


LAYOUTS = {"article": article, "breaks": breaks, "tables": tables, "divs": divs}


def page(lines, layout, *, charset="utf-8"):
    """Return a page: the first line is its title."""
    title, *paragraphs = [html.escape(one.strip(), quote=False) for one in lines]
    foot = f"版权所有：{SITE}　ICP备0000000号"
    return f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{title}_{SITE}</title>{STYLE}{SCRIPT}</head>
<body>{LAYOUTS[layout](title, paragraphs)}
<div class="footer">{foot}</div><script src="http://www.example.cn/count.js"></script></body></html>
"""


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    lines = report_lines("training/t11")[:14]
    for layout in LAYOUTS:
        (HERE / f"{layout}.html").write_bytes(page(lines, layout, charset="gb2312").encode())
    (HERE / "gbk.htm").write_bytes(page(lines, "article", charset="utf-8").encode("gbk"))


if __name__ == "__main__":
    main()

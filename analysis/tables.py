"""The columns of every table, as data.

A row is ``(column, type, meaning[, allowed values])``; ``!`` after the type: may not be empty.
"""

from analysis.codebook_tables import COLUMNS_OF_CODEBOOK
from analysis.vocabulary import (
    CHANGE_KINDS,
    CORRECTED_FIELDS,
    EDIT_KINDS,
    FRAGILE,
    GENRES,
    KINDS,
    LEVELS,
    LINK_STATES,
    RATE_STANCES,
    ROLES,
    SCRIPTS,
    SECTION_STATES,
    STANCES,
    STATUSES,
    TWIN_KINDS,
    TWIN_STATES,
)

# What a count is of, and in which group of reports.
_GROUP = [
    ("rate", "str!", "数字编号：分组/组/类/键/态度"),
    ("by", "str!", "分组所用的列"),
    ("group", "str!", "组"),
]
_CELL = [
    ("kind", "str!", "类：issue 问题表现、theme 主题、role 角色、link 对策", tuple(KINDS)),
    ("key", "str!", "键"),
    ("stance", "str!", "态度", tuple(RATE_STANCES)),
]
_SPAN = [
    ("start", "int!", "起点：来源文本中的字符位置（从 0 起，含）"),
    ("end", "int!", "终点：来源文本中的字符位置（不含）"),
]


def _inferred(field, meaning, *allowed):
    return [
        (field, "str", meaning, *allowed),
        (
            f"{field}_basis",
            "str",
            f"{meaning.split('：')[0]}依据：原文引文，或 catalogue（人工填写）",
        ),
        (f"{field}_confidence", "float", f"{meaning.split('：')[0]}把握：0 到 1；人工填写为 1"),
    ]


COLUMNS_OF_RESULTS = {
    "reports": [
        ("report", "str!", "报告：文件名去掉扩展名"),
        ("file", "str!", "文件名"),
        *_inferred("title", "标题"),
        *_inferred("level", "层级", tuple(LEVELS)),
        *_inferred("region", "地区"),
        *_inferred("issuer", "成文单位"),
        *_inferred("date", "日期：YYYY、YYYY-MM 或 YYYY-MM-DD"),
        *_inferred("genre", "文种", tuple(GENRES)),
        ("script", "str", "字体：简体或繁体", tuple(SCRIPTS)),
        ("sha256", "str", "文件字节的 SHA-256"),
        ("characters", "int", "来源文本的非空白字符数"),
        ("noise_characters", "int", "其中噪声的字符数"),
        (
            "problem_section",
            "str",
            "问题部分：found 有、none 无、lost 来源缺失",
            tuple(SECTION_STATES),
        ),
        ("status", "str!", "状态：ok、failed 或 twin（重复，不计入）", tuple(STATUSES)),
        ("message", "str", "说明：未能读取的原因，或编码等"),
    ],
    "edits": [
        ("report", "str!", "报告"),
        *_SPAN,
        ("kind", "str!", "种类：清理的种类", tuple(EDIT_KINDS)),
        ("replacement", "str", "换成的文字；空为删去"),
        ("basis", "str!", "依据"),
    ],
    "passages": [
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        ("number", "int!", "在报告中的序号，从 1 起"),
        ("section", "str", "所在一级标题"),
        ("heading_path", "str", "标题路径，用“ › ”连接"),
        *_SPAN,
        ("text", "str!", "正文：清理并转为简体后的文字"),
        ("role", "str", "角色：按字数多数，仅供显示", ROLES),
        ("problem_sentences", "int", "问题句数"),
        ("countermeasure_sentences", "int", "对策句数"),
        ("theme", "str", "主题"),
        ("theme2", "str", "第二主题"),
        ("theme_score", "float", "主题得分"),
        ("theme_margin", "float", "差距：与第二名的差，0 到 1"),
        ("theme_words", "str", "主题依据：使它归入该主题的词"),
        ("cluster", "int", "聚类编号，仅作对照；超过 3000 段时只有抽取的 3000 段有"),
        ("corrected", "bool", "是否经人工更正"),
    ],
    "sentences": [
        ("sentence", "str!", "句子编号"),
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        *_SPAN,
        ("text", "str!", "正文：清理并转为简体后的文字"),
        ("role", "str", "角色", ROLES),
        ("role_basis", "str", "角色依据"),
        ("role_margin", "float", "差距：与第二名的差，0 到 1"),
        ("heading_level", "int", "标题层次，0 为题目；空为非标题"),
        ("theme", "str", "主题"),
        ("theme2", "str", "第二主题"),
        ("theme_margin", "float", "差距：与第二名的差，0 到 1"),
        ("link", "str", "问题与对策：本报告中有没有对策，有没有对应的问题", tuple(LINK_STATES)),
        ("corrected", "bool", "是否经人工更正"),
    ],
    "mentions": [
        ("mention", "str!", "提及编号"),
        ("issue", "str!", "问题表现"),
        ("sentence", "str!", "句子编号"),
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        *_SPAN,
        ("quote", "str!", "引文"),
        ("stance", "str!", "态度", tuple(STANCES)),
        ("role", "str", "所在句的角色", ROLES),
        (
            "pattern",
            "str!",
            "命中的模式；learned：没有命中模式，由全句用词判断；corrected：人工加上",
        ),
        ("corrected", "bool", "是否经人工更正"),
    ],
    "unexplained": [
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        *_SPAN,
        ("quote", "str!", "引文：段中的问题句，从第一句到最后一句"),
        ("nearest1", "str", "最近的问题表现"),
        ("similarity1", "float", "与最近的相似度：0 到 1"),
        ("nearest2", "str", "第二近的问题表现"),
        ("similarity2", "float", "与第二近的相似度：0 到 1"),
        ("nearest3", "str", "第三近的问题表现"),
        ("similarity3", "float", "与第三近的相似度：0 到 1"),
    ],
    "links": [
        ("problem", "str!", "问题点：其中第一句的编号"),
        ("countermeasure", "str", "对策句编号；空为未见对策"),
        ("report_problem", "str!", "问题所在报告"),
        ("report_countermeasure", "str", "对策所在报告；与问题不在同一份的，只是可借鉴的建议"),
        ("score", "float", "把握：0 到 1"),
        ("basis", "str!", "依据"),
    ],
    "twins": [
        ("report", "str!", "报告：没有计入的一份，或者待确认的一份"),
        ("other", "str!", "相同的报告"),
        ("kind", "str!", "种类：byte 逐字节相同、near 近似", tuple(TWIN_KINDS)),
        ("state", "str!", "处理", tuple(TWIN_STATES)),
        ("share", "float!", "相同的比例：共有的五字片断占较长一份的比例，0 到 1"),
        ("longest", "str", "最长的相同文字"),
    ],
    "copies": [
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        *_SPAN,
        ("quote", "str!", "引文：与别的报告相同的句子"),
        ("other_passage", "str!", "相同段落的编号"),
        ("other_report", "str!", "相同段落所在的报告"),
        ("other_start", "int!", "相同段落的起点"),
        ("other_end", "int!", "相同段落的终点"),
        ("other_quote", "str!", "相同段落的引文"),
        ("share", "float!", "相同的比例：这一段的字数中，在那一段里依次找得到的，0 到 1"),
    ],
    "rates": [
        *_GROUP,
        *_CELL,
        ("reports_with", "int!", "提到的报告数"),
        ("reports", "int!", "可判断的报告数（分母）"),
        ("reports_unknown", "int!", "无从判断的报告数"),
        ("passages_with", "int!", "提到的段数"),
        ("passages", "int!", "段数（分母）"),
        ("sentences_with", "int!", "提到的句数"),
        ("sentences", "int!", "句数（分母）"),
        ("characters", "int!", "句子的字数（分母）"),
        ("per_1000_characters", "float", "每千字句数"),
        ("low", "float", "报告比例的区间下限（仅应要求给出）"),
        ("high", "float", "报告比例的区间上限（仅应要求给出）"),
        ("fragile", "str!", "是否脆弱：去掉任一份报告，说法就改变", FRAGILE),
        ("says", "str!", "一句话说明"),
    ],
    "evidence": [
        ("rate", "str!", "数字编号"),
        ("report", "str!", "报告"),
        ("passage", "str!", "段落编号"),
        ("sentence", "str!", "句子编号"),
        ("mention", "str", "提及编号"),
    ],
    "themes": [
        ("theme", "str!", "主题"),
        ("passages", "int!", "归入该主题的问题、对策段数"),
        ("reports", "int!", "涉及的报告数"),
        (
            "stability_resample",
            "float",
            "重抽样稳定性：各段仍归在一起的比例，0 到 1；超过 3000 段时抽取其中 3000 段",
        ),
        ("stability_leave_one_out", "float", "去一份稳定性：去掉一份报告时的同一比例，0 到 1"),
        ("unstable", "bool!", "是否不稳定"),
    ],
    "clusters": [
        ("cluster", "int!", "聚类编号"),
        ("passages", "int!", "段数"),
        ("reports", "int!", "涉及的报告数"),
        ("words", "str!", "特征词：区别性最强的词"),
        ("main_theme", "str", "主要主题：其中最多的主题"),
        ("main_theme_share", "float", "主题占比：该主题所占比例"),
        ("main_report_share", "float", "报告占比：最多的一份报告所占比例"),
        ("proposed", "bool!", "是否建议为新主题"),
        ("says", "str!", "一句话说明"),
    ],
    "changes": [
        ("kind", "str!", "种类：什么有变化", tuple(CHANGE_KINDS)),
        ("key", "str!", "对象：报告、数字编号、问题表现、主题，或 报告/起点-终点（/栏目）"),
        ("before", "str", "上一次；空为上一次没有"),
        ("after", "str", "这一次；空为这一次没有"),
        ("because_of", "str", "原因：哪份报告，或编码手册、报告目录、人工更正、程序"),
    ],
}

_DECISION = ("采纳", "str", "采纳：填“是”或“否”，空为未定", ("是", "否"))
_SUPPORT = [
    ("passages", "int!", "段数：说法出自几个段落"),
    ("reports", "int!", "份数：说法出自几份报告"),
]
# What `suggest` offers, for a person to judge.
COLUMNS_OF_SUGGESTIONS = {
    "proposed_patterns": [
        COLUMNS_OF_CODEBOOK["patterns"][0],
        _DECISION,
        *COLUMNS_OF_CODEBOOK["patterns"][1:],
        *_SUPPORT,
        ("elsewhere", "int!", "误中：它还命中多少句不讲问题、或者讲别的问题的话"),
        ("similarity", "float!", "与该问题表现的相似度：0 到 1"),
        ("quotes", "str!", "出处：背后的句子，一行一句"),
    ],
    "proposed_terms": [
        COLUMNS_OF_CODEBOOK["theme_terms"][0],
        _DECISION,
        *COLUMNS_OF_CODEBOOK["theme_terms"][1:],
        *_SUPPORT,
        ("share", "float!", "归属：含这个词、主题明确的段落中属于该主题的比例，0 到 1"),
        ("doubtful", "int!", "可用于：主题把握不大的段落中有几段含这个词"),
        ("quotes", "str!", "出处：背后的句子，一行一句"),
    ],
}

_DECISIONS = [
    ("correction", "str!", "更正编号：由程序给出，按时间先后"),
    ("time", "str", "时间"),
    ("who", "str", "更正人"),
    ("target", "str!", "对象：段落、句子、提及或对应关系", tuple(CORRECTED_FIELDS)),
    (
        "field",
        "str!",
        "改的是哪一项",
        tuple(dict.fromkeys(f for fields in CORRECTED_FIELDS.values() for f in fields)),
    ),
    ("was", "str", "原来的值；空为原来没有"),
    ("now", "str", "更正后的值；空为去掉，与原来相同为确认；问题表现可写作 键/态度"),
    ("why", "str", "理由"),
    ("undoes", "str", "撤销的是哪一条更正"),
    ("report", "str!", "报告"),
    ("sha256", "str", "更正时报告文件的 SHA-256"),
    ("exact", "str!", "原文：更正的那段文字"),
    ("prefix", "str", "上文：紧接在它前面的文字"),
    ("suffix", "str", "下文：紧接在它后面的文字"),
    *_SPAN,
]
# What an analyst decided; the second: decisions that could not be applied.
COLUMNS_OF_CORRECTIONS = {
    "corrections": _DECISIONS,
    "stale_corrections": [*_DECISIONS, ("reason", "str!", "没有采用的原因")],
}

# What is computed when an analyst asks for it.
COLUMNS_ON_REQUEST = {
    "dispersion": [
        *_CELL,
        ("reports_with", "int!", "提到的报告数"),
        ("reports", "int!", "可判断的报告数（分母）"),
        ("passages_with", "int!", "提到的段数"),
        ("passages", "int!", "段数（分母）"),
        ("most", "str!", "段数最多的报告"),
        ("most_passages", "int!", "该报告的段数"),
        ("deviation", "float", "偏离度：0 为各报告一样多，越近 1 越集中于少数报告"),
        ("says", "str!", "一句话说明"),
    ],
    "left_out": [
        *_GROUP,
        *_CELL,
        ("reports_with", "int!", "提到的报告数"),
        ("reports", "int!", "可判断的报告数（分母）"),
        ("least", "str!", "去掉一份后最低"),
        ("largest", "str!", "去掉一份后最高"),
        ("flips", "str", "去掉哪份说法就变"),
    ],
    "concordance": [
        ("hit", "int!", "序号：按原文顺序"),
        ("sentence", "str!", "句子编号"),
        ("passage", "str!", "段落编号"),
        ("report", "str!", "报告"),
        ("level", "str!", "层级"),
        ("heading_path", "str", "标题路径"),
        ("role", "str", "角色", ROLES),
        ("theme", "str", "主题"),
        ("doubt", "str", "把握不大的标签"),
        ("line", "int!", "句子在语料中的位置"),
        ("start", "int!", "命中处在这句正文中的起点"),
        ("end", "int!", "命中处在这句正文中的终点"),
    ],
}

COLUMNS_BY_TABLE = (
    COLUMNS_ON_REQUEST
    | COLUMNS_OF_CORRECTIONS
    | COLUMNS_OF_SUGGESTIONS
    | COLUMNS_OF_RESULTS
    | COLUMNS_OF_CODEBOOK
)

KEYS_BY_TABLE = {
    "reports": ["report"],
    "edits": ["report", "start", "end"],
    "passages": ["passage"],
    "sentences": ["sentence"],
    "mentions": ["mention"],
    "unexplained": ["passage"],
    "links": ["problem", "countermeasure"],
    "twins": ["report", "other"],
    "copies": ["passage", "other_passage"],
    "rates": ["rate"],
    "dispersion": ["kind", "key", "stance"],
    "left_out": ["rate"],
    "concordance": ["hit"],
    "evidence": ["rate", "sentence", "mention"],
    "themes": ["theme"],
    "clusters": ["cluster"],
    "changes": ["kind", "key"],
    "proposed_patterns": ["pattern", "issue", "regex"],
    "proposed_terms": ["theme", "term"],
    "roles": ["role"],
    "theme_names": ["theme"],
    "issues": ["issue"],
    "word_classes": ["word_class"],
    "patterns": ["pattern"],
    "stance_patterns": ["pattern"],
    "role_patterns": ["pattern"],
    "noise_patterns": ["pattern"],
    "catalogue_patterns": ["pattern"],
    "theme_terms": ["theme", "term"],
    "idf": ["term"],
    "learned_ngrams": ["ngram"],
    "learned_context": ["feature", "key"],
    "segmentation": ["term"],
    "catalogue": ["file"],
    "corrections": ["correction"],
    "stale_corrections": ["correction"],
}

# Result tables in the order they are made and written.
RESULT_TABLES = (
    "reports",
    "edits",
    "passages",
    "sentences",
    "mentions",
    "unexplained",
    "themes",
    "clusters",
    "links",
    "twins",
    "copies",
    "rates",
    "evidence",
)
CODEBOOK_TABLES = (
    "roles",
    "theme_names",
    "issues",
    "word_classes",
    "patterns",
    "stance_patterns",
    "role_patterns",
    "noise_patterns",
    "catalogue_patterns",
    "theme_terms",
    "idf",
    "learned_ngrams",
    "learned_context",
    "segmentation",
)
# Tables that one report makes on its own.
TABLES_OF_PARTS = ("edits", "passages", "sentences")

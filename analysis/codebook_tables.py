"""The columns of the codebook's files and of the catalogue: what a person edits, as data.

Rows are as in :mod:`analysis.tables`.
"""

from analysis.vocabulary import GENRES, LEVELS, ROLES, STANCES

COLUMNS_OF_CODEBOOK = {
    "roles": [
        ("role", "str!", "角色", ROLES),
        ("name", "str!", "中文名"),
        ("definition", "str!", "定义"),
    ],
    "theme_names": [
        ("theme", "str!", "主题"),
        ("name", "str!", "中文名"),
        ("definition", "str!", "范围"),
    ],
    "issues": [
        ("issue", "str!", "问题表现"),
        ("name", "str!", "中文名"),
        ("short", "str!", "图上用的短名"),
        ("theme", "str!", "通常所属的主题"),
        ("definition", "str!", "定义与常见说法"),
    ],
    "word_classes": [
        ("word_class", "str!", "词类：在模式中写作 <词类>"),
        ("words", "str!", "用 | 隔开的词"),
        ("note", "str", "说明"),
    ],
    "patterns": [
        ("pattern", "str!", "模式编号"),
        ("issue", "str!", "问题表现"),
        ("regex", "str!", "正则表达式，可用 <词类>"),
        ("example", "str!", "应当命中的例句"),
        ("counterexample", "str!", "不应命中的例句"),
        ("note", "str", "说明"),
    ],
    "stance_patterns": [
        ("pattern", "str!", "模式编号"),
        ("stance", "str!", "态度", tuple(STANCES)),
        ("scope", "str!", "看哪里", ("before", "after", "sentence")),
        ("regex", "str!", "正则表达式，可用 <词类>"),
        ("example", "str!", "应当命中的例句，问题表现用【】标出"),
        ("counterexample", "str!", "不应命中的例句，问题表现用【】标出"),
        ("note", "str", "说明"),
    ],
    "role_patterns": [
        ("pattern", "str!", "模式编号"),
        ("role", "str!", "角色", ROLES),
        ("scope", "str!", "用于标题、句子还是开头的说明", ("heading", "sentence", "announcement")),
        ("weight", "float!", "分量，可为负"),
        ("regex", "str!", "正则表达式，可用 <词类>"),
        ("example", "str!", "应当命中的例句"),
        ("counterexample", "str!", "不应命中的例句"),
        ("note", "str", "说明"),
    ],
    "noise_patterns": [
        ("pattern", "str!", "模式编号"),
        ("kind", "str!", "种类", ("line", "tail", "inline", "byline")),
        ("regex", "str!", "正则表达式，可用 <词类>"),
        ("example", "str!", "应当命中的例子"),
        ("counterexample", "str!", "不应命中的例子"),
        ("note", "str", "说明"),
    ],
    "catalogue_patterns": [
        ("pattern", "str!", "模式编号"),
        ("field", "str!", "字段", ("level", "region", "issuer", "date", "genre", "subject")),
        ("value", "str", "取值；地区等从命中的文字取，留空"),
        ("scope", "str!", "看哪里", ("title", "byline", "body", "any")),
        ("confidence", "float!", "把握，0 到 1"),
        ("regex", "str!", "正则表达式，可用 <词类>"),
        ("example", "str!", "应当命中的例子"),
        ("counterexample", "str!", "不应命中的例子"),
        ("note", "str", "说明"),
    ],
    "theme_terms": [
        ("theme", "str!", "主题"),
        ("term", "str!", "词"),
        ("weight", "float!", "分量，通常为 1"),
        ("note", "str", "说明"),
    ],
    "idf": [
        ("term", "str!", "词"),
        ("idf", "float!", "逆文档频率"),
    ],
    "learned_ngrams": [
        ("ngram", "str!", "一两个字的字串，或（截距）"),
        ("idf", "float!", "逆文档频率"),
        ("weights", "str", "它对各角色、主题、问题表现的分量：键=分量，用空格隔开"),
    ],
    "learned_context": [
        ("feature", "str!", "依据：自身用语、标题、前后句、位置"),
        ("key", "str!", "角色，或 issue（问题表现）"),
        ("weight", "float!", "分量，可为负"),
    ],
    "segmentation": [
        ("term", "str!", "分词时不拆开的词"),
        ("frequency", "int!", "词频"),
    ],
    "catalogue": [
        ("file", "str!", "文件名"),
        ("title", "str", "标题"),
        ("level", "str", "层级", tuple(LEVELS)),
        ("region", "str", "地区"),
        ("issuer", "str", "成文单位"),
        ("date", "str", "日期"),
        ("genre", "str", "文种", tuple(GENRES)),
        (
            "same_as",
            "str",
            "相同报告：与它是同一份的文件；填了，这一份就不计入。“否”：不是同一份",
        ),
        ("note", "str", "备注"),
    ],
}

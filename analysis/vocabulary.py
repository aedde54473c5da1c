"""The fixed values of the tables and their Chinese names."""

LEVELS = {
    "central": "中央",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "district": "区级",
    "township": "乡镇（街道）级",
    "unit": "单位",
    "unstated": "层级未注明",
}
# Charts and rates take county and district together.
LEVEL_GROUPS = {level: level for level in LEVELS} | {"district": "county"}
LEVEL_GROUP_NAMES = LEVELS | {"county": "县（市、区）级"}
GENRES = {"report": "报告", "speech": "讲话", "plan": "方案", "other": "其他"}
ROLES = ("problem", "cause", "countermeasure", "practice", "background", "heading", "noise")
STANCES = {
    "asserted": "认定",
    "addressed": "拟解决",
    "negated": "否认",
    "improved": "已改善",
    "supposed": "假设",
    "quoted": "转述",
}
RATE_STANCES = {"asserted": "认定", "addressed": "拟解决", "any": "合计"}
EDIT_KINDS = {
    "wrap": "换行",
    "phonetic": "注音",
    "mojibake": "乱码",
    "marker": "网页标记",
    "page": "页码页眉",
    "advert": "广告",
}
SECTION_STATES = {"found": "有", "none": "无", "lost": "来源缺失"}
STATUSES = {"ok": "正常", "failed": "未能读取", "twin": "重复，不计入"}
# The same report twice: how it is known, and what is done about it.
TWIN_KINDS = {"byte": "逐字节相同", "near": "近似"}
TWIN_STATES = {
    "dropped": "不计入",
    "confirmed": "已确认，不计入",
    "proposed": "待确认，都计入",
    "rejected": "不是同一份，都计入",
}
SCRIPTS = {"simplified": "简体", "traditional": "繁体"}
FRAGILE = ("yes", "no", "cannot_tell")
KINDS = {"issue": "问题表现", "theme": "主题", "role": "角色", "link": "问题与对策"}
# Whether the problem of a sentence has an answer in its report, and a countermeasure its problem.
LINK_STATES = {
    "answered": "有对策的问题",
    "unanswered": "未见对策的问题",
    "unasked": "未对应本报告问题的对策",
}

# What stands for the pattern of a mention that the words of the whole sentence tell.
LEARNED = "learned"
# … of a mention that a person added.
ADDED = "corrected"
# What an analyst may correct, by what the decision is about.
CORRECTED_FIELDS = {
    "passage": ("role", "theme"),
    "sentence": ("role", "theme", "issue"),
    "mention": ("issue", "stance"),
    "link": ("link",),
}
# What can differ between two runs.
CHANGE_KINDS = {
    "rules": "编码手册、更正、程序",
    "report": "报告",
    "issue": "问题表现的有无",
    "theme": "主题的有无",
    "count": "提到的数量",
    "base": "只是总数",
    "says": "说法",
    "label": "一句话的判断",
    "unexplained": "未归类的问题段",
    "proposed": "建议的新主题",
    "stability": "主题是否稳定",
}

"""What may and may not stand in an incoming table: closed lists of columns and labels, and what people look like."""

from __future__ import annotations

import re
from unicodedata import category

ATTRIBUTES = ("age", "sex", "registration", "education", "income", "household", "sector", "district")
STRUCTURAL = ("size", "pattern", "parameter", "role")
VALUES = (
    "count", "weight", "share", "value", "family", "collective", "children", "elders", "migrants",
    "none", "primary", "junior", "senior", "college", "lowest", "second", "middle", "fourth", "highest",
    "staff", "public", "female", "male",
)  # fmt: skip

LABELS: dict[str, tuple[str, ...] | re.Pattern[str]] = {
    "age": re.compile(r"\d{1,3}(-\d{1,3}|\+)?\Z"),
    "sex": ("female", "male"),
    "registration": ("local", "migrant"),
    "education": ("none", "primary", "junior", "senior", "college"),
    "income": ("lowest", "second", "middle", "fourth", "highest"),
    "household": ("family", "collective"),
    "role": ("child", "adult", "elder", "couple", "head", "parent", "other", "collective"),
    "pattern": re.compile(r"(HS?[AKOP]{0,13}|EF?[AO]{0,13})\Z"),
    "sector": re.compile(r"[a-z][a-z ,\-]{1,40}\Z"),
    "parameter": re.compile(r"[a-z][a-z \-]{1,60}\Z"),
}

SENSITIVE = {
    word: reason
    for reason, words in {
        "ethnicity": "ethnicity ethnic ethnie minority nationality race 民族 национальность عرق जाति 민족",
        "religion": "religion religious faith church creed 宗教 религия دين धर्म 종교",
        "party membership": "party partei political politics 党员 政治面貌 партия حزب दल 정당",
        "union membership": "union unions 工会 профсоюз نقابة संघ 노조",
        "health": "health disability disabled illness diagnosis disease hiv 健康 疾病 здоровье صحة स्वास्थ्य 건강",
        "origin": "origin birthplace nativeplace descent caste ancestry 籍贯 祖籍 происхождение أصل मूल 출신",
        "sexual life": "orientation lgbt sexuality gay 性取向",
        "genetic or biometric data": "dna biometric biometrics fingerprint face faces iris 指纹 人脸 基因",
        "criminal records": "criminal conviction convictions crime 犯罪 前科 судимость",
        "opinions": "opinion opinions belief beliefs dissent loyalty petition petitions 信访 思想",
    }.items()
    for word in words.split()
}

_PERSON_WORDS = """
    name names fullname firstname lastname surname givenname forename person citizen citizens individual individuals
    id ids idcard idnumber identity uid uuid personid userid citizenid passport ssn nin aadhaar
    phone phones telephone tel mobile cellphone email mail wechat weixin qq account username user
    address addresses street postcode zip birthday birthdate dob plate plates licence license numberplate vehicle
    imei mac ip latitude longitude lat lon lng coordinates gps geometry score points creditscore record
    姓名 名字 身份证 身份证号 身份证号码 公民身份号码 手机 手机号 手机号码 电话 邮箱 住址 地址
    车牌 车牌号 生日 出生日期 经度 纬度
    имя фамилия отчество фио паспорт снилс инн телефон почта адрес широта долгота
    اسم الاسم لقب هوية هاتف جوال عنوان البريد
    नाम उपनाम आधार फोन मोबाइल पता ईमेल
    이름 성명 주민등록번호 전화 전화번호 휴대폰 주소 이메일 차량번호
"""
_PERSON_PAIRS = """
    full name,first name,last name,given name,id card,id number,user id,person id,e mail,home address,birth date,
    date of birth,credit score,passport number,رقم الهوية
"""
PERSON_COLUMNS = frozenset(_PERSON_WORDS.split()) | frozenset(pair.strip() for pair in _PERSON_PAIRS.split(","))

_HAN_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PATTERNS = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    ("an identity number", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{6}-?[1-8]\d{6}(?!\d)")),
    ("an identity number", re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)|(?<!\d)\d{4} \d{4} \d{4}(?!\d)")),
    ("an identity number", re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)|(?<!\d)\d{15}(?!\d)")),
    ("a telephone number", re.compile(r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("a telephone number", re.compile(r"\+\d{1,3}[ (\-]*\d{2,4}[ )-]*\d{3,4}[ -]?\d{2,4}|(?<!\d)01\d-\d{4}-\d{4}")),
    ("a number plate", re.compile(r"[\u4e00-\u9fff][A-Z][·・ -]?[A-Z0-9]{5,6}(?![A-Z0-9])")),
    ("a number plate", re.compile(r"(?<![A-Z0-9])[A-ZА-Я]\d{3}[A-ZА-Я]{2}\d{2,3}(?!\d)")),
    ("coordinates", re.compile(r"[-+]?\d{1,3}\.\d{4,}\s*[,; ]\s*[-+]?\d{1,3}\.\d{4,}")),
)
_WHOLE = (
    ("a coordinate", re.compile(r"[-+]?\d{1,3}\.\d{4,}\Z")),
    ("a number plate", re.compile(r"[A-Z]{1,3}[ -][A-Z]{0,2}[ -]?\d{3,4}\Z|\d{2,3}[가-힣] ?\d{4}\Z")),
    ("a person's name", re.compile(rf"[{_HAN_SURNAMES}][\u4e00-\u9fff]{{1,2}}\Z")),
    ("a person's name", re.compile(r"[김이박최정강조윤장임한오서신권황안송류전홍][가-힣]{2}\Z")),
    ("a person's name", re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+(?:ич|на))\Z")),
)
_NAMES = re.compile(
    r"[A-ZÀ-Þ][a-zß-ÿ'\-]+,? (?:[A-Z]\.? )?[A-ZÀ-Þ][a-zß-ÿ'\-]+\Z|[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+)?\Z"
    r"|[\u0621-\u064a]+(?: [\u0621-\u064a]+){1,3}\Z|[\u0900-\u097f]+(?: [\u0900-\u097f]+){1,2}\Z"
)


def person_like(text: str, whole: bool = True) -> str:
    """Return what in `text` looks as if it told of a person ("a telephone number"), or "" if nothing does.

    `whole` also judges the text as a whole cell (a name, one coordinate), which would be wrong inside a sentence.
    """
    for what, pattern in _PATTERNS:
        if pattern.search(text):
            return what
    if whole:
        for what, pattern in _WHOLE:
            if pattern.match(text):
                return what
    return ""


def name_like(text: str) -> bool:
    """Say whether `text`, a whole cell, reads like the name of a person in one of six scripts.

    Many places and trades read so too: only for cells that no column of the closed list explains.
    """
    return bool(_NAMES.match(text)) or any(pattern.match(text) for what, pattern in _WHOLE if "name" in what)


def words_of(text: str) -> str:
    """Return the words of a column name in lower case, parted by single blanks (vowel signs belong to words)."""
    kept = (letter if category(letter)[0] in "LMN" else " " for letter in text.lower())
    return " ".join("".join(kept).split())


def word_like(text: str) -> bool:
    """Say whether `text` is a word or a few, in any script: what a column of names consists of."""
    return bool(text) and not any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)

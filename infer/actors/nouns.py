"""The nouns that make a mention of a body: its offices, its arms and the words that keep one from being its body.

All forms are folded. Names are in the table of actors, not here.
"""

from .folding import fold_word

__all__ = [
    "BODY_NOUNS",
    "CONSTRUCT_PLURALS",
    "EPITHETS",
    "FORCE_NOUNS",
    "FORMER",
    "GOVERNMENT_NOUNS",
    "LEADING_NOUNS",
    "MEDIA_NOUNS",
    "NICKNAME_CUES",
    "NOT_ITS_BODY",
    "OFFICE_NOUNS",
    "PEOPLE_OF_ITS",
    "ROLE_NOUNS",
    "STATE_HEADS",
    "TITLES",
    "UNIDENTIFIED",
]


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold_word, words.split()))


OFFICE_NOUNS = _folded(
    """
    الناطق ناطق الناطقة المتحدث متحدث المتحدثة متحدثا وزير وزيرة الوزير رئيس الرئيس رئيسة قائد القائد
    زعيم الزعيم أمير الأمين أمين نائب النائب مدير المدير مسؤول المسؤول مبعوث المبعوث سفير السفير مندوب
    المندوب ممثل عضو العضو القيادي قيادي مستشار المستشار محافظ حاكم ملك الملك ولي المفوض المنسق السكرتير
    سكرتير القائم نظيره مساعد مرشد المرشد وكيل المدعي النائب_العام رئيسا المستشارة مراسل مراسلة كبير
    الجنرال
    """
)
"""Who speaks for a body when a name follows («الناطق باسم التحالف الدولي»)."""

FORCE_NOUNS = _folded(
    """
    طائرات الطائرات الطائرة طيران الطيران مقاتلات مروحيات قاذفات مسيرات قوات القوات جنود الجنود جندي
    دبابات مدفعية ضابط آليات سفن بوارج ضباط عسكريون حواجز صواريخ المجندات الجيش الأسطول الدفاعات
    المقاتلة الطيار
    """
)
"""Arms of a state that say nothing of which state."""

GOVERNMENT_NOUNS = _folded(
    """
    الجيش الحكومة السلطات السلطة الشرطة الشرطي الرئيس الرئاسة الوزير الوزارة وزارة وزير البرلمان محافظ
    المحافظ النيابة القضاء المحكمة الداخلية الخارجية الدفاع المخابرات الاستخبارات الأمن أمني أمنية
    أمنيين عسكري عسكرية عسكريين حكومي حكومية حكوميين رسمي رسمية مسؤول مسؤولين الأجهزة الجهات النواب
    الوزراء حرس الحرس الحاكم الأمنيين النظام
    """
)
"""What every state has; the article's country tells whose it is."""

STATE_HEADS = GOVERNMENT_NOUNS | FORCE_NOUNS | OFFICE_NOUNS | _folded("مصدر مصادر رجال عناصر أفراد وحدات")
"""What a mention must begin with to be an unnamed arm or office of a state: «مصدر عسكري», not «الوفد العسكري»."""

BODY_NOUNS = _folded(
    """
    التنظيم الحركة الجماعة الحزب الجبهة الكتيبة الكتائب السرايا اللواء الفرقة الفيلق الوكالة الصحيفة
    القناة الموقع الشبكة المنظمة الهيئة الجمعية اللجنة المرصد الوزارة البعثة المفوضية الائتلاف التحالف
    الحلف الميليشيا الفصيل المجلس المحكمة الاتحاد الوحدات المجموعة الجريدة المركز المؤسسة التلفزيون
    الإذاعة الشركة الجيش القوات البرنامج المكتب الفصائل المراسل
    """
)
"""What a body is called again by, after its name («حركة حماس» … «الحركة»)."""

LEADING_NOUNS = OFFICE_NOUNS | _folded(
    """
    عناصر مقاتلين مسلحين أفراد جنود قادة قيادات مجاهدين مصدر مصادر وفد مسؤولين باسم في من أحد بعض كبار
    قوات طائرات مواقع الرسمي الإعلامي السياسي العسكري العام أعضاء عضو مقربين قيادة إعلام تابعة تابعين
    موالية موالين أخرى مجموعات مسلحة مرتبطة فصائل كتائب ميليشيا سلاح دول مخابرات رئاسة وحدات مرتزقة
    """
)
"""What may stand before a body without being a part of its name."""

EPITHETS = _folded(
    """
    الإرهابي الإرهابية المتطرف المتطرفة المتشدد المتشددة المسلح المسلحة الحربي الحربية العسكري العسكرية
    اللبناني المذكور
    """
)
"""What may stand after a body taken up by its noun («التنظيم المتشدد»)."""

NOT_ITS_BODY = _folded(
    """
    حلفاء حليف حلفائه حلفائها وحلفائه وحلفائها وحلفاءه حلفاءه معارضو معارضي خصوم أعداء حماة ضحايا أسرى
    ذوي منشقين مناهضين مناهضي معتقلين موقوفين أهالي سكان
    """
)
"""People around a body: not the body itself."""

FORMER = _folded(
    """
    السابق السابقة السابقين سابق سابقا سابقين الأسبق المخلوع المعزول المنشق الراحل
    """
)
"""An office or post that is over: its holder is not its body."""

UNIDENTIFIED = _folded(
    """
    مجهول مجهولة مجهولين المجهولة معلومة معلوم معروفة معروف محددة مسماة
    """
)
"""Said to be unknown: never resolved from context."""

ROLE_NOUNS = _folded(
    """
    صحافي الصحافي الصحفي صحفي ناشط الناشط ناشطة محلل المحلل خبير الخبير مسعف المسعف طبيب الطبيب باحث
    الباحث كاتب الكاتب المعلق المعارض شاهد المحامي الإعلامي الطفل الطفلة الشهيد الأسير الشاب الفتى
    الحقوقي المصور
    """
)
"""A description of the person named beside it."""

TITLES = _folded(
    """
    السيد السيدة الشيخ الشهيد الشهيدة الأسير الدكتور د الأستاذ المهندس العميد العقيد الكولونيل اللواء
    الفريق العماد أركان حرب الجنرال الرائد المقدم النقيب الملازم الأميرال المشير الركن أول أ احتياط
    الأمير الملك الملا آية البطريرك الطفل الطفلة الشاب الفتى القائد القيادي الرئيس الوزير الحاج سيدة
    المرشح للمرشح المستشار النائب السفير المحامي الناشط سماحة الإمام
    """
)
"""Ranks and titles before a name; a name is compared without them."""

PEOPLE_OF_ITS = _folded("عناصر مقاتلين مقاومين مجاهدين مسلحين أفراد قوات جنود قادة وحدات")
"""People a body calls its own («عناصره», «مقاتليها»)."""

MEDIA_NOUNS = _folded(
    """
    وكالة صحيفة قناة مراسل مراسلة موقع شبكة إذاعة تلفزيون جريدة مجلة راديو كاميرا مصادر منظمة
    مؤسسة مدير
    """
)
"""What stands before the name of a medium inside a longer mention («كاميرا الميادين»)."""

NICKNAME_CUES = _folded(
    """
    المكنى الملقب المعروف الشهير يكنى كنيته يعرف المعروفة الملقبة المدعو
    """
)
"""What joins a name and a byname of one person."""

CONSTRUCT_PLURALS = _folded(
    """
    مسلح مقاتل مجاهد مقاوم متمرد مسؤول قيادي مستوطن معارض مواطن نازح منفذ ممثل مراسل متشدد موال متظاهر
    عسكري محتج
    """
)
"""Nouns whose plural loses its ن before another noun («مسلحو», «مسلحي»)."""

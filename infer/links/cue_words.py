"""The words `cues` knows, folded as `cues.fold` folds: one form of each letter, no marks, no conjunction.

Gathered from the guidelines and from what leads which way in annotated articles; a word that is missing falls to the
form its shape suggests.
"""

__all__ = [
    "ADVERBS",
    "ATTRIBUTIONS",
    "COMPLEMENTISERS",
    "CONJUNCTIONS",
    "HARM_VERBS",
    "NEGATIONS",
    "NOT_CONJOINED",
    "NOT_PARTICIPLES",
    "NOT_PRESENT",
    "NOUNS",
    "OWNED",
    "PARTICIPLES",
    "PASSIVES",
    "PAST_STEMS",
    "PREDICATES",
    "QUOTING",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT_CONJOINED = _words(
    """
    وفق وفقا وصف وصفت وصفه وصفته واصفا واصفه واشنطن وزاره وزير وكاله وقوف ورد وردت وصل وعد وعدت فرنسا فند فندت فصايل
    وحدات وقف وقفت وقوفه وقوفها
    """
)
"""Words that begin with «و» or «ف» as a letter of their own."""

ATTRIBUTIONS = _words(
    """
    بحسب حسب حسبما وفق وفقا نقلا طبقا استنادا وفقما بناء كما عن
    """
)
"""What names a source: «بحسب X»."""

NEGATIONS = _words(
    """
    لا لم لن ليس ليست ليسوا ما غير عدم ينفون بلا دون بدون
    """
)
"""What a negated predicate begins with."""

PREDICATES = _words(
    """
    كاذب كاذبه كذب كذبا باطل باطله عار عاريه مفبرك مفبركه ملفق ملفقه مجرد اكاذيب شايعات افتراءات مضلل مضلله مسوول
    مسووله مسوولا مسوولون متورط متورطه وراء عدو خط جريمه ارهابي ارهابيه عمل
    """
)
"""What a statement or an actor is called: «كاذبة», «مسؤول»."""

PASSIVES = _words(
    """
    مدعوم مدعومه مدعومين مدعومون المدعوم المدعومه المدعومين المدعومون متهم المتهم المتهمين
    """
)
"""Attributes whose doer follows: «مدعوم من X»."""

ADVERBS = _words(
    """
    دعما رفضا تضامنا تنديدا اسنادا احتجاجا نصره استنكارا تاييدا مسانده ادانه دفاعا
    """
)
"""Verbal nouns that say what an act is done for: «دعما لـX»."""

NOUNS = _words(
    """
    دعم رفض موال موالون موالين
    """
)
"""Words that might be read as verbs but stand as nouns most often."""

OWNED = _words(
    """
    دعمه دعمها دعمهم دعمنا رفضه رفضها رفضهم رفضنا تضامنه تضامنها تضامنهم ادانته ادانتها ادانتهم مسووليته مسووليتها
    مسووليتهم مطالبته مطالبتها مساندته مساندتها مبايعتها معارضته مواساته مواساتها مناصرته ادانتنا
    """
)
"""Verbal nouns with a pronoun that might be read as verbs."""

PAST_STEMS = _words(
    """
    قال اكد اعلن اضاف افاد اشار اوضح ذكر نقل نفي اتهم ادان دان كشف اعترف صرح تبني شدد وصف لفت حذر زعم ندد اعتبر تحدث
    نشر ورد جاء اقر بين ابلغ اورد اظهر استنكر اعرب عبر تابع طالب اشاد تضامن رحب هدد هاجم انتقد حمل كذب رفض دعم ايد
    وجه نسب ادعي تعهد راي نوه اثني شجب شكر قلل اشتكي سجل وثق احصي اخبر روي قدر توقع اقرت استبعد كرر دعا ناشد وعد
    توعد شكك سخر استهجن نعي بارك هنا اثبت زف جدد تداول بث اذاع خلص قدم فند دحض تنصل برر حث الح نصح نبه تساءل علق
    استغرب احتج عارض ساند ناصر وقف تعاطف حيا مدح اتفق وافق عزا رجح لمح المح اعاد ختم استطرد ردد سرد حدد استشهد اتهما
    رصد لاحظ واصل توافق نصر شن شبه حظ تمسك تنكر انكر ابدي تاكد بحث قرر
    """
)
"""Verbs in the past tense, before the endings of gender, number and object."""

NOT_PRESENT = _words(
    """
    تهمه تهديد تاييد تنديد تحذير ترحيب تقرير تصريح تضامن تحالف تعاون تعاطف تعزيه تهم تاكيد تبرير توعد تحريض تحميل
    تمويل تسليح تعاز تعازي تعازيه تعازيهم تعازيها تعازينا يد نقد نفي نداء نصره تبني تنصل تورط تبنيه تبنيها تواطو
    نقلا ندد نفت نددت نشر نشرت نشره نشرته نقل نقلت نقله نقلته نسب نسبت نوه نوهت نبه نبهت ناشد ناشدت نصح تابع تابعت
    تبنت تبناه تبناها تعهد تعهدت توعدت تحدث تحدثت تحدثوا توقع توقعت تضامنا تضامنه تضامنها تضامنهم تساءل تمسك تمسكه
    تمسكها تداول تداولت تداوله تداولته تايد تاييدا تاييده تاييدها نعت نعي نفوا نفوذ نفيا نفيه نفيها
    """
)
"""Nouns and past forms that begin like verbs in the present tense."""

COMPLEMENTISERS = _words(
    """
    ان انه انها انهم انهما انني اننا بان بانه بانها بانهم بانهما لان لانه لانها وان وانه وانها وانهم فان فانه فانها
    قايلا قايله اني بانني باننا انما
    """
)
"""What opens the words somebody said."""

CONJUNCTIONS = _words(
    """
    فيما بينما لكن ولكن لكنه لكنها حين حيث كما غير الا بالمقابل بدوره بدورها جهته جهتها
    """
)
"""What opens a clause with a subject of its own."""

HARM_VERBS = _words(
    """
    قتل قتلت قتلوا يقتل تقتل يقتلون قتلته قتلتهم قتلهم قتلوهم قتلها اعتقل اعتقلت تعتقل يعتقل اعتقلوا خطف خطفت خطفوا
    يخطف تخطف اختطف اختطفت اختطفوا احتجز احتجزت تحتجز يحتجز اسر اسرت اسروا هجر هجرت شرد شردت اعدم اعدمت اعدموا تعدم
    يعدم اغتال اغتالت تغتال جرح جرحت اصاب اصابت تصيب ذبح ذبحت قضت اختطفهم اختطفته اعتقلته اعتقلهم اوقف اوقفت القت
    القي
    """
)
"""Verbs whose subject does the harm, or, written alike in the passive, suffers it."""

QUOTING = _words(
    """
    نقلت نقل نقلا تنقل ينقل نقله نقلته
    """
)
"""Cues that pass on what another said: «نقلت X عن Y»."""

PARTICIPLES = _words("لافتا لافته قايلا قايله نافيا نافيه داعيا داعيه رافضا رافضه واصفا واصفه")
"""Participles that do not begin with «م»."""

NOT_PARTICIPLES = _words("مساعده مسانده مطالبه معارضه موازره مسووليه")
"""Verbal nouns that end like participles."""

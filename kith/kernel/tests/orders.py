"""Names in the order of each language of the interface, written down by hand from CLDR's rules and from dictionaries."""

#: Digits come before letters; then the language's own script where it says so, Latin, Greek, Cyrillic, Hebrew, Arabic, …, Han.
FINNISH = """
3M · 10X · Aalto · Aaltonen · Ahonen · Anttila · Bergström · Björk · Blom · Čapek · Carlsson · Castrén ·
Daavid · Đorđević · Dufva · Eerola · Eklund · Forss · Granö · Gråsten · Grönlund · Haapala · Hägg ·
Ikonen · Jokinen · Järvi · Kallio · Korhonen · Koskinen · Laine · Lönnrot · Mäkelä · Mäkinen · Nieminen ·
Niska · Oikarinen · Oksanen · Pitkänen · Qvist · Rantanen · Räsänen · Saarinen · Salo · Šimek · Sipilä ·
Taalas · Toivonen · Uotila · Vaara · Virtanen · Vuori · Waltari · Wirtanen · Xavier · Ylinen · Ylänne ·
Zacharias · Žukov · Zyskowicz · Åberg · Åkerblom · Åström · Äijälä · Ärling · Öberg · Öhman · Öljymäki ·
Ελένη · Иван · فاطمه · 王
"""
SLOVENIAN = """
3M · 10X · Ahačič · Äijälä · Ambrož · Bajc · Božič · Bratina · Breznik · Cafuta · Cankar · Cerar · Čadež ·
Čeh · Černe · Čopič · Ćirić · Ćosić · Debeljak · Dolenc · Drnovšek · Đorđević · Đukić · Erjavec · Fajfar ·
Ferjan · Gantar · Golob · Gregorčič · Hočevar · Horvat · Ivančič · Jakopin · Janša · Jerič · Kocbek ·
Košir · Kovač · Kralj · Lah · Lipušček · Logar · Maček · Müller · Novak · Oblak · Öhman · Omahen · Pahor ·
Pečnik · Pirnat · Rozman · Rožič · Sever · Slak · Starič · Šifrer · Škof · Štefan · Šuštar · Tavčar · Toš ·
Turk · Udovič · Vidmar · Vodnik · Zajc · Zorman · Zupan · Žagar · Žižek · Žnidaršič · Ελένη · Иван ·
فاطمه · 王
"""
ENGLISH = """
3M · 10X · Aalto · Åberg · Adams · Äijälä · Allen · Anderson · Baker · Bell · Bennett · Björk · Brown ·
Campbell · Carter · Čeh · Clark · Collins · Cooper · Davies · de la Cruz · de Souza · Dean · Đukić ·
Dupont · Edwards · Evans · Évans · Foster · García · Green · Hall · Harris · Hill · Jackson · Johnson ·
Jones · Kelly · King · Lee · Lewis · Łuczak · Martin · Mitchell · Moore · Müller · Muñoz · Nelson ·
O’Neill · Öhman · Parker · Phillips · Roberts · Robinson · Šimek · Smith · Stewart · Taylor · Thomas ·
Thompson · Turner · Ueda · Virtanen · Walker · Wright · Young · Žagar · Zajc · Zhang · Ελένη · Иван ·
لیلا · 田中
"""
#: Readings of single characters: 曾 as céng, 单 as dān, 查 as chá, 区 as qū. CLDR's pinyin knows no readings that only surnames have.
CHINESE = """
3M · 10X · 艾 · 安 · 白 · 包 · 毕 · 卞 · 蔡 · 曹 · 岑 · 曾 · 查 · 常 · 陈 · 成 · 仇 · 崔 · 戴 · 单 · 邓 ·
丁 · 董 · 杜 · 段 · 范 · 方 · 冯 · 傅 · 高 · 葛 · 龚 · 顾 · 郭 · 韩 · 何 · 侯 · 胡 · 华 · 黄 · 江 · 金 ·
康 · 孔 · 李 · 李明 · 李小龙 · 梁 · 林 · 刘 · 卢 · 吕 · 罗 · 马 · 毛 · 孟 · 倪 · 欧阳 · 潘 · 彭 · 钱 · 秦 ·
区 · 任 · 沈 · 石 · 宋 · 孙 · 唐 · 田 · 汪 · 王 · 魏 · 吴 · 谢 · 徐 · 杨 · 叶 · 尤 · 于 · 张 · 赵 · 郑 ·
周 · 朱 · 邹 · Aalto · Åberg · Müller · Zhang · Ελένη · Иван · لیلا
"""
PERSIAN = """
۳م · ۱۰م · آبادی · آذر · آرش · آقایی · ابراهیمی · احمدی · اسدی · اصفهانی · اکبری · امینی · ایزدی · بابایی ·
باقری · بهرامی · پارسا · پروین · پناهی · تقوی · تهرانی · ثابتی · جعفری · جلالی · چراغی · چنگیزی · حسینی ·
حیدری · خسروی · خیام · داوودی · دهقان · ذاکری · رحیمی · رضایی · زارع · زمانی · ژاله · ژیان · سعیدی ·
سلیمانی · شاملو · شریفی · صادقی · صالحی · ضرابی · طاهری · طباطبایی · ظهوری · عباسی · علوی · غفاری · غلامی ·
فرزاد · فرهادی · قاسمی · قربانی · کاظمی · کریمی · گرامی · گلستان · لطفی · لیلا · مجیدی · محمدی · نادری ·
نجفی · واعظی · وحیدی · هاشمی · همتی · یاوری · یزدانی · یوسفی · Aalto · Åberg · Müller · Zhang · Ελένη ·
Иван · 王
"""
ORDERS = {"en": ENGLISH, "fi": FINNISH, "sl": SLOVENIAN, "zh-hans": CHINESE, "fa": PERSIAN}


def names(language: str) -> list[str]:
    """The names, in order."""
    return [name.strip() for name in ORDERS[language].replace("\n", " ").split("·")]

"""The countries that the demo's company trades with: names, places and words for firms, each in the script of the country.

Common names, cities, area codes and forms of firms are facts; which of them stand together is made up. A name that is not written in
Latin letters is followed by its Latin spelling: `Олена/Olena`. `:` parts the forms of a family name for men and women.

Phone numbers are from ranges kept free for films where a country has one (US, GB, FR, DE, SE); elsewhere the local part begins with
zeros, which networks do not hand out as a rule though the numbers are well-formed. Every `#` is a digit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Land:
    """One country. `weight` is its share of the book, `owner` the colleague who looks after it."""

    code: str
    language: str
    zone: str
    weight: int
    owner: str
    currency: str
    #: Given names of women, of men; family names.
    women: str
    men: str
    families: str
    #: city | region | postal code | phone of a firm
    cities: str
    #: Streets, and how a street and a number stand together.
    streets: str
    street_line: str
    #: First and second word of a firm's name, each second word with the industry; the pattern that joins them.
    brands: str
    trades: str
    firm: str
    titles: str
    #: Mobile numbers; "" where nobody keeps any free.
    mobile: str = ""
    family_first: bool = False


LANDS: tuple[Land, ...] = (
    Land(
        "FI", "fi", "Europe/Helsinki", 50, "mikko", "EUR",
        women="Aino,Helmi,Sanna,Riikka,Päivi,Tuuli,Elina,Kaisa,Minna,Outi,Anni,Johanna,Sari,Veera",
        men="Mikael,Juhani,Antti,Ville,Petri,Eero,Timo,Janne,Heikki,Lauri,Olli,Tuomas,Risto,Sampo",
        families="Korhonen,Virtanen,Mäkinen,Nieminen,Hämäläinen,Laine,Heikkinen,Koskinen,Järvinen,Lehtonen,Saarinen,Salonen,Niemi,"
        "Heinonen,Kinnunen,Lindström,Ojala,Rantanen,Väisänen,Öhman",
        cities="Helsinki||001#0|+35890000###;Tampere||331#0|+35831000###;Turku||201#0|+35821000###;Oulu||901#0|+35881000###;"
        "Lahti||151#0|+35831000###;Vaasa||651#0|+35861000###",
        streets="Satamakatu,Kauppakatu,Myllytie,Rantatie,Hämeenkatu,Tehtaankatu,Kuusitie,Asemakatu",
        street_line="{street} {n}",
        brands="Pohjantähti,Meri-Lapin,Saimaan,Kuusikko,Revontuli,Suomenlahden,Hopeakuun,Kallavesi,Ruska,Kotiranta",
        trades="Leipomo=Bakery,Kala=Fish and seafood,Tukku=Wholesale,Paahtimo=Coffee roastery,Herkut=Delicatessen,Säilyke=Preserves,"
        "Ravintolat=Restaurants",
        firm="{brand} {trade} Oy",
        titles="Ostopäällikkö,Toimitusjohtaja,Myyntipäällikkö,Keittiömestari,Logistiikkapäällikkö,Laatupäällikkö,Talouspäällikkö",
        mobile="+358457000####",
    ),
    Land(
        "SE", "sv", "Europe/Stockholm", 25, "mikko", "SEK",
        women="Astrid,Linnéa,Maja,Ebba,Karin,Elsa,Ingrid,Sofia,Åsa,Märta",
        men="Erik,Lars,Göran,Nils,Oskar,Björn,Anders,Axel,Håkan,Sven",
        families="Andersson,Lindqvist,Bergström,Nyström,Sjöberg,Åkesson,Öberg,Hedlund,Söderholm,Wallin,Ekström,Lundgren",
        cities="Stockholm||111 ##|+468465004##;Göteborg||411 ##|+46313900 6##;Malmö||211 ##|+46406280 4##",
        streets="Storgatan,Hamngatan,Kungsgatan,Skeppsbron,Vasagatan,Järntorget",
        street_line="{street} {n}",
        brands="Norrsken,Vättern,Ekorre,Blåbär,Skärgårdens,Björkudden,Malmens",
        trades="Ost=Cheese and dairy,Bageri=Bakery,Kafferosteri=Coffee roastery,Fisk=Fish and seafood,Livsmedel=Wholesale",
        firm="{brand} {trade} AB",
        titles="Inköpschef,Verkställande direktör,Försäljningschef,Köksmästare,Logistikansvarig,Kvalitetschef",
        mobile="+46701740 6##",
    ),
    Land(
        "DE", "de", "Europe/Berlin", 40, "aino", "EUR",
        women="Anna,Greta,Katharina,Sabine,Jana,Lena,Ute,Franziska,Birgit,Heike,Nele,Mareike",
        men="Jürgen,Matthias,Jörg,Felix,Stefan,Uwe,Lukas,Thomas,Götz,Henrik,Konrad,Florian",
        families="Müller,Schröder,Weiß,Köhler,Fuchs,Brandt,Krüger,Vogel,Groß,Jäger,Böhm,Seidel,Hoffmann,Lorenz,Günther,Kaiser",
        cities="Berlin||101##|+493023125###;Hamburg||201##|+494066969###;München||803##|+498999998###;Köln||506##|+492214710###;"
        "Frankfurt am Main||603##|+496990009###",
        streets="Hauptstraße,Lindenallee,Am Markt,Bahnhofstraße,Gartenweg,Speicherstraße,Mühlenweg",
        street_line="{street} {n}",
        brands="Nordlicht,Alster,Goldähre,Spreewald,Elbufer,Kranich,Morgenrot,Brückner,Hollerbusch",
        trades="Feinkost=Delicatessen,Gewürze=Spices,Kaffeerösterei=Coffee roastery,Backwaren=Bakery,Teehandel=Tea,"
        "Lebensmittelgroßhandel=Wholesale",
        firm="{brand} {trade} GmbH",
        titles="Einkaufsleiterin,Geschäftsführer,Vertriebsleitung,Küchenchef,Leitung Logistik,Qualitätssicherung,Buchhaltung",
        mobile="+4917139200##",
    ),
    Land(
        "SI", "sl", "Europe/Ljubljana", 30, "maja", "EUR",
        women="Ana,Eva,Nina,Špela,Živa,Katja,Mojca,Petra,Tjaša,Barbara",
        men="Luka,Žiga,Matej,Rok,Janez,Anže,Boštjan,Gregor,Miha,Tomaž",
        families="Novak,Horvat,Kovačič,Zupančič,Krajnc,Potočnik,Mlakar,Žnidaršič,Golob,Turk,Kos,Vidmar,Hočevar,Čeh",
        cities="Ljubljana||1000|+3861300 0###;Maribor||2000|+3862500 0###;Celje||3000|+3863500 0###;Koper||6000|+3865600 0###;"
        "Kranj||4000|+3864200 0###",
        streets="Trubarjeva cesta,Slovenska cesta,Prešernova ulica,Cankarjeva ulica,Pristaniška ulica,Mlinska pot",
        street_line="{street} {n}",
        brands="Triglav,Soča,Planika,Lipa,Jadranska,Kras,Zeleni gaj",
        trades="Pekarna=Bakery,Med=Honey,Olja=Olive oil,Mlekarna=Cheese and dairy,Veletrgovina=Wholesale,Pražarna=Coffee roastery",
        firm="{brand} {trade} d.o.o.",
        titles="Vodja nabave,Direktor,Vodja prodaje,Vodja kuhinje,Vodja logistike,Vodja kakovosti",
    ),
    Land(
        "GR", "el", "Europe/Athens", 20, "maja", "EUR",
        women="Ελένη/Eleni,Μαρία/Maria,Κατερίνα/Katerina,Σοφία/Sofia,Δήμητρα/Dimitra,Ιωάννα/Ioanna,Χριστίνα/Christina,Άννα/Anna",
        men="Γιώργος/Giorgos,Νίκος/Nikos,Δημήτρης/Dimitris,Κώστας/Kostas,Γιάννης/Giannis,Σπύρος/Spyros,Θανάσης/Thanasis,Πέτρος/Petros",
        families="Παπαδόπουλος/Papadopoulos:Παπαδοπούλου/Papadopoulou,Νικολάου/Nikolaou,Γεωργίου/Georgiou,"
        "Βασιλείου/Vasileiou,Καραγιάννης/Karagiannis:Καραγιάννη/Karagianni,Οικονόμου/Oikonomou,Μακρής/Makris:Μακρή/Makri,"
        "Αλεξίου/Alexiou,Δημητρίου/Dimitriou,Λαμπρόπουλος/Lampropoulos:Λαμπροπούλου/Lampropoulou",
        cities="Αθήνα/Athina||105 ##|+302100000###;Θεσσαλονίκη/Thessaloniki||546 ##|+302310000###;Καλαμάτα/Kalamata||241 00|+302721000###;"
        "Ηράκλειο/Irakleio||712 ##|+302810000###",
        streets="Ερμού,Αθηνάς,Εγνατία,Ελευθερίου Βενιζέλου,Λιμάνι,Σταδίου",
        street_line="{street} {n}",
        brands="Ελαία/Elaia,Αιγαίο/Aigaio,Όλυμπος/Olympos,Μέλισσα/Melissa,Ήλιος/Ilios,Πελοπόννησος/Peloponnisos",
        trades="Ελαιόλαδα/Elaiolada=Olive oil,Τρόφιμα/Trofima=Wholesale,Τυροκομική/Tyrokomiki=Cheese and dairy,Μέλι/Meli=Honey,"
        "Παραδοσιακά Προϊόντα/Paradosiaka Proionta=Delicatessen",
        firm="{brand} {trade} ΑΕ|{brand} {trade} AE",
        titles="Διευθύντρια Αγορών,Διευθύνων Σύμβουλος,Υπεύθυνος Πωλήσεων,Υπεύθυνη Εξαγωγών,Λογιστήριο,Υπεύθυνος Ποιότητας",
    ),
    Land(
        "BR", "pt-BR", "America/Sao_Paulo", 25, "beatriz", "BRL",
        women="Beatriz,Luíza,Júlia,Camila,Fernanda,Letícia,Mariana,Cláudia,Renata,Patrícia",
        men="João,Mateus,Rafael,Thiago,André,César,Fábio,Gustavo,Vinícius,Antônio",
        families="Araújo,Gonçalves,Souza,Conceição,Magalhães,Ribeiro,Nogueira,Simões,Teixeira,Barbosa,Moraes,Falcão",
        cities="São Paulo|SP|01###-000|+55112000####;Rio de Janeiro|RJ|20###-000|+55212000####;Belo Horizonte|MG|30###-000|+55312000####;"
        "Salvador|BA|40###-000|+55712000####",
        streets="Avenida Brasil,Rua das Flores,Rua Augusta,Rua do Comércio,Avenida Atlântica,Rua São Bento",
        street_line="{street}, {n}",
        brands="Ipê,Bem-te-vi,Serra Azul,Mantiqueira,Boa Colheita,Jabuticaba,Estrela do Sul",
        trades="Cafés=Coffee grower,Cacau=Cocoa,Alimentos=Wholesale,Castanhas=Nuts and dried fruit,Exportadora=Wholesale",
        firm="{brand} {trade} Ltda.",
        titles="Gerente de Compras,Diretora Comercial,Sócio-gerente,Analista de Exportação,Chef de Cozinha,Coordenador de Qualidade",
    ),
    Land(
        "ES", "es", "Europe/Madrid", 20, "rafael", "EUR",
        women="Lucía,María,Carmen,Inés,Begoña,Nuria,Ángela,Pilar,Rocío,Montserrat",
        men="Javier,Álvaro,Iñaki,Jesús,Andrés,Óscar,Martín,Sergio,Íñigo,Ramón",
        families="García,Martínez,Núñez,Ibáñez,Fernández,Muñoz,Ortega,Peña,Gutiérrez,Serrano,Aguilar,Vázquez",
        cities="Madrid|Madrid|280##|+34910000###;Barcelona|Barcelona|080##|+34930000###;Sevilla|Sevilla|410##|+34950000###;València|Valencia|460##|+34960000###",
        streets="Calle Mayor,Calle del Olivo,Avenida del Puerto,Plaza de España,Calle de la Luna,Paseo del Prado",
        street_line="{street}, {n}",
        brands="Almazara,Sierra Nevada,Costa Dorada,El Almendro,Guadalquivir,Tierra Roja",
        trades="Aceites=Olive oil,Conservas=Preserves,Quesos=Cheese and dairy,Ibéricos=Delicatessen,Alimentación=Wholesale",
        firm="{brand} {trade} S.L.",
        titles="Jefa de Compras,Director General,Responsable de Exportación,Jefe de Cocina,Responsable de Calidad,Administración",
    ),
    Land(
        "MX", "es-MX", "America/Mexico_City", 12, "rafael", "MXN",
        women="Guadalupe,Ximena,Valeria,Sofía,Daniela,Fernanda,Regina,Alejandra",
        men="José,Emiliano,Santiago,Raúl,Héctor,Joaquín,Miguel,Efraín",
        families="Hernández,López,Ramírez,Cárdenas,Domínguez,Zúñiga,Villaseñor,Treviño,Cortés,Montaño",
        cities="Ciudad de México|CDMX|06###|+52555000####;Guadalajara|Jal.|44###|+52333000####;Oaxaca de Juárez|Oax.|68###|+52951000####",
        streets="Avenida Juárez,Calle Hidalgo,Calle Morelos,Avenida Reforma,Calle del Cacao",
        street_line="{street} {n}",
        brands="Maguey,Nopal,Quetzal,La Milpa,Tierra Maya",
        trades="Chiles y Especias=Spices,Chocolates=Confectionery,Cafés=Coffee grower,Distribuidora=Wholesale",
        firm="{brand} {trade} S.A. de C.V.",
        titles="Gerente de Compras,Director General,Gerente de Ventas,Chef Ejecutiva,Coordinador de Calidad",
    ),
    Land(
        "IR", "fa", "Asia/Tehran", 20, "omid", "IRR",
        women="زهرا/Zahra,مریم/Maryam,سارا/Sara,نرگس/Narges,شیرین/Shirin,لیلا/Leila,پریسا/Parisa,الهام/Elham,نازنین/Nazanin",
        men="علی/Ali,رضا/Reza,امید/Omid,بهرام/Bahram,کاوه/Kaveh,سهراب/Sohrab,مهدی/Mehdi,آرش/Arash,فرهاد/Farhad",
        families="محمدی/Mohammadi,حسینی/Hosseini,رحیمی/Rahimi,کریمی/Karimi,موسوی/Mousavi,جعفری/Jafari,صادقی/Sadeghi,"
        "شیرازی/Shirazi,گلستانی/Golestani,پارسا/Parsa,تهرانی/Tehrani,زند/Zand",
        cities="تهران/Tehran|تهران|1#########|+982110000###;مشهد/Mashhad|خراسان رضوی|91########|+985110000###;"
        "اصفهان/Isfahan|اصفهان|81########|+983110000###;کرمان/Kerman|کرمان|76########|+983410000###",
        streets="خیابان ولیعصر,خیابان آزادی,خیابان فردوسی,خیابان حافظ,بلوار کشاورز,خیابان سعدی",
        street_line="{street}، پلاک {n}",
        brands="زعفران طلایی/Zafaran Talaei,پارس/Pars,البرز/Alborz,باغ ایرانی/Bagh Irani,دماوند/Damavand,نگین/Negin",
        trades="پسته/Pesteh=Nuts and dried fruit,خشکبار/Khoshkbar=Nuts and dried fruit,زعفران/Zafaran=Spices,خرما/Khorma=Dates,"
        "صادرات مواد غذایی/Saderat Mavad Ghazaei=Wholesale",
        firm="شرکت {brand} {trade}|{brand} {trade} Co.",
        titles="مدیر خرید,مدیر عامل,مدیر فروش,کارشناس صادرات,مدیر کیفیت,مدیر مالی",
    ),
    Land(
        "AE", "ar", "Asia/Dubai", 15, "leila", "AED",
        women="فاطمة/Fatima,مريم/Mariam,نورة/Noura,هند/Hind,عائشة/Aisha,شيخة/Shaikha",
        men="محمد/Mohammed,سلطان/Sultan,خالد/Khalid,راشد/Rashid,سعيد/Saeed,حمد/Hamad",
        families="الهاشمي/Al Hashimi,المنصوري/Al Mansoori,الكعبي/Al Kaabi,النعيمي/Al Nuaimi,الشامسي/Al Shamsi,المهيري/Al Muhairi,"
        "الظاهري/Al Dhaheri,السويدي/Al Suwaidi",
        cities="دبي/Dubai|دبي||+97142000###;أبوظبي/Abu Dhabi|أبوظبي||+97122000###;الشارقة/Sharjah|الشارقة||+97162000###",
        streets="شارع الشيخ زايد,شارع الخليج,شارع الميناء,شارع الاتحاد,شارع الكورنيش",
        street_line="{street} {n}",
        brands="النخيل/Al Nakheel,الواحة/Al Waha,الصقر/Al Saqr,الأفق/Al Ufuq,اللؤلؤة/Al Lulua",
        trades="للتمور/Dates=Dates,للأغذية/Foodstuff=Wholesale,للضيافة/Hospitality=Hotels,للتجارة العامة/General Trading=Wholesale",
        firm="{brand} {trade} ذ.م.م|{brand} {trade} LLC",
        titles="مدير المشتريات,المدير العام,مدير المبيعات,رئيس الطهاة,مدير الخدمات اللوجستية",
        mobile="+97150000####",
    ),
    Land(
        "LB", "ar", "Asia/Beirut", 8, "leila", "USD",
        women="ليلى/Layla,ريما/Rima,هدى/Houda,زينة/Zeina,جومانا/Joumana",
        men="كريم/Karim,جورج/Georges,سامي/Sami,وليد/Walid,طارق/Tarek",
        families="حداد/Haddad,خوري/Khoury,نصار/Nassar,منصور/Mansour,غانم/Ghanem,شاهين/Chahine",
        cities="بيروت/Beirut|||+961120####;طرابلس/Tripoli|||+961620####",
        streets="شارع الحمراء,شارع مار الياس,شارع بلس,شارع المرفأ",
        street_line="{street} {n}",
        brands="الأرز/Al Arz,سيدر/Cedar,بعلبك/Baalbek,زيتونة/Zaytouna",
        trades="للزيوت/Oils=Olive oil,للحلويات/Sweets=Confectionery,للأغذية/Foods=Wholesale",
        firm="{brand} {trade} ش.م.ل|{brand} {trade} SAL",
        titles="مديرة المشتريات,المدير العام,مدير المبيعات,مسؤول الجودة",
    ),
    Land(
        "IL", "he", "Asia/Jerusalem", 10, "leila", "ILS",
        women="נועה/Noa,תמר/Tamar,יעל/Yael,מיכל/Michal,שירה/Shira",
        men="דניאל/Daniel,אורי/Uri,איתן/Eitan,יונתן/Yonatan,גיא/Guy",
        families="כהן/Cohen,לוי/Levi,מזרחי/Mizrahi,פרץ/Peretz,ביטון/Biton,אברהם/Avraham,שפירא/Shapira",
        cities="תל אביב/Tel Aviv||61#####|+97232000###;חיפה/Haifa||31#####|+97242000###",
        streets="דיזנגוף,אלנבי,הרצל,רוטשילד,הנמל",
        street_line="{street} {n}",
        brands="תבור/Tavor,זית הגליל/Zeit HaGalil,כרמל/Carmel,ערבה/Arava",
        trades="תבלינים/Spices=Spices,מזון/Foods=Wholesale,יקבים/Winery=Winery",
        firm='{brand} {trade} בע"מ|{brand} {trade} Ltd',
        titles='מנהלת רכש,מנכ"ל,מנהל מכירות,שף,מנהלת איכות',
        mobile="+97250000####",
    ),
    Land(
        "JP", "ja", "Asia/Tokyo", 25, "lin", "JPY", family_first=True,
        women="由紀/Yuki,美咲/Misaki,恵子/Keiko,直美/Naomi,陽子/Yoko,さくら/Sakura,千尋/Chihiro,真理/Mari",
        men="健一/Kenichi,大輔/Daisuke,誠/Makoto,浩/Hiroshi,翔太/Shota,隆/Takashi,直樹/Naoki,修/Osamu",
        families="佐藤/Sato,鈴木/Suzuki,高橋/Takahashi,田中/Tanaka,渡辺/Watanabe,伊藤/Ito,山本/Yamamoto,中村/Nakamura,小林/Kobayashi,"
        "加藤/Kato,吉田/Yoshida,山田/Yamada,松本/Matsumoto,井上/Inoue",
        cities="千代田区/Chiyoda|東京都|100-00##|+8132000####;大阪市北区/Osaka|大阪府|530-00##|+8162000####;"
        "札幌市中央区/Sapporo|北海道|060-00##|+8111200####;福岡市博多区/Fukuoka|福岡県|812-00##|+8192200####",
        streets="丸の内,神田,梅田,中之島,大通西,本町",
        street_line="{street}{n}-{m}",
        brands="神田/Kanda,富士見/Fujimi,桜井/Sakurai,若葉/Wakaba,山吹/Yamabuki,千歳/Chitose,北斗/Hokuto",
        trades="食品/Shokuhin=Wholesale,製茶/Seicha=Tea,水産/Suisan=Fish and seafood,製菓/Seika=Confectionery,商事/Shoji=Wholesale",
        firm="{brand}{trade}株式会社|{brand} {trade} K.K.",
        titles="購買部長,代表取締役,営業課長,料理長,品質管理部,輸入担当",
    ),
    Land(
        "CN", "zh-Hans", "Asia/Shanghai", 25, "chen", "CNY", family_first=True,
        women="晓/Xiao,丽华/Lihua,雪梅/Xuemei,静/Jing,敏/Min,婷婷/Tingting,秀英/Xiuying,佳怡/Jiayi",
        men="伟/Wei,建国/Jianguo,志强/Zhiqiang,磊/Lei,浩然/Haoran,明/Ming,子轩/Zixuan,海涛/Haitao",
        families="王/Wang,李/Li,张/Zhang,刘/Liu,陈/Chen,杨/Yang,黄/Huang,赵/Zhao,吴/Wu,周/Zhou,徐/Xu,孙/Sun,马/Ma,朱/Zhu",
        cities="上海市/Shanghai|上海市|2000##|+86212000####;北京市/Beijing|北京市|1000##|+86102000####;广州市/Guangzhou|广东省|5100##|"
        "+86202000####;杭州市/Hangzhou|浙江省|3100##|+8657120000###",
        streets="南京西路,淮海中路,朝阳路,中山路,人民路,解放路",
        street_line="{street}{n}号",
        brands="东方/Dongfang,金海/Jinhai,龙井/Longjing,长江/Changjiang,明月/Mingyue,华泰/Huatai,百味/Baiwei",
        trades="食品/Food=Wholesale,茶叶/Tea=Tea,餐饮/Catering=Restaurants,贸易/Trading=Wholesale,调味品/Seasonings=Spices",
        firm="{brand}{trade}有限公司|{brand} {trade} Co., Ltd.",
        titles="采购经理,总经理,销售经理,行政总厨,质量主管,进口专员",
    ),
    Land(
        "KR", "ko", "Asia/Seoul", 12, "chen", "KRW", family_first=True,
        women="서연/Seoyeon,지우/Jiwoo,민지/Minji,수진/Sujin,하은/Haeun",
        men="민준/Minjun,현우/Hyunwoo,도윤/Doyun,성호/Seongho,준영/Junyoung",
        families="김/Kim,이/Lee,박/Park,최/Choi,정/Jung,강/Kang,조/Cho,윤/Yoon",
        cities="중구/Seoul|서울특별시|045##|+8222000####;해운대구/Busan|부산광역시|489##|+8251200####",
        streets="세종대로,을지로,해운대로,중앙대로",
        street_line="{street} {n}",
        brands="한빛/Hanbit,청솔/Cheongsol,새벽/Saebyeok,온누리/Onnuri",
        trades="식품/Foods=Wholesale,제과/Confectionery=Confectionery,수산/Seafood=Fish and seafood",
        firm="{brand}{trade} 주식회사|{brand} {trade} Co., Ltd.",
        titles="구매팀장,대표이사,영업부장,수입 담당,품질관리팀",
        mobile="+82100000####",
    ),
    Land(
        "IN", "hi", "Asia/Kolkata", 15, "omid", "INR",
        women="प्रिया/Priya,अनीता/Anita,सुनीता/Sunita,दीपा/Deepa,कविता/Kavita,नेहा/Neha",
        men="आरव/Aarav,राहुल/Rahul,विजय/Vijay,संजय/Sanjay,अमित/Amit,रोहन/Rohan",
        families="शर्मा/Sharma,वर्मा/Verma,गुप्ता/Gupta,"
        "मेहता/Mehta,जोशी/Joshi,पटेल/Patel,चौहान/Chauhan,मिश्रा/Mishra",
        cities="मुंबई/Mumbai|महाराष्ट्र|4000##|+91222000####;"
        "नई दिल्ली/New Delhi|दिल्ली|1100##|+91112000####;जयपुर/Jaipur|राजस्थान|3020##|+911412000###",
        streets="महात्मा गांधी मार्ग,स्टेशन रोड,नेहरू मार्ग,बाज़ार रोड",
        street_line="{n}, {street}",
        brands="हिमालय/Himalaya,केसर/Kesar,गंगा/Ganga,सूर्य/Surya,मालाबार/Malabar",
        trades="मसाले/Masale=Spices,चाय/Chai=Tea,फूड्स/Foods=Wholesale",
        firm="{brand} {trade} प्रा. लि.|{brand} {trade} Pvt. Ltd.",
        titles="क्रय प्रबंधक,प्रबंध निदेशक,बिक्री प्रबंधक,निर्यात अधिकारी,गुणवत्ता प्रमुख",
    ),
    Land(
        "UA", "uk", "Europe/Kyiv", 12, "luka", "UAH",
        women="Олена/Olena,Олександра/Oleksandra,"
        "Наталія/Nataliia,Ірина/Iryna,Оксана/Oksana,Юлія/Yuliia",
        men="Андрій/Andrii,Тарас/Taras,Богдан/Bohdan,Михайло/Mykhailo,Сергій/Serhii,Остап/Ostap",
        families="Коваль/Koval,Шевченко/Shevchenko,Бондаренко/Bondarenko,"
        "Ткаченко/Tkachenko,Мельник/Melnyk,Гончар/Honchar,Їжак/Yizhak",
        cities="Київ/Kyiv||010##|+380440000###;Львів/Lviv||790##|+380322000###;Одеса/Odesa||650##|+380487000###",
        streets="вул. Хрещатик,вул. Городоцька,вул. Дерибасівська,просп. Свободи",
        street_line="{street}, {n}",
        brands="Калина/Kalyna,Дніпро/Dnipro,Соняшник/Soniashnyk,Карпати/Karpaty",
        trades="Мед/Med=Honey,Олія/Oliia=Edible oils,Продукти/Produkty=Wholesale",
        firm="ТОВ «{brand} {trade}»|{brand} {trade} LLC",
        titles="Керівник відділу закупівель,Директорка,Менеджер з експорту,Шеф-кухар,Головний бухгалтер",
    ),
    Land(
        "TR", "tr", "Europe/Istanbul", 12, "luka", "TRY",
        women="Ayşe,Zeynep,Elif,Gülay,Şebnem,Çiğdem,Özlem",
        men="Mehmet,İsmail,Oğuz,Çağlar,Ömer,Yiğit,Tuğrul",
        families="Yılmaz,Şahin,Çelik,Öztürk,Aydın,Doğan,Güneş,Işık,Kılıç",
        cities="İstanbul||340##|+90212000####;İzmir||350##|+90232000####;Gaziantep||270##|+90342000####",
        streets="Atatürk Caddesi,Liman Sokak,İstiklal Caddesi,Çarşı Sokak",
        street_line="{street} No: {n}",
        brands="Boğaziçi,Güneş,Anadolu,Ege",
        trades="Fındık=Nuts and dried fruit,Gıda=Wholesale,Zeytin=Olive oil,Baharat=Spices",
        firm="{brand} {trade} A.Ş.",
        titles="Satın Alma Müdürü,Genel Müdür,İhracat Sorumlusu,Şef,Kalite Müdürü",
        mobile="+90532000####",
    ),
    Land(
        "PL", "pl", "Europe/Warsaw", 12, "aino", "PLN",
        women="Wiktoria,Agnieszka,Małgorzata,Zofia,Łucja,Joanna",
        men="Paweł,Łukasz,Grzegorz,Stanisław,Michał,Józef",
        families="Kowalski:Kowalska,Szczęsny:Szczęsna,Wiśniewski:Wiśniewska,Wójcik,Lewandowski:Lewandowska,Dąbrowski:Dąbrowska,Zając,Król",
        cities="Warszawa||00-0##|+4822000####;Kraków||30-0##|+4812200####;Gdańsk||80-0##|+4858300####",
        streets="ul. Długa,ul. Piekarska,al. Solidarności,ul. Młyńska,ul. Rybacka",
        street_line="{street} {n}",
        brands="Bursztyn,Wisła,Żubr,Tatry",
        trades="Piekarnia=Bakery,Hurtownia=Wholesale,Delikatesy=Delicatessen,Przyprawy=Spices",
        firm="{brand} {trade} Sp. z o.o.",
        titles="Kierownik zakupów,Prezes zarządu,Dyrektor sprzedaży,Szef kuchni,Kierownik jakości",
    ),
    Land(
        "GB", "en-GB", "Europe/London", 16, "grace", "GBP",
        women="Charlotte,Imogen,Harriet,Fiona,Siân,Gwen,Niamh,Olivia",
        men="Oliver,Callum,Rhys,Angus,George,Owen,Harry,Nigel",
        families="Smith,Davies,MacLeod,O’Brien,Hughes,Campbell,Whitaker,Ashworth,Pemberton,Llewellyn",
        cities="London||EC1A 1BB|+44207946 0###;Manchester||M1 1AE|+44161496 0###;"
        "Bristol||BS1 4ST|+44117496 0###;Leeds||LS1 4DY|+44113496 0###",
        streets="High Street,Mill Lane,Dock Road,Station Road,Market Place,Harbour Street",
        street_line="{n} {street}",
        brands="Thistle & Rye,Oakhurst,Pennine,Harbourside,Larder Lane,Copper Kettle",
        trades="Delicatessens=Delicatessen,Tea Merchants=Tea,Fine Foods=Wholesale,Hotels=Hotels",
        firm="{brand} {trade} Ltd",
        titles="Head of Buying,Managing Director,Sales Manager,Executive Chef,Logistics Manager,Quality Manager",
    ),
    Land(
        "US", "en-US", "America/New_York", 12, "grace", "USD",
        women="Emily,Hannah,Grace,Madison,Denise,Rosa,Latoya",
        men="James,Tyler,Marcus,Brandon,Luis,Kevin,Darnell",
        families="Johnson,Williams,Nguyen,Rivera,Washington,Kowalczyk,Peterson,Brooks,Chavez",
        cities="New York|NY|100##|+121255501##;Chicago|IL|606##|+131255501##;"
        "San Francisco|CA|941##|+141555501##;Seattle|WA|981##|+120655501##",
        streets="Main Street,Market Street,Harbor Boulevard,Maple Avenue,Lincoln Avenue",
        street_line="{n} {street}",
        brands="Blue Heron,Prairie Gold,Bay Laurel,Juniper",
        trades="Provisions=Delicatessen,Foods=Wholesale,Coffee=Coffee roastery,Hospitality=Hotels",
        firm="{brand} {trade} Inc.",
        titles="Purchasing Manager,Chief Executive,VP Sales,Executive Chef,Import Specialist,Quality Manager",
    ),
    Land(
        "FR", "fr", "Europe/Paris", 14, "grace", "EUR",
        women="Anaïs,Chloé,Hélène,Aurélie,Zoé,Françoise,Maëlle",
        men="François,Rémi,Benoît,Jérôme,Loïc,Stéphane,Théo",
        families="Lefèvre,Dubois,Moreau,Garçon,Béranger,Fontaine,Rousseau,Côté,Marchand",
        cities="Paris||750##|+331990 0####;Lyon||690##|+334657 1####;Rennes||350##|+332619 1####",
        streets="rue de la Paix,rue du Port,avenue Jean Jaurès,quai des Marchands,place du Marché",
        street_line="{n} {street}",
        brands="Le Tilleul,La Ruche,Belle Rive,Grand Large",
        trades="Épicerie Fine=Delicatessen,Fromages=Cheese and dairy,Conserverie=Preserves,Hôtels=Hotels",
        firm="{brand} {trade} SARL",
        titles="Responsable des achats,Directrice générale,Directeur commercial,Chef de cuisine,Responsable qualité",
    ),
)  # fmt: skip

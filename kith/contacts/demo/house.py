"""The people of the demo's company, Kultasatama Trading: who they are, where they sit, whose records are whose."""

from __future__ import annotations

from dataclasses import dataclass

#: Of the demo only: printed by `bin/demo`, the same everywhere, and so no secret.
PASSWORD = "amber lantern harbour"  # noqa: S105 - see above
DOMAIN = "kultasatama.example"


@dataclass(frozen=True)
class Colleague:
    """One user. `speaks` is the language that she writes her notes in, `language` that of her screens."""

    key: str
    name: str
    country: str
    language: str
    speaks: str
    zone: str
    currency: str
    role: str
    team: str

    @property
    def email(self) -> str:
        """What she signs in with."""
        return f"{self.key}@{DOMAIN}"


#: Twelve users in six countries. Ada runs the house and sees everything.
COLLEAGUES: tuple[Colleague, ...] = (
    Colleague("ada", "Ada Lindström", "FI", "en", "en", "Europe/Helsinki", "EUR", "admin", "North"),
    Colleague("mikko", "Mikko Lahtinen", "FI", "fi", "fi", "Europe/Helsinki", "EUR", "manager", "North"),
    Colleague("aino", "Aino Salmi", "FI", "fi", "fi", "Europe/Helsinki", "EUR", "member", "North"),
    Colleague("maja", "Maja Kovač", "SI", "sl", "sl", "Europe/Ljubljana", "EUR", "manager", "Adriatic and Black Sea"),
    Colleague("luka", "Luka Zupan", "SI", "sl", "sl", "Europe/Ljubljana", "EUR", "member", "Adriatic and Black Sea"),
    Colleague("omid", "امید رحیمی", "AE", "fa", "fa", "Asia/Dubai", "AED", "manager", "Gulf and South Asia"),
    Colleague("leila", "Leila Haddad", "AE", "en", "en", "Asia/Dubai", "AED", "member", "Gulf and South Asia"),
    Colleague("chen", "陈伟", "CN", "zh-hans", "zh", "Asia/Shanghai", "CNY", "manager", "East Asia"),
    Colleague("lin", "林晓", "CN", "zh-hans", "zh", "Asia/Shanghai", "CNY", "member", "East Asia"),
    Colleague(
        "beatriz", "Beatriz Souza", "BR", "en", "pt", "America/Sao_Paulo", "BRL", "manager", "Americas and Iberia"
    ),
    Colleague("rafael", "Rafael Lima", "BR", "en", "pt", "America/Sao_Paulo", "BRL", "member", "Americas and Iberia"),
    Colleague("grace", "Grace Bennett", "GB", "en", "en", "Europe/London", "GBP", "member", "North"),
)

#: Team → whose it is.
TEAMS = {
    "North": "mikko",
    "Adriatic and Black Sea": "maja",
    "Gulf and South Asia": "omid",
    "East Asia": "chen",
    "Americas and Iberia": "beatriz",
}

SIGN_IN = (COLLEAGUES[0].email, PASSWORD)

#: What colleagues write about firms and people, by the language that they write in.
NOTES = {
    "en": (
        "Samples of the {product} arrived; they will taste them on Thursday with the whole kitchen.",
        "Asked for a price on two pallets of {product}, delivery in week {week}.",
        "Invoice goes to the head office from now on, delivery stays as it is.",
        "Prefers a call before ten in the morning. Decides together with the owner.",
        "Complaint about a broken case of {product}: credit note sent, all is well again.",
        "Wants the certificate of origin in English before the next order.",
        "Met at the fair: interested in a private label for {product}.",
        "Opening a second shop in spring; we should visit in week {week}.",
    ),
    "fi": (
        "Näytteet ({product}) perillä, maistavat torstaina koko keittiön voimin.",
        "Pyysi hintaa kahdesta lavasta ({product}), toimitus viikolla {week}.",
        "Lasku jatkossa pääkonttoriin, toimitusosoite ennallaan.",
        "Tavoittaa parhaiten ennen kymmentä. Päättää yhdessä omistajan kanssa.",
        "Reklamaatio rikkoutuneesta laatikosta ({product}), hyvitys lähetetty.",
        "Tavattiin messuilla, kiinnostunut omasta merkistä.",
    ),
    "sl": (
        "Vzorci ({product}) so prispeli, v četrtek jih poskusijo v kuhinji.",
        "Želi ceno za dve paleti ({product}), dobava v {week}. tednu.",
        "Račun odslej na sedež podjetja, naslov za dostavo ostane.",
        "Najraje govori pred deseto uro. Odloča skupaj z lastnikom.",
        "Pritožba zaradi razbite škatle ({product}); dobropis poslan.",
        "Spoznali smo se na sejmu, zanima jih lastna blagovna znamka.",
    ),
    "fa": (
        "نمونه‌ها ({product}) رسید؛ پنج‌شنبه با همهٔ آشپزخانه می‌چشند.",
        "قیمت دو پالت {product} را خواست، تحویل در هفتهٔ {week}.",
        "صورت‌حساب از این پس به دفتر مرکزی می‌رود، نشانی تحویل همان است.",
        "بهتر است پیش از ساعت ده تماس بگیریم. با مالک با هم تصمیم می‌گیرند.",
        "در نمایشگاه دیدیم؛ به برند اختصاصی علاقه‌مند است.",
    ),
    "zh": (
        "样品({product})已到,周四厨房全体试吃。",
        "询问两托盘{product}的价格,第{week}周交货。",
        "以后发票寄总部,送货地址不变。",
        "最好上午十点前打电话,与老板一起决定。",
        "展会上见过面,对自有品牌感兴趣。",
    ),
    "pt": (
        "As amostras ({product}) chegaram; provam na quinta-feira com toda a cozinha.",
        "Pediu preço de dois paletes de {product}, entrega na semana {week}.",
        "A fatura passa a ir para a matriz; o endereço de entrega continua.",
        "Prefere telefonema antes das dez. Decide junto com o dono.",
        "Conhecemo-nos na feira; tem interesse em marca própria.",
    ),
}

PRODUCTS = {
    "en": ("olive oil", "honey", "saffron", "dark chocolate", "pistachios", "green tea", "smoked salmon", "dates"),
    "fi": ("oliiviöljy", "hunaja", "sahrami", "tumma suklaa", "pistaasi", "vihreä tee", "savulohi", "taateli"),
    "sl": ("oljčno olje", "med", "žafran", "temna čokolada", "pistacije", "zeleni čaj", "dimljeni losos", "datlji"),
    "fa": ("روغن زیتون", "عسل", "زعفران", "شکلات تلخ", "پسته", "چای سبز", "خرما"),
    "zh": ("橄榄油", "蜂蜜", "藏红花", "黑巧克力", "开心果", "绿茶", "椰枣"),
    "pt": ("azeite", "mel", "açafrão", "chocolate amargo", "pistache", "chá verde", "tâmaras"),
}

TAGS = (
    "Organic",
    "Gift boxes",
    "Private label",
    "Newsletter",
    "Autumn fair",
    "Spring fair",
    "Halal",
    "Samples sent",
    "VIP",
    "Pays late",
)

#: Rates that the European Central Bank does not publish, as the demo's bookkeeper enters them: one unit of the first is so many of the
#: second, and who says so. None for the hryvnia: a total that leaves something out says so.
OWN_RATES = (
    ("USD", "AED", "3.6725", "Central Bank of the UAE"),
    ("USD", "SAR", "3.75", "Saudi Central Bank"),
    ("EUR", "IRR", "1180000", "Exchange office in Tehran"),
)

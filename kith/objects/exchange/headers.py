"""What people and programs call the columns of their files, in many languages.

One table, keyed by kind and part and never by an object: "Vorname" is the given name of whatever has a name of that kind.
Names that only mean something for one field (a company's "Account Name") stand as `aka` on that field instead. Compared as
`plain` makes them equal: case, marks, blanks, underscores and camel case do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kith.kernel.text import fold

#: (kind, part) → names. The part "" is the whole value.
NAMES: dict[tuple[str, str], str] = {
    ("person_name", ""): """
        name, full name, display name, contact name, person, person name, contact, complete name
        name, vollständiger name, kontakt, ansprechpartner, nimi, koko nimi, namn, fullständigt namn, nom complet, nom et prénom
        nombre completo, nombre y apellidos, nome, nome completo, ime in priimek, polno ime, نام و نام خانوادگی, نام کامل
        姓名, 全名, 联系人, ονοματεπώνυμο, πλήρες όνομα, navn, naam, nome e cognome, imię i nazwisko, ad soyad, 氏名
    """,
    ("person_name", "given"): """
        first name, given name, given names, forename, christian name, fname, given, firstname
        vorname, etunimi, förnamn, prénom, prenom, nombre, nombre de pila, primeiro nome, nome próprio, ime, نام, نام کوچک
        名, 名字, όνομα, fornavn, voornaam, nome di battesimo, imię, ad, 名前
    """,
    ("person_name", "family"): """
        last name, surname, family name, lname, second name, lastname, family
        nachname, familienname, zuname, sukunimi, efternamn, nom, nom de famille, apellido, apellidos, sobrenome, apelido
        último nome, priimek, نام خانوادگی, 姓, 姓氏, επώνυμο, επίθετο, etternavn, achternaam, cognome, nazwisko, soyad
    """,
    ("person_name", "middle"): """
        middle name, middle names, second given name, additional name, zweiter vorname, toinen nimi, mellannamn
        deuxième prénom, segundo nombre, nome do meio, srednje ime, πατρώνυμο, 中间名
    """,
    ("person_name", "prefix"): """
        salutation, prefix, name prefix, honorific, courtesy title, mr mrs, anrede, titel, puhuttelu, tilltal, civilité
        tratamiento, tratamento, nagovor, عنوان, 称谓, 称呼, προσφώνηση
    """,
    ("person_name", "suffix"): "suffix, name suffix, namenszusatz, nimen pääte, suffixe, sufijo, sufixo, pripona, 后缀",
    ("email", ""): """
        email, e-mail, mail, email address, e-mail address, mail address, primary email, work email, business email
        emailaddress1, electronic mail, e-mail-adresse, mailadresse, emailadresse, sähköposti, sähköpostiosoite, e-post
        e-postadress, epost, courriel, adresse e-mail, adresse électronique, mél, correo, correo electrónico, email principal
        endereço de e-mail, correio eletrónico, correio eletrônico, e-pošta, elektronska pošta, e-naslov, e-poštni naslov
        ایمیل, پست الکترونیک, رایانامه, 电子邮件, 邮箱, 电邮, 电子邮箱, ηλεκτρονικό ταχυδρομείο, ηλεκτρονική διεύθυνση, メール
        posta elettronica, e-mailadres, メールアドレス
    """,
    ("phone", ""): """
        phone, telephone, tel, phone number, telephone number, main phone, primary phone, work phone, business phone
        office phone, contact phone, telephone1, telefon, telefonnummer, rufnummer, festnetz, puhelin, puhelinnumero
        téléphone, numéro de téléphone, teléfono, número de teléfono, telefone, telefonska številka, تلفن, شماره تلفن
        电话, 电话号码, 联系电话, τηλέφωνο, telefoonnummer, telefono, numer telefonu, 電話番号, normalised phone
    """,
    ("phone", "mobile"): """
        mobile, mobile phone, cell, cell phone, cellphone, mobile number, gsm, mobilephone, handy, mobil, mobiltelefon
        handynummer, mobilnummer, matkapuhelin, kännykkä, mobile, portable, téléphone portable, móvil, celular, telemóvel
        mobilni telefon, mobitel, موبایل, تلفن همراه, شماره موبایل, 手机, 手机号, 移动电话, κινητό, κινητό τηλέφωνο, cellulare
    """,
    ("phone", "home"): "home phone, private phone, telefon privat, kotipuhelin, hemtelefon, téléphone domicile, 家庭电话",
    ("email", "home"): "private email, personal email, home email, e-mail privat, henkilökohtainen sähköposti",
    ("email", "other"): "secondary email, other email, email 2, e-mail 2, emailaddress2, alternative email, second email",
    ("phone", "other"): "other phone, phone 2, telephone 2, telephone2, secondary phone, alternative phone, telefon 2",
    ("web", ""): """
        url, web, website, web site, website url, homepage, home page, webpage, web page, web pages, web address, www, link
        webseite, internetseite, internet, kotisivu, kotisivut, verkkosivu, verkkosivusto, www-osoite, webbplats, hemsida
        site web, site internet, adresse web, página web, sitio web, sítio web, site, página, spletna stran, spletišče
        وب‌سایت, وبسایت, سایت, 网站, 网址, 官网, ιστοσελίδα, ιστότοπος, websiteurl, sito web, strona internetowa, ウェブサイト
    """,
    ("address", ""): """
        address, postal address, mailing address, street address, full address, address full, adresse, anschrift
        postanschrift, osoite, postiosoite, katuosoite, adress, postadress, besöksadress, adresse postale, dirección
        dirección postal, direccion, endereço, endereco, morada, naslov, poštni naslov, آدرس, نشانی, 地址, 通讯地址, 通信地址
        διεύθυνση, ταχυδρομική διεύθυνση, indirizzo, adres, 住所, contact address, location
    """,
    ("address", "street"): """
        street, street address, address line 1, address 1, address line, street 1, address 1 street 1, address1 line1
        address1, addr1, line 1, strasse, straße, strasse und hausnummer, straße und hausnummer, strasse hausnummer
        katu, katuosoite, lähiosoite, gata, gatuadress, rue, voie, adresse ligne 1, calle, calle y número, rua, logradouro
        ulica, ulica in hišna številka, خیابان, 街道, 街道地址, 详细地址, οδός, οδός και αριθμός, via, straat, billing street
        mailing street, shipping street, primary street
    """,
    ("address", "city"): """
        city, town, locality, suburb, city town, place, address city, stadt, ort, wohnort, kaupunki, postitoimipaikka
        paikkakunta, stad, postort, ort stad, ville, commune, localité, ciudad, localidad, población, municipio, cidade
        localidade, mesto, kraj, pošta, شهر, 城市, 市, πόλη, città, plaats, miasto, 市区町村
    """,
    ("address", "postal"): """
        billing code, shipping code, street postal code
        zip, zip code, zipcode, postcode, post code, postal code, postalcode, zip postal code, plz, postleitzahl
        postinumero, postnummer, code postal, cp, código postal, codigo postal, cep, poštna številka, کد پستی, کدپستی
        邮编, 邮政编码, ταχυδρομικός κώδικας, τκ, τ.κ., cap, kod pocztowy, 郵便番号
    """,
    ("address", "district"): """
        district, quarter, neighbourhood, neighborhood, borough, stadtteil, kaupunginosa, stadsdel, quartier,
        barrio, bairro, četrt, محله, 区, 街区, συνοικία
    """,
    ("address", "region"): """
        state, province, region, state province, state region, state or province, stateorprovince, county, prefecture
        bundesland, kanton, maakunta, lääni, län, landskap, région, département, provincia, estado, comunidad autónoma
        distrito, regija, pokrajina, استان, 省, 省份, 州, νομός, περιφέρεια, regione, województwo, 都道府県
    """,
    ("address", "country"): """
        country, country region, country code, address country, nation, land, staat, länderkennzeichen, länderkürzel, maa
        maakoodi, maatunnus, landskod, pays, code pays, país, pais, código de país, država, oznaka države, کشور, کد کشور
        国家, 国家地区, 国家代码, χώρα, κωδικός χώρας, paese, kraj kod, ülke, 国, alpha two code, alpha 2 code, iso2, iso 2
        iso 3166, country iso, iso country code, jurisdiction code, country alpha 2
    """,
    ("language", ""): """
        language, preferred language, locale, sprache, bevorzugte sprache, kieli, asiointikieli, äidinkieli, språk, langue
        langue préférée, idioma, lengua, língua, jezik, زبان, 语言, 首选语言, γλώσσα, lingua, taal
    """,
    ("timezone", ""): """
        time zone, timezone, tz, zeitzone, aikavyöhyke, tidszon, fuseau horaire, zona horaria, fuso horário, časovni
        pas, منطقه زمانی, 时区, ζώνη ώρας
    """,
    ("tags", ""): """
        tags, tag, labels, label, categories, category, keywords, schlagwörter, schlagworte, stichwörter, tunnisteet
        avainsanat, taggar, etiketter, nyckelord, étiquettes, mots-clés, etiquetas, palabras clave, palavras-chave
        oznake, ključne besede, برچسب, برچسب‌ها, 标签, 关键词, ετικέτες, groups, group membership
    """,
    ("long_text", ""): """
        description, notes, note, comment, comments, remarks, about, background, details, memo, beschreibung, notizen, notiz
        bemerkung, bemerkungen, kommentar, anmerkungen, kuvaus, muistiinpanot, huomautus, huomautukset, lisätiedot
        beskrivning, anteckningar, anmärkning, description, remarques, commentaire, notes, descripción, notas
        observaciones, comentarios, descrição, observações, opis, opombe, zapiski, توضیحات, یادداشت, یادداشت‌ها, شرح
        备注, 说明, 描述, 注释, περιγραφή, σημειώσεις, παρατηρήσεις, opmerkingen
    """,
    ("money", ""): """
        amount, value, price, total, revenue, betrag, summe, summa, määrä, belopp, montant, importe, valor, znesek,
        مبلغ, 金额, ποσό
    """,
    ("money", "currency"): """
        currency, currency code, currencyisocode, currency iso code, transactioncurrencyid, währung, valuutta,
        valuta, devise, moneda, moeda, واحد پول, ارز, 货币, 币种, νόμισμα
    """,
}  # fmt: skip

#: Kinds whose columns are called like those of another kind.
FAMILIES = {"emails": "email", "phones": "phone"}
#: Names of the field that names a record (its title), whatever its kind.
TITLE_NAMES = """
    name, title, subject, topic, designation, legal name, official name, bezeichnung, titel, betreff, nimi, otsikko, aihe, namn
    rubrik, ämne, nom, intitulé, raison sociale, titre, nombre, razón social, título, nome, razão social, naziv, ime, naslov
    نام, عنوان, 名称, 标题, 主题, όνομα, ονομασία, επωνυμία, τίτλος, naam, nazwa, 名前, 件名
"""
#: Names of the field that says whose a record is.
OWNER_NAMES = """
    owner, record owner, assigned to, responsible, account manager, besitzer, zuständig, verantwortlich, betreuer, omistaja
    vastuuhenkilö, ägare, ansvarig, propriétaire, responsable, propietario, responsável, proprietário, lastnik, skrbnik
    مالک, مسئول, 负责人, 所有者, ιδιοκτήτης, υπεύθυνος, owner name
"""
#: Names of the column that holds a record's key in the program that the file came from.
KEY_NAMES = """
    id, record id, recordid, key, uuid, guid, objectid, object id, external id, externalid, source id, unique id, uid, rec id
    contact id, account id, company id, lead id, deal id, ticket id, do not modify contact, do not modify account
    do not modify lead, do not modify opportunity, kennung, tunniste, identifiant, identificador, identifikator, شناسه, 编号, 代码
    κωδικός, 识别码
"""
#: Words before a name that narrow it down: "Billing City" is a city.
PREFIXES = (
    "primary", "main", "mailing", "billing", "shipping", "business", "work", "office", "home", "contact", "person", "company",
    "account", "organization", "organisation", "customer", "client", "lead", "address", "1", "address1", "primaryaddress", "default",
    "preferred", "postal", "firmen", "geschäftlich", "ensisijainen", "privat", "principal",
)  # fmt: skip

_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])")
_NOISE = re.compile(r"\([^)]*\)$")
_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=5000)
def plain(header: str) -> str:
    """`header` in the form in which headers are compared: "E-Mail", "e_mail" and "eMail" are one."""
    text = _SIGNS.sub("", fold(header))
    return text or _SIGNS.sub("", header.casefold())


def words(header: str) -> list[str]:
    """The single words of a header: "BillingPostalCode" → billing, postal, code."""
    return [word for word in _SIGNS.split(fold(_CAMEL.sub(" ", header))) if word]


def variants(header: str) -> list[tuple[str, bool]]:
    """Forms under which a header may be known, surest first, each with whether it is the header as it stands."""
    found = [(plain(header), True)]
    bare = _NOISE.sub("", header).strip()
    if bare != header and bare:
        found.append((plain(bare), True))
    rest = words(bare)
    while len(rest) > 1 and rest[0] in PREFIXES:
        rest = rest[1:]
        found.append(("".join(rest), False))
    # The last part of a flattened JSON path: "contact.address.city".
    if "." in bare:
        found.append((plain(bare.rsplit(".", 1)[1]), False))
        found.append((plain(bare.split(".", 1)[1]), False))
    return list(dict.fromkeys(pair for pair in found if pair[0]))


def _split(names: str) -> frozenset[str]:
    return frozenset(plain(name) for line in names.splitlines() for name in line.split(",") if name.strip())


KNOWN: dict[tuple[str, str], frozenset[str]] = {key: _split(names) for key, names in NAMES.items()}
# A country or a currency of its own is called like one that is part of something.
KNOWN["country", ""], KNOWN["currency", ""] = KNOWN["address", "country"], KNOWN["money", "currency"]
TITLES, OWNERS, KEYS = _split(TITLE_NAMES), _split(OWNER_NAMES), _split(KEY_NAMES)

"""People, companies, and the affiliations between them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.objects.columns import (
    CASCADE,
    CONTACT,
    FREE_TEXT,
    HIGH,
    IDENTITY,
    LOW,
    NONE,
    SET_NULL,
    TITLE,
    Address,
    Boolean,
    Choice,
    Date,
    Emails,
    Hours,
    Integer,
    Language,
    Languages,
    Link,
    LongText,
    ManyLinks,
    Money,
    Once,
    Owner,
    PersonName,
    Phones,
    Record,
    Section,
    Tags,
    Text,
    TimeZone,
    WebAddress,
)  # fmt: skip
from kith.objects.countries.vocabulary import CALENDARS, CHANNELS, STYLES
from kith.objects.declare import Derived
from kith.objects.kinds.local_clock import LocalTime

from . import profile, rules
from .vocabulary import SALUTATIONS, SCRIPTS, SIZES, SOURCES, STAGES


class Person(Record):
    """Somebody we know, or want to know."""

    name = PersonName(pgettext_lazy("of a person", "Name"), required=True, search=TITLE, pii=IDENTITY)
    companies = ManyLinks(
        "contacts.Company",
        _("Companies"),
        through="contacts.Affiliation",
        link_order=("-main", "inactive", "pk"),
        related=_("People"),
        icon="building-2",
        help=_("The main one first. Role, dates and what is over stand in the affiliation."),
        aka=(
            "company", "company name", "account", "account name", "account formatted name", "employer", "organization",
            "organisation", "associated company", "parent customer", "firma", "firmenname", "unternehmen", "arbeitgeber",
            "yritys", "yrityksen nimi", "työnantaja", "företag", "arbetsgivare", "société", "entreprise", "employeur", "empresa",
            "compañía", "podjetje", "delodajalec", "شرکت", "نام شرکت", "公司", "公司名称", "单位", "εταιρεία", "επιχείρηση",
            "azienda", "bedrijf", "会社名",
        ),
    )  # fmt: skip
    job_title = Text(
        _("Job title"),
        max_length=120,
        search=LOW,
        pii=IDENTITY,
        icon="briefcase",
        aka=(
            "title", "position", "job", "function", "role", "occupation", "jobtitle", "position title", "function code text",
            "berufsbezeichnung", "stellung", "funktion", "tehtävänimike", "titteli", "asema", "befattning", "yrkestitel",
            "fonction", "poste", "intitulé du poste", "cargo", "puesto", "função", "delovno mesto", "funkcija", "سمت",
            "عنوان شغلی", "职位", "职务", "θέση εργασίας", "θέση", "functie", "stanowisko", "役職",
        ),
    )  # fmt: skip
    emails = Emails(_("E-mail"), search=HIGH, pii=CONTACT, lookup=True)
    phones = Phones(_("Phone"), search=HIGH, pii=CONTACT)
    address = Address(_("Address"), search=LOW, pii=CONTACT)
    website = WebAddress(_("Website"), pii=CONTACT)
    stage = Choice(
        _("Stage"),
        options=STAGES,
        start="lead",
        track=True,
        board=True,
        aka=(
            "lifecycle stage", "life-cycle stage", "life cycle stage", "lifecyclestage",
            "relationship type", "lebenszyklusphase", "phase", "elinkaaren vaihe", "vaihe", "livscykelfas", "étape du cycle de vie",
            "etapa del ciclo de vida", "estágio do ciclo de vida", "faza", "مرحله", "مرحله چرخه عمر", "生命周期阶段", "阶段", "στάδιο",
        ),
    )  # fmt: skip
    source = Choice(
        _("Source"),
        options=SOURCES,
        icon="target",
        aka=(
            "lead source", "original source", "contact source", "how did you hear about us", "leadquelle", "quelle", "herkunft",
            "lähde", "källa", "origine", "origen", "origem", "vir", "منبع", "来源", "客户来源", "πηγή", "bron",
        ),
    )  # fmt: skip
    tags = Tags(_("Tags"), search=LOW, pii=NONE)
    owner = Owner()
    birthday = Date(
        _("Birthday"),
        pii=IDENTITY,
        calendar=True,
        yearly=True,
        icon="cake",
        aka=(
            "birth date", "birthdate", "date of birth", "dob", "born", "geburtstag", "geburtsdatum", "syntymäpäivä", "syntymäaika",
            "födelsedag", "födelsedatum", "date de naissance", "anniversaire", "fecha de nacimiento", "cumpleaños",
            "data de nascimento", "aniversário", "rojstni dan", "datum rojstva", "تاریخ تولد", "تولد", "生日", "出生日期", "γενέθλια",
            "ημερομηνία γέννησης", "data di nascita", "geboortedatum", "data urodzenia", "生年月日",
        ),
    )  # fmt: skip
    salutation = Choice(
        _("Salutation"),
        options=SALUTATIONS,
        icon="user",
        help=_(
            "Left empty, letters begin without a word for man or woman. A doctor’s or professor’s title may stand in the name as well."
        ),
        aka=("mr/ms", "anrede", "puhuttelu", "titel", "civilité", "tratamiento", "nagovor", "خطاب", "称呼", "敬称"),
    )
    language = Language(
        _("Language"),
        assumed=profile.usual_language,
        aka=("language code", "preferred language", "correspondence language"),
    )
    other_languages = Languages(_("Further languages"), assumed=profile.usual_languages)
    script = Choice(_("Script"), options=SCRIPTS, assumed=profile.usual_script, icon="type")
    zone = TimeZone(_("Time zone"), assumed=profile.usual("zone"))
    calendar = Choice(_("Calendar"), options=CALENDARS, assumed=profile.usual("calendar"), icon="calendar-days")
    style = Choice(
        _("Communication style"),
        options=STYLES,
        assumed=profile.usual("style"),
        icon="messages-square",
        help=_(
            "Direct: what is meant is said in words. Indirect: much is said between the lines. A tendency, never a rule."
        ),
    )
    channel = Choice(_("Preferred channel"), options=CHANNELS, assumed=profile.usual("channel"), icon="send")
    preferred_hours = Hours(
        _("Preferred hours"),
        assumed=profile.usual("preferred_hours"),
        help=_("In the person’s own time zone."),
    )
    quiet_hours = Hours(
        _("Quiet hours"),
        assumed=profile.usual("quiet_hours"),
        icon="moon",
        help=_("In the person’s own time zone. They may pass midnight."),
    )
    do_not_call = Boolean(_("Do not call"), track=True, icon="phone-off", help=_("The person asked not to be phoned."))
    etiquette = LongText(
        _("Etiquette"),
        pii=FREE_TEXT,
        icon="handshake",
        help=_("What to mind when you meet: greeting, food, gifts, days of rest."),
    )
    notes = LongText(_("Notes"), search=LOW, pii=FREE_TEXT, icon="sticky-note")
    next_step = Text(
        _("Next step"),
        pii=FREE_TEXT,
        icon="calendar-clock",
        help=_("What you will do next about this person."),
        aka=("next action", "next activity", "follow up", "nächster schritt", "seuraava askel", "nästa steg"),
    )
    next_on = Date(_("Next step on"), calendar=True, icon="calendar-clock", aka=("next step date", "follow up date"))

    class Meta(Record.Meta):
        verbose_name, verbose_name_plural = _("Person"), _("People")

    class Crm:
        key, slug, icon, title = "contacts.person", "people", "users", "name"
        new = _("New person")
        help = _("The people you deal with: customers, suppliers, partners.")
        example = {
            "name": {"given": "Aino", "family": "Virtanen"},
            "job_title": _("Head of purchasing"),
            "emails": "aino@kahvila.example",
        }
        list = ["name", "companies", "stage", "owner", "emails", "phones", "tags", "changed_at"]
        form = [
            Section(_("Contact"), "name", "job_title", "companies", "emails", "phones", "address", "website"),
            Section(_("Relationship"), "stage", "owner", "source", "tags", "next_step", "next_on"),
            Section(_("About the person"), "birthday", "notes"),
            Section(
                _("Culture"),
                "salutation",
                "language",
                "other_languages",
                "script",
                "zone",
                "calendar",
                "style",
                "channel",
                "preferred_hours",
                "quiet_hours",
                "do_not_call",
                "etiquette",
            ),
        ]
        quick = ["name", "companies", "emails", "phones", "stage", "owner"]
        rules = [rules.born_by_now]
        computed = [Derived("local_time", LocalTime(), _("Local time"), profile.clocks)]
        duplicates = ["name", "companies"]
        alike = [["emails"], ["phones"], ["name", "companies"], ["name", "birthday"]]
        next_step = ("next_step", "next_on")
        highlights = ["last_activity", "last_note", "field:local_time", "known_since"]


class Company(Record):
    """An organisation that people belong to: a customer, a supplier, a partner, an office."""

    name = Text(
        _("Name"),
        required=True,
        search=TITLE,
        pii=NONE,
        legal_forms=True,
        aka=("account formatted name", "company", "firma", "yritys"),
    )
    other_names = Text(
        _("Also known as"),
        max_length=300,
        search=HIGH,
        pii=NONE,
        help=_("Short name, former name, the name in Latin letters."),
        icon="quote",
        aka=(
            "other names", "other name", "abbreviation", "short name", "additional name", "trade name", "trading as", "dba", "acronym",
            "english name", "latin name", "kurzname", "kurzbezeichnung", "abkürzung", "lyhenne", "aputoiminimi", "kortnamn",
            "sigle", "nom commercial", "nombre comercial", "siglas", "nome fantasia", "sigla", "kratica", "kratko ime", "نام‌های دیگر",
            "نام اختصاری", "简称", "别名", "διακριτικός τίτλος", "συντομογραφία",
        ),
    )  # fmt: skip
    parent = Link(
        "contacts.Company",
        _("Parent company"),
        on_delete=SET_NULL,
        related=_("Subsidiaries"),
        icon="network",
        aka=(
            "parent", "parent account", "parent organization", "parent organisation", "group", "muttergesellschaft", "konzern",
            "emoyhtiö", "konserni", "moderbolag", "société mère", "empresa matriz", "matriz", "matično podjetje", "شرکت مادر",
            "母公司", "上级公司", "μητρική εταιρεία",
        ),
    )  # fmt: skip
    website = WebAddress(
        _("Website"),
        search=HIGH,
        pii=NONE,
        aka=("domain", "domains", "domain name", "company domain name", "web pages", "web_pages"),
    )
    emails = Emails(_("E-mail"), search=HIGH, pii=CONTACT)
    phones = Phones(_("Phone"), search=HIGH, pii=CONTACT)
    address = Address(_("Address"), search=LOW, pii=NONE)
    industry = Text(
        _("Industry"),
        max_length=120,
        search=LOW,
        pii=NONE,
        icon="factory",
        aka=(
            "sector", "branch", "line of business", "classification", "industrial sector code", "account type", "branche",
            "wirtschaftszweig",
            "toimiala", "bransch", "secteur", "secteur d'activité", "sector industrial", "setor", "ramo", "panoga", "dejavnost", "صنعت",
            "行业", "κλάδος", "settore", "ala",
        ),
    )  # fmt: skip
    size = Choice(
        _("Size"),
        options=SIZES,
        help=_("How many people work there, roughly."),
        icon="users",
        aka=(
            "company size",
            "size range",
            "unternehmensgröße",
            "yrityksen koko",
            "velikost",
            "企业规模",
            "اندازه شرکت",
        ),
    )
    employees = Integer(
        _("Employees"),
        icon="users",
        aka=(
            "number of employees", "numberofemployees", "no. of employees", "headcount", "staff", "mitarbeiter", "anzahl mitarbeiter",
            "mitarbeiterzahl", "henkilöstömäärä", "työntekijät", "antal anställda", "nombre d'employés", "effectif", "empleados",
            "número de empleados", "funcionários", "število zaposlenih", "تعداد کارکنان", "员工人数", "αριθμός εργαζομένων",
        ),
    )  # fmt: skip
    annual_revenue = Money(
        _("Annual revenue"),
        aka=(
            "revenue", "turnover", "annual turnover", "annualrevenue", "jahresumsatz", "umsatz", "liikevaihto", "omsättning",
            "chiffre d'affaires", "ingresos anuales", "facturación", "faturamento", "receita anual", "letni prihodek", "درآمد سالانه",
            "年收入", "年营业额", "κύκλος εργασιών", "fatturato",
        ),
    )  # fmt: skip
    registration = Text(
        _("Registration number"),
        max_length=60,
        pii=NONE,
        lookup=True,
        search=LOW,
        help=_("Of the trade register or the tax office."),
        icon="hash",
        aka=(
            "registration no", "company number", "business id", "tax id", "tax number", "vat", "vat id", "vat number", "ein",
            "handelsregisternummer", "ust-idnr", "ust-id", "steuernummer", "y-tunnus", "alv-numero", "organisationsnummer", "siren",
            "siret", "numéro de tva", "nif", "cif", "rfc", "cnpj", "davčna številka", "matična številka", "شناسه ملی", "کد اقتصادی",
            "统一社会信用代码", "税号", "αφμ", "α.φ.μ.", "partita iva", "nip", "法人番号",
        ),
    )  # fmt: skip
    stage = Choice(
        _("Stage"),
        options=STAGES,
        start="lead",
        track=True,
        board=True,
        aka=(
            "lifecycle stage", "life-cycle stage", "life cycle stage", "life cycle status code text", "account status",
            "lifecyclestage", "relationship type", "lebenszyklusphase", "phase", "elinkaaren vaihe", "vaihe", "livscykelfas",
            "étape du cycle de vie", "etapa del ciclo de vida", "estágio do ciclo de vida", "faza", "مرحله", "生命周期阶段", "阶段",
            "στάδιο",
        ),
    )  # fmt: skip
    source = Choice(
        _("Source"),
        options=SOURCES,
        icon="target",
        aka=(
            "account source",
            "lead source",
            "original source",
            "leadquelle",
            "quelle",
            "lähde",
            "källa",
            "vir",
            "منبع",
            "来源",
            "πηγή",
        ),
    )
    tags = Tags(_("Tags"), search=LOW, pii=NONE)
    owner = Owner()
    language = Language(_("Language"), aka=("language code", "preferred language", "correspondence language"))
    notes = LongText(_("Notes"), search=LOW, pii=FREE_TEXT, icon="sticky-note")

    parent_id: int | None

    class Meta(Record.Meta):
        verbose_name, verbose_name_plural = _("Company"), _("Companies")

    class Crm:
        key, slug, icon, title = "contacts.company", "companies", "building-2", "name"
        new = _("New company")
        help = _("The organisations that your people work for.")
        example = {"name": "Kahvila Kaneli Oy", "industry": _("Coffee and cakes"), "website": "https://kaneli.example"}
        list = ["name", "stage", "owner", "industry", "address.country", "website", "phones", "changed_at"]
        form = [
            Section(_("Company"), "name", "other_names", "parent", "website", "emails", "phones", "address"),
            Section(_("Relationship"), "stage", "owner", "source", "tags"),
            Section(
                _("Business"), "industry", "size", "employees", "annual_revenue", "registration", "language", "notes"
            ),
        ]
        quick = ["name", "website", "phones", "stage", "owner"]
        rules = [rules.no_circle]
        duplicates = ["name", "website"]
        alike = [["registration"], ["website"], ["name"], ["emails"]]
        highlights = ["last_activity", "related:contacts.person:companies", "field:annual_revenue", "known_since"]


class Affiliation(Record):
    """That a person belongs to a company: as what, since when, and whether it is over."""

    person = Link(
        "contacts.Person",
        _("Person"),
        on_delete=CASCADE,
        required=True,
        related=pgettext_lazy("of a person in companies", "Roles"),
    )
    company = Link("contacts.Company", _("Company"), on_delete=CASCADE, required=True, related=False)
    main = Boolean(_("Main company"), help=_("Shown first. One of a person’s companies can be the main one."))
    inactive = Boolean(_("Inactive"), help=_("The person no longer works there."))
    since = Date(_("Since"))
    until = Date(_("Until"))
    role = Text(
        pgettext_lazy("of a person in a company", "Role"), max_length=120, search=LOW, pii=IDENTITY, icon="briefcase"
    )

    class Meta(Record.Meta):
        verbose_name, verbose_name_plural = _("Affiliation"), _("Affiliations")
        constraints = [
            Once(
                fields=["person", "company"],
                condition=Q(removed_at=None),
                name="affiliation_once",
                said=_("This person belongs to this company already. Change that affiliation instead."),
            ),
            Once(
                fields=["person"],
                condition=Q(main=True, removed_at=None),
                name="affiliation_one_main",
                said=_("Another company is this person’s main company. Use “Make main company”."),
            ),
        ]

    class Crm:
        key, slug, icon, title = "contacts.affiliation", "affiliations", "link", "role"
        new = _("New affiliation")
        help = _("Who works where, in which role and since when.")
        nav, follows = False, "person"
        list = ["person", "company", "role", "since", "until", "main", "inactive"]
        form = [Section(_("Affiliation"), "person", "company", "role", "main", "since", "until", "inactive")]
        rules = [rules.ends_after_it_begins]

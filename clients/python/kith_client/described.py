"""Written by kith_client.describe from the description of the doors; changes here are lost. What comes and goes, as JSON."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ProblemErrors(TypedDict):
    """As the description says it."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    detail: str


class ProblemDifferences(TypedDict):
    """As the description says it."""

    field: str
    mine: Any
    theirs: Any
    by: str
    at: str


class Problem(TypedDict):
    """As the description says it."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[ProblemErrors]]
    differences: NotRequired[list[ProblemDifferences]]


class ObjectsData(TypedDict):
    """As the description says it."""

    object: str
    slug: str
    label: str
    plural: str
    icon: str
    title: str
    url: str
    rights: list[str]


class Objects(TypedDict):
    """As the description says it."""

    data: list[ObjectsData]


class ObjectFieldsOperators(TypedDict):
    """As the description says it."""

    name: str
    label: str
    takes: str


class ObjectFieldsOptions(TypedDict):
    """As the description says it."""

    value: Any
    label: str
    meaning: str


class ObjectFields(TypedDict):
    """As the description says it."""

    name: str
    id: str
    label: str
    help: str
    kind: str
    required: bool
    usual: bool
    creatable: bool
    changeable: bool
    sortable: bool
    filterable: bool
    target: str | None
    several: bool
    operators: list[ObjectFieldsOperators]
    options: list[ObjectFieldsOptions] | None
    parts: list[str]
    schema: dict[str, Any]


class ObjectActionsInputs(TypedDict):
    """As the description says it."""

    name: str
    label: str
    kind: str
    required: bool
    schema: dict[str, Any]


class ObjectActions(TypedDict):
    """As the description says it."""

    name: str
    label: str
    icon: str
    inputs: list[ObjectActionsInputs]


class Object(TypedDict):
    """As the description says it."""

    object: str
    slug: str
    label: str
    plural: str
    icon: str
    title: str
    url: str
    rights: list[str]
    help: str
    fields: list[ObjectFields]
    actions: list[ObjectActions]


class MeTokenScopes(TypedDict):
    """As the description says it."""

    object: str
    verb: str


class MeToken(TypedDict):
    """As the description says it."""

    name: str
    scopes: list[MeTokenScopes]
    expires_at: str


class Me(TypedDict):
    """As the description says it."""

    id: int
    name: str
    language: str
    zone: str
    currency: str
    token: MeToken


class AnyRecord(TypedDict):
    """As the description says it."""

    object: str
    id: int
    version: int
    title: str
    url: str
    values: dict[str, Any]


class ChangeBy(TypedDict):
    """As the description says it."""

    kind: str
    id: str
    name: str


class Change(TypedDict):
    """As the description says it."""

    position: str
    at: str
    object: str
    id: int
    what: str
    version: NotRequired[int | None]
    by: NotRequired[ChangeBy]
    fields: NotRequired[list[str]]
    url: NotRequired[str]
    record: NotRequired[AnyRecord | None]


class Changes(TypedDict):
    """As the description says it."""

    data: list[Change]
    next: str
    more: bool
    rights: str


class BulkResultErrors(TypedDict):
    """As the description says it."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    detail: str


class BulkResult(TypedDict):
    """As the description says it."""

    state: Literal["created", "changed", "unchanged", "removed", "restored", "refused"]
    id: NotRequired[int | None]
    version: NotRequired[int]
    status: NotRequired[int]
    detail: NotRequired[str]
    errors: NotRequired[list[BulkResultErrors]]


class BulkResults(TypedDict):
    """As the description says it."""

    data: list[BulkResult]


class BulkBegun(TypedDict):
    """As the description says it."""

    run: int
    url: str


class Run(TypedDict):
    """As the description says it."""

    id: int
    title: str
    state: Literal["waiting", "running", "done", "failed", "stopped"]
    done: int
    total: int | None
    error: str
    url: str
    data: NotRequired[list[BulkResult]]


class HistoryDataBy(TypedDict):
    """As the description says it."""

    kind: str
    id: str
    name: str


class HistoryDataChanges(TypedDict):
    """As the description says it."""

    old: Any
    new: Any


class HistoryDataOn(TypedDict):
    """As the description says it."""

    object: str
    id: int
    title: str


class HistoryData(TypedDict):
    """As the description says it."""

    id: int
    name: str
    at: str
    by: HistoryDataBy
    cause: str
    sentence: str
    text: str
    changes: dict[str, HistoryDataChanges]
    on: HistoryDataOn | None


class History(TypedDict):
    """As the description says it."""

    data: list[HistoryData]
    next: int | None


class Webhook(TypedDict):
    """As the description says it."""

    id: int
    version: int
    name: str
    url: str
    object: str
    kinds: list[str]
    filter: str
    paused: bool
    paused_why: str
    made_at: str
    failing_since: str | None
    secret: NotRequired[str]


class Webhooks(TypedDict):
    """As the description says it."""

    data: list[Webhook]


class WebhookCreate(TypedDict):
    """As the description says it."""

    name: str
    url: str
    object: NotRequired[str]
    kinds: list[str]
    filter: NotRequired[str]


class WebhookChange(TypedDict):
    """As the description says it."""

    name: NotRequired[str]
    url: NotRequired[str]
    object: NotRequired[str]
    kinds: NotRequired[list[str]]
    filter: NotRequired[str]
    paused: NotRequired[bool]


class WebhookNothing(TypedDict):
    """Nothing."""


class WebhookAgain(TypedDict):
    """As the description says it."""

    message: NotRequired[int | None]
    since: NotRequired[str | None]


class WebhookSentAgain(TypedDict):
    """As the description says it."""

    sent_again: int


class WebhookMessageAttempts(TypedDict):
    """As the description says it."""

    at: str
    status: int | None
    error: str
    answer: str
    milliseconds: int


class WebhookMessage(TypedDict):
    """As the description says it."""

    id: int
    webhook_id: str
    type: str
    object: str
    record: int | None
    at: str
    state: Literal["waiting", "done", "failed", "dropped"]
    due: str | None
    attempts: list[WebhookMessageAttempts]


class WebhookMessages(TypedDict):
    """As the description says it."""

    data: list[WebhookMessage]
    next: int | None


IncomingMappingParts = TypedDict("IncomingMappingParts", {
    "from": "str",
}, total=False)


class IncomingMapping(IncomingMappingParts):
    """As the description says it."""

    to: str
    value: NotRequired[Any]


class Incoming(TypedDict):
    """As the description says it."""

    id: int
    version: int
    name: str
    object: str
    mapping: list[IncomingMapping]
    match: str
    does: Literal["both", "create", "change"]
    secured: Literal["signed", "path"]
    paused: bool
    paused_why: str
    made_at: str
    address: str
    used_at: str | None
    secret: NotRequired[str]


class Incomings(TypedDict):
    """As the description says it."""

    data: list[Incoming]


IncomingCreateMappingParts = TypedDict("IncomingCreateMappingParts", {
    "from": "str",
}, total=False)


class IncomingCreateMapping(IncomingCreateMappingParts):
    """As the description says it."""

    to: str
    value: NotRequired[Any]


class IncomingCreate(TypedDict):
    """As the description says it."""

    name: str
    object: str
    mapping: list[IncomingCreateMapping]
    match: NotRequired[str]
    does: NotRequired[Literal["both", "create", "change"]]
    secured: NotRequired[Literal["signed", "path"]]


IncomingChangeMappingParts = TypedDict("IncomingChangeMappingParts", {
    "from": "str",
}, total=False)


class IncomingChangeMapping(IncomingChangeMappingParts):
    """As the description says it."""

    to: str
    value: NotRequired[Any]


class IncomingChange(TypedDict):
    """As the description says it."""

    name: NotRequired[str]
    object: NotRequired[str]
    mapping: NotRequired[list[IncomingChangeMapping]]
    match: NotRequired[str]
    does: NotRequired[Literal["both", "create", "change"]]
    paused: NotRequired[bool]


class IncomingAgain(TypedDict):
    """As the description says it."""

    arrival: NotRequired[int | None]


class IncomingTriedAgain(TypedDict):
    """As the description says it."""

    tried_again: int


class IncomingArrival(TypedDict):
    """As the description says it."""

    id: int
    key: str
    at: str
    state: Literal["waiting", "done", "failed"]
    outcome: Literal["", "created", "changed", "unchanged"]
    error: str
    object: str
    record: int | None


class IncomingArrivals(TypedDict):
    """As the description says it."""

    data: list[IncomingArrival]
    next: int | None


class PersonName(TypedDict):
    """As the description says it."""

    given: NotRequired[str]
    family: NotRequired[str]
    middle: NotRequired[str]
    prefix: NotRequired[str]
    suffix: NotRequired[str]
    latin_given: NotRequired[str]
    latin_family: NotRequired[str]
    full: NotRequired[str]
    order: NotRequired[Literal["", "given_first", "family_first"]]


class EmailsItem(TypedDict):
    """As the description says it."""

    value: str
    type: NotRequired[Literal["", "work", "home", "mobile", "other"]]
    primary: NotRequired[bool]
    invalid: NotRequired[bool]
    opted_out: NotRequired[bool]


Emails = list[EmailsItem]


class PhonesItem(TypedDict):
    """As the description says it."""

    value: str
    type: NotRequired[Literal["", "work", "home", "mobile", "other"]]
    primary: NotRequired[bool]
    invalid: NotRequired[bool]
    opted_out: NotRequired[bool]


Phones = list[PhonesItem]


class Address(TypedDict):
    """As the description says it."""

    street: NotRequired[str]
    district: NotRequired[str]
    city: NotRequired[str]
    region: NotRequired[str]
    postal: NotRequired[str]
    country: NotRequired[str]
    latin: NotRequired[str]


class PersonNameSent(TypedDict):
    """As the description says it."""

    given: NotRequired[str | None]
    family: NotRequired[str | None]
    middle: NotRequired[str | None]
    prefix: NotRequired[str | None]
    suffix: NotRequired[str | None]
    latin_given: NotRequired[str | None]
    latin_family: NotRequired[str | None]
    full: NotRequired[str | None]
    order: NotRequired[Literal["", "given_first", "family_first"] | None]


class EmailsSentItem(TypedDict):
    """As the description says it."""

    value: str | None
    type: NotRequired[Literal["", "work", "home", "mobile", "other"]]
    primary: NotRequired[bool]
    invalid: NotRequired[bool]
    opted_out: NotRequired[bool]


EmailsSent = list[EmailsSentItem] | None


class PhonesSentItem(TypedDict):
    """As the description says it."""

    value: str | None
    type: NotRequired[Literal["", "work", "home", "mobile", "other"]]
    primary: NotRequired[bool]
    invalid: NotRequired[bool]
    opted_out: NotRequired[bool]


PhonesSent = list[PhonesSentItem] | None


class AddressSent(TypedDict):
    """As the description says it."""

    street: NotRequired[str | None]
    district: NotRequired[str | None]
    city: NotRequired[str | None]
    region: NotRequired[str | None]
    postal: NotRequired[str | None]
    country: NotRequired[str | None]
    latin: NotRequired[str | None]


class CountriesValues(TypedDict):
    """As the description says it."""

    code: NotRequired[str]
    weekend: NotRequired[list[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]]]
    working_hours: NotRequired[str | None]
    first_weekday: NotRequired[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]]
    languages: NotRequired[list[str]]
    zone: NotRequired[str]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"]]
    style: NotRequired[Literal["", "direct", "indirect"]]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"]]
    quiet_hours: NotRequired[str | None]
    guidance: NotRequired[str]
    created_at: NotRequired[str | None]
    created_by: NotRequired[int | None]
    changed_at: NotRequired[str | None]


class CountriesRecord(TypedDict):
    """As the description says it."""

    object: Literal["objects.country"]
    id: int
    version: int
    title: str
    url: str
    values: CountriesValues
    expanded: NotRequired[dict[str, list[AnyRecord]]]


class CountriesChange(TypedDict):
    """As the description says it."""

    code: NotRequired[str | None]
    weekend: NotRequired[list[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]] | None]
    working_hours: NotRequired[str | None]
    first_weekday: NotRequired[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None]
    languages: NotRequired[list[str] | None]
    zone: NotRequired[str | None]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"] | None]
    style: NotRequired[Literal["", "direct", "indirect"] | None]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"] | None]
    quiet_hours: NotRequired[str | None]
    guidance: NotRequired[str | None]


class CountriesCreate(TypedDict):
    """As the description says it."""

    code: str | None
    weekend: NotRequired[list[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]] | None]
    working_hours: NotRequired[str | None]
    first_weekday: NotRequired[Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None]
    languages: NotRequired[list[str] | None]
    zone: NotRequired[str | None]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"] | None]
    style: NotRequired[Literal["", "direct", "indirect"] | None]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"] | None]
    quiet_hours: NotRequired[str | None]
    guidance: NotRequired[str | None]


class CountriesDoAddNote(TypedDict):
    """As the description says it."""

    text: str | None


class CountriesDoAnswerNote(TypedDict):
    """As the description says it."""

    to: int | None
    text: str | None


class CountriesDoChangeNote(TypedDict):
    """As the description says it."""

    note: int | None
    text: str | None
    version: NotRequired[int | None]


class CountriesDoRemoveNote(TypedDict):
    """As the description says it."""

    note: int | None


class RatesValues(TypedDict):
    """As the description says it."""

    currency: NotRequired[str]
    against: NotRequired[str]
    rate: NotRequired[str | None]
    day: NotRequired[str | None]
    kind: NotRequired[Literal["", "spot", "average", "booked", "manual"]]
    source: NotRequired[str]
    created_at: NotRequired[str | None]
    created_by: NotRequired[int | None]
    changed_at: NotRequired[str | None]


class RatesRecord(TypedDict):
    """As the description says it."""

    object: Literal["objects.rate"]
    id: int
    version: int
    title: str
    url: str
    values: RatesValues
    expanded: NotRequired[dict[str, list[AnyRecord]]]


class RatesChange(TypedDict):
    """As the description says it."""

    currency: NotRequired[str | None]
    against: NotRequired[str | None]
    rate: NotRequired[str | float | None]
    day: NotRequired[str | None]
    kind: NotRequired[Literal["", "spot", "average", "booked", "manual"] | None]
    source: NotRequired[str | None]


class RatesCreate(TypedDict):
    """As the description says it."""

    currency: str | None
    against: NotRequired[str | None]
    rate: str | float | None
    day: NotRequired[str | None]
    kind: NotRequired[Literal["", "spot", "average", "booked", "manual"] | None]
    source: NotRequired[str | None]


class RatesDoAddNote(TypedDict):
    """As the description says it."""

    text: str | None


class RatesDoAnswerNote(TypedDict):
    """As the description says it."""

    to: int | None
    text: str | None


class RatesDoChangeNote(TypedDict):
    """As the description says it."""

    note: int | None
    text: str | None
    version: NotRequired[int | None]


class RatesDoRemoveNote(TypedDict):
    """As the description says it."""

    note: int | None


class PeopleValues(TypedDict):
    """As the description says it."""

    name: NotRequired[PersonName]
    job_title: NotRequired[str]
    emails: NotRequired[Emails]
    phones: NotRequired[Phones]
    address: NotRequired[Address]
    website: NotRequired[str]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"]]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"]]
    tags: NotRequired[list[str]]
    owner: NotRequired[int | None]
    birthday: NotRequired[str | None]
    salutation: NotRequired[Literal["", "ms", "mr", "mx", "dr", "prof"]]
    language: NotRequired[str]
    other_languages: NotRequired[list[str]]
    script: NotRequired[Literal["", "Latn", "Cyrl", "Grek", "Arab", "Hebr", "Hans", "Hant", "Jpan", "Kore", "Deva", "Beng", "Thai", "Armn", "Geor", "Ethi", "Khmr", "Laoo", "Mymr", "Sinh", "Taml", "Telu", "Knda", "Mlym", "Gujr", "Guru", "Orya", "Tibt", "Mong", "Thaa", "Tfng", "Cans"]]
    zone: NotRequired[str]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"]]
    style: NotRequired[Literal["", "direct", "indirect"]]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"]]
    preferred_hours: NotRequired[str | None]
    quiet_hours: NotRequired[str | None]
    do_not_call: NotRequired[bool]
    etiquette: NotRequired[str]
    notes: NotRequired[str]
    next_step: NotRequired[str]
    next_on: NotRequired[str | None]
    companies: NotRequired[list[int]]
    created_at: NotRequired[str | None]
    created_by: NotRequired[int | None]
    changed_at: NotRequired[str | None]


class PeopleRecord(TypedDict):
    """As the description says it."""

    object: Literal["contacts.person"]
    id: int
    version: int
    title: str
    url: str
    values: PeopleValues
    expanded: NotRequired[dict[str, list[AnyRecord]]]


PeopleChangeParts = TypedDict("PeopleChangeParts", {
    "name.given": "str | None",
    "name.family": "str | None",
    "name.middle": "str | None",
    "name.prefix": "str | None",
    "name.suffix": "str | None",
    "name.latin_given": "str | None",
    "name.latin_family": "str | None",
    "name.full": "str | None",
    "name.order": "Literal[\"\", \"given_first\", \"family_first\"] | None",
    "address.street": "str | None",
    "address.district": "str | None",
    "address.city": "str | None",
    "address.region": "str | None",
    "address.postal": "str | None",
    "address.country": "str | None",
    "address.latin": "str | None",
}, total=False)


class PeopleChange(PeopleChangeParts):
    """As the description says it."""

    name: NotRequired[PersonNameSent]
    job_title: NotRequired[str | None]
    emails: NotRequired[EmailsSent]
    phones: NotRequired[PhonesSent]
    address: NotRequired[AddressSent]
    website: NotRequired[str | None]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"] | None]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"] | None]
    tags: NotRequired[list[str] | None]
    owner: NotRequired[int | None]
    birthday: NotRequired[str | None]
    salutation: NotRequired[Literal["", "ms", "mr", "mx", "dr", "prof"] | None]
    language: NotRequired[str | None]
    other_languages: NotRequired[list[str] | None]
    script: NotRequired[Literal["", "Latn", "Cyrl", "Grek", "Arab", "Hebr", "Hans", "Hant", "Jpan", "Kore", "Deva", "Beng", "Thai", "Armn", "Geor", "Ethi", "Khmr", "Laoo", "Mymr", "Sinh", "Taml", "Telu", "Knda", "Mlym", "Gujr", "Guru", "Orya", "Tibt", "Mong", "Thaa", "Tfng", "Cans"] | None]
    zone: NotRequired[str | None]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"] | None]
    style: NotRequired[Literal["", "direct", "indirect"] | None]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"] | None]
    preferred_hours: NotRequired[str | None]
    quiet_hours: NotRequired[str | None]
    do_not_call: NotRequired[bool | None]
    etiquette: NotRequired[str | None]
    notes: NotRequired[str | None]
    next_step: NotRequired[str | None]
    next_on: NotRequired[str | None]
    companies: NotRequired[list[int] | None]


PeopleCreateParts = TypedDict("PeopleCreateParts", {
    "name.given": "str | None",
    "name.family": "str | None",
    "name.middle": "str | None",
    "name.prefix": "str | None",
    "name.suffix": "str | None",
    "name.latin_given": "str | None",
    "name.latin_family": "str | None",
    "name.full": "str | None",
    "name.order": "Literal[\"\", \"given_first\", \"family_first\"] | None",
    "address.street": "str | None",
    "address.district": "str | None",
    "address.city": "str | None",
    "address.region": "str | None",
    "address.postal": "str | None",
    "address.country": "str | None",
    "address.latin": "str | None",
}, total=False)


class PeopleCreate(PeopleCreateParts):
    """As the description says it."""

    name: NotRequired[PersonNameSent]
    job_title: NotRequired[str | None]
    emails: NotRequired[EmailsSent]
    phones: NotRequired[PhonesSent]
    address: NotRequired[AddressSent]
    website: NotRequired[str | None]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"] | None]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"] | None]
    tags: NotRequired[list[str] | None]
    owner: NotRequired[int | None]
    birthday: NotRequired[str | None]
    salutation: NotRequired[Literal["", "ms", "mr", "mx", "dr", "prof"] | None]
    language: NotRequired[str | None]
    other_languages: NotRequired[list[str] | None]
    script: NotRequired[Literal["", "Latn", "Cyrl", "Grek", "Arab", "Hebr", "Hans", "Hant", "Jpan", "Kore", "Deva", "Beng", "Thai", "Armn", "Geor", "Ethi", "Khmr", "Laoo", "Mymr", "Sinh", "Taml", "Telu", "Knda", "Mlym", "Gujr", "Guru", "Orya", "Tibt", "Mong", "Thaa", "Tfng", "Cans"] | None]
    zone: NotRequired[str | None]
    calendar: NotRequired[Literal["", "gregorian", "jalali", "hijri", "buddhist", "roc"] | None]
    style: NotRequired[Literal["", "direct", "indirect"] | None]
    channel: NotRequired[Literal["", "email", "phone", "chat", "letter", "in_person"] | None]
    preferred_hours: NotRequired[str | None]
    quiet_hours: NotRequired[str | None]
    do_not_call: NotRequired[bool | None]
    etiquette: NotRequired[str | None]
    notes: NotRequired[str | None]
    next_step: NotRequired[str | None]
    next_on: NotRequired[str | None]
    companies: NotRequired[list[int] | None]


class PeopleDoAddNote(TypedDict):
    """As the description says it."""

    text: str | None


class PeopleDoAnswerNote(TypedDict):
    """As the description says it."""

    to: int | None
    text: str | None


class PeopleDoChangeNote(TypedDict):
    """As the description says it."""

    note: int | None
    text: str | None
    version: NotRequired[int | None]


class PeopleDoMakeMainCompany(TypedDict):
    """As the description says it."""

    company: int | None


class PeopleDoMarkEmailInvalid(TypedDict):
    """As the description says it."""

    address: str | None


class PeopleDoOptOut(TypedDict):
    """Nothing."""


class PeopleDoRemoveNote(TypedDict):
    """As the description says it."""

    note: int | None


class CompaniesValuesAnnualRevenue(TypedDict):
    """Annual revenue."""

    amount: str
    currency: str


class CompaniesValues(TypedDict):
    """As the description says it."""

    name: NotRequired[str]
    other_names: NotRequired[str]
    parent: NotRequired[int | None]
    website: NotRequired[str]
    emails: NotRequired[Emails]
    phones: NotRequired[Phones]
    address: NotRequired[Address]
    industry: NotRequired[str]
    size: NotRequired[Literal["", "1", "2-9", "10-49", "50-249", "250-999", "1000+"]]
    employees: NotRequired[int | None]
    annual_revenue: NotRequired[CompaniesValuesAnnualRevenue | None]
    registration: NotRequired[str]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"]]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"]]
    tags: NotRequired[list[str]]
    owner: NotRequired[int | None]
    language: NotRequired[str]
    notes: NotRequired[str]
    created_at: NotRequired[str | None]
    created_by: NotRequired[int | None]
    changed_at: NotRequired[str | None]


class CompaniesRecord(TypedDict):
    """As the description says it."""

    object: Literal["contacts.company"]
    id: int
    version: int
    title: str
    url: str
    values: CompaniesValues
    expanded: NotRequired[dict[str, list[AnyRecord]]]


class CompaniesChangeAnnualRevenue(TypedDict):
    """Annual revenue."""

    amount: str | float
    currency: str


CompaniesChangeParts = TypedDict("CompaniesChangeParts", {
    "address.street": "str | None",
    "address.district": "str | None",
    "address.city": "str | None",
    "address.region": "str | None",
    "address.postal": "str | None",
    "address.country": "str | None",
    "address.latin": "str | None",
    "annual_revenue.amount": "str | float | None",
    "annual_revenue.currency": "str | None",
}, total=False)


class CompaniesChange(CompaniesChangeParts):
    """As the description says it."""

    name: NotRequired[str | None]
    other_names: NotRequired[str | None]
    parent: NotRequired[int | None]
    website: NotRequired[str | None]
    emails: NotRequired[EmailsSent]
    phones: NotRequired[PhonesSent]
    address: NotRequired[AddressSent]
    industry: NotRequired[str | None]
    size: NotRequired[Literal["", "1", "2-9", "10-49", "50-249", "250-999", "1000+"] | None]
    employees: NotRequired[int | None]
    annual_revenue: NotRequired[CompaniesChangeAnnualRevenue | None]
    registration: NotRequired[str | None]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"] | None]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"] | None]
    tags: NotRequired[list[str] | None]
    owner: NotRequired[int | None]
    language: NotRequired[str | None]
    notes: NotRequired[str | None]


class CompaniesCreateAnnualRevenue(TypedDict):
    """Annual revenue."""

    amount: str | float
    currency: str


CompaniesCreateParts = TypedDict("CompaniesCreateParts", {
    "address.street": "str | None",
    "address.district": "str | None",
    "address.city": "str | None",
    "address.region": "str | None",
    "address.postal": "str | None",
    "address.country": "str | None",
    "address.latin": "str | None",
    "annual_revenue.amount": "str | float | None",
    "annual_revenue.currency": "str | None",
}, total=False)


class CompaniesCreate(CompaniesCreateParts):
    """As the description says it."""

    name: str | None
    other_names: NotRequired[str | None]
    parent: NotRequired[int | None]
    website: NotRequired[str | None]
    emails: NotRequired[EmailsSent]
    phones: NotRequired[PhonesSent]
    address: NotRequired[AddressSent]
    industry: NotRequired[str | None]
    size: NotRequired[Literal["", "1", "2-9", "10-49", "50-249", "250-999", "1000+"] | None]
    employees: NotRequired[int | None]
    annual_revenue: NotRequired[CompaniesCreateAnnualRevenue | None]
    registration: NotRequired[str | None]
    stage: NotRequired[Literal["", "subscriber", "lead", "qualified", "opportunity", "customer", "partner", "former"] | None]
    source: NotRequired[Literal["", "referral", "trade_fair", "web", "email", "phone", "campaign", "social", "partner", "list", "other"] | None]
    tags: NotRequired[list[str] | None]
    owner: NotRequired[int | None]
    language: NotRequired[str | None]
    notes: NotRequired[str | None]


class CompaniesDoAddNote(TypedDict):
    """As the description says it."""

    text: str | None


class CompaniesDoAnswerNote(TypedDict):
    """As the description says it."""

    to: int | None
    text: str | None


class CompaniesDoChangeNote(TypedDict):
    """As the description says it."""

    note: int | None
    text: str | None
    version: NotRequired[int | None]


class CompaniesDoRemoveNote(TypedDict):
    """As the description says it."""

    note: int | None


class AffiliationsValues(TypedDict):
    """As the description says it."""

    person: NotRequired[int | None]
    company: NotRequired[int | None]
    main: NotRequired[bool]
    inactive: NotRequired[bool]
    since: NotRequired[str | None]
    until: NotRequired[str | None]
    role: NotRequired[str]
    created_at: NotRequired[str | None]
    created_by: NotRequired[int | None]
    changed_at: NotRequired[str | None]


class AffiliationsRecord(TypedDict):
    """As the description says it."""

    object: Literal["contacts.affiliation"]
    id: int
    version: int
    title: str
    url: str
    values: AffiliationsValues
    expanded: NotRequired[dict[str, list[AnyRecord]]]


class AffiliationsChange(TypedDict):
    """As the description says it."""

    person: NotRequired[int | None]
    company: NotRequired[int | None]
    main: NotRequired[bool | None]
    inactive: NotRequired[bool | None]
    since: NotRequired[str | None]
    until: NotRequired[str | None]
    role: NotRequired[str | None]


class AffiliationsCreate(TypedDict):
    """As the description says it."""

    person: int | None
    company: int | None
    main: NotRequired[bool | None]
    inactive: NotRequired[bool | None]
    since: NotRequired[str | None]
    until: NotRequired[str | None]
    role: NotRequired[str | None]


class AffiliationsDoAddNote(TypedDict):
    """As the description says it."""

    text: str | None


class AffiliationsDoAnswerNote(TypedDict):
    """As the description says it."""

    to: int | None
    text: str | None


class AffiliationsDoChangeNote(TypedDict):
    """As the description says it."""

    note: int | None
    text: str | None
    version: NotRequired[int | None]


class AffiliationsDoEndAffiliation(TypedDict):
    """As the description says it."""

    until: NotRequired[str | None]


class AffiliationsDoRemoveNote(TypedDict):
    """As the description says it."""

    note: int | None

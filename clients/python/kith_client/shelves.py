"""Written by kith_client.describe from the description of the doors; changes here are lost. Each object with its actions."""

from __future__ import annotations

from .asking import Asking
from .described import (
    AffiliationsChange,
    AffiliationsCreate,
    AffiliationsDoAddNote,
    AffiliationsDoAnswerNote,
    AffiliationsDoChangeNote,
    AffiliationsDoEndAffiliation,
    AffiliationsDoRemoveNote,
    AffiliationsRecord,
    CompaniesChange,
    CompaniesCreate,
    CompaniesDoAddNote,
    CompaniesDoAnswerNote,
    CompaniesDoChangeNote,
    CompaniesDoRemoveNote,
    CompaniesRecord,
    CountriesChange,
    CountriesCreate,
    CountriesDoAddNote,
    CountriesDoAnswerNote,
    CountriesDoChangeNote,
    CountriesDoRemoveNote,
    CountriesRecord,
    PeopleChange,
    PeopleCreate,
    PeopleDoAddNote,
    PeopleDoAnswerNote,
    PeopleDoChangeNote,
    PeopleDoMakeMainCompany,
    PeopleDoMarkEmailInvalid,
    PeopleDoOptOut,
    PeopleDoRemoveNote,
    PeopleRecord,
    RatesChange,
    RatesCreate,
    RatesDoAddNote,
    RatesDoAnswerNote,
    RatesDoChangeNote,
    RatesDoRemoveNote,
    RatesRecord,
)
from .objects import Objects


class Countries(Objects[CountriesRecord, CountriesCreate, CountriesChange]):
    """Countries."""

    def add_note(self, record: CountriesRecord | int, values: CountriesDoAddNote, *, key: str | None = None) -> CountriesRecord:
        """Add note."""
        return self.do(record, "add_note", values, key=key)

    def answer_note(self, record: CountriesRecord | int, values: CountriesDoAnswerNote, *, key: str | None = None) -> CountriesRecord:
        """Answer note."""
        return self.do(record, "answer_note", values, key=key)

    def change_note(self, record: CountriesRecord | int, values: CountriesDoChangeNote, *, key: str | None = None) -> CountriesRecord:
        """Change note."""
        return self.do(record, "change_note", values, key=key)

    def remove_note(self, record: CountriesRecord | int, values: CountriesDoRemoveNote, *, key: str | None = None) -> CountriesRecord:
        """Remove note."""
        return self.do(record, "remove_note", values, key=key)


class Rates(Objects[RatesRecord, RatesCreate, RatesChange]):
    """Exchange rates."""

    def add_note(self, record: RatesRecord | int, values: RatesDoAddNote, *, key: str | None = None) -> RatesRecord:
        """Add note."""
        return self.do(record, "add_note", values, key=key)

    def answer_note(self, record: RatesRecord | int, values: RatesDoAnswerNote, *, key: str | None = None) -> RatesRecord:
        """Answer note."""
        return self.do(record, "answer_note", values, key=key)

    def change_note(self, record: RatesRecord | int, values: RatesDoChangeNote, *, key: str | None = None) -> RatesRecord:
        """Change note."""
        return self.do(record, "change_note", values, key=key)

    def remove_note(self, record: RatesRecord | int, values: RatesDoRemoveNote, *, key: str | None = None) -> RatesRecord:
        """Remove note."""
        return self.do(record, "remove_note", values, key=key)


class People(Objects[PeopleRecord, PeopleCreate, PeopleChange]):
    """People."""

    def add_note(self, record: PeopleRecord | int, values: PeopleDoAddNote, *, key: str | None = None) -> PeopleRecord:
        """Add note."""
        return self.do(record, "add_note", values, key=key)

    def answer_note(self, record: PeopleRecord | int, values: PeopleDoAnswerNote, *, key: str | None = None) -> PeopleRecord:
        """Answer note."""
        return self.do(record, "answer_note", values, key=key)

    def change_note(self, record: PeopleRecord | int, values: PeopleDoChangeNote, *, key: str | None = None) -> PeopleRecord:
        """Change note."""
        return self.do(record, "change_note", values, key=key)

    def remove_note(self, record: PeopleRecord | int, values: PeopleDoRemoveNote, *, key: str | None = None) -> PeopleRecord:
        """Remove note."""
        return self.do(record, "remove_note", values, key=key)

    def make_main_company(self, record: PeopleRecord | int, values: PeopleDoMakeMainCompany, *, key: str | None = None) -> PeopleRecord:
        """Make main company."""
        return self.do(record, "make_main_company", values, key=key)

    def mark_email_invalid(self, record: PeopleRecord | int, values: PeopleDoMarkEmailInvalid, *, key: str | None = None) -> PeopleRecord:
        """Mark e-mail address as invalid."""
        return self.do(record, "mark_email_invalid", values, key=key)

    def opt_out(self, record: PeopleRecord | int, values: PeopleDoOptOut | None = None, *, key: str | None = None) -> PeopleRecord:
        """Opt out of mailings."""
        return self.do(record, "opt_out", values, key=key)


class Companies(Objects[CompaniesRecord, CompaniesCreate, CompaniesChange]):
    """Companies."""

    def add_note(self, record: CompaniesRecord | int, values: CompaniesDoAddNote, *, key: str | None = None) -> CompaniesRecord:
        """Add note."""
        return self.do(record, "add_note", values, key=key)

    def answer_note(self, record: CompaniesRecord | int, values: CompaniesDoAnswerNote, *, key: str | None = None) -> CompaniesRecord:
        """Answer note."""
        return self.do(record, "answer_note", values, key=key)

    def change_note(self, record: CompaniesRecord | int, values: CompaniesDoChangeNote, *, key: str | None = None) -> CompaniesRecord:
        """Change note."""
        return self.do(record, "change_note", values, key=key)

    def remove_note(self, record: CompaniesRecord | int, values: CompaniesDoRemoveNote, *, key: str | None = None) -> CompaniesRecord:
        """Remove note."""
        return self.do(record, "remove_note", values, key=key)


class Affiliations(Objects[AffiliationsRecord, AffiliationsCreate, AffiliationsChange]):
    """Affiliations."""

    def add_note(self, record: AffiliationsRecord | int, values: AffiliationsDoAddNote, *, key: str | None = None) -> AffiliationsRecord:
        """Add note."""
        return self.do(record, "add_note", values, key=key)

    def answer_note(self, record: AffiliationsRecord | int, values: AffiliationsDoAnswerNote, *, key: str | None = None) -> AffiliationsRecord:
        """Answer note."""
        return self.do(record, "answer_note", values, key=key)

    def change_note(self, record: AffiliationsRecord | int, values: AffiliationsDoChangeNote, *, key: str | None = None) -> AffiliationsRecord:
        """Change note."""
        return self.do(record, "change_note", values, key=key)

    def remove_note(self, record: AffiliationsRecord | int, values: AffiliationsDoRemoveNote, *, key: str | None = None) -> AffiliationsRecord:
        """Remove note."""
        return self.do(record, "remove_note", values, key=key)

    def end_affiliation(self, record: AffiliationsRecord | int, values: AffiliationsDoEndAffiliation | None = None, *, key: str | None = None) -> AffiliationsRecord:
        """End."""
        return self.do(record, "end_affiliation", values, key=key)


class Shelves:
    """Every object of the description."""

    def _put_up(self, asking: Asking) -> None:
        self.countries = Countries(asking, "countries")
        self.rates = Rates(asking, "rates")
        self.people = People(asking, "people")
        self.companies = Companies(asking, "companies")
        self.affiliations = Affiliations(asking, "affiliations")

"""Columns of other programs' files find their fields by themselves."""

from __future__ import annotations

import pytest

from kith.kernel.actor import System
from kith.kernel.viewer import NEUTRAL
from kith.objects.declare import object_type
from kith.objects.exchange import mapping

SYSTEM = System("headers test")
pytestmark = pytest.mark.django_db

PEOPLE = {
    "Salesforce": "Id=@key AccountId=companies@key LastName=name.family FirstName=name.given Email=emails Title=job_title "
    "MobilePhone=phones@mobile MailingCity=address.city LeadSource=source Birthdate=birthday Description=notes",
    "Zoho": "Record_Id=@key Contact_Owner=owner Account_Name.id=companies@key Account_Name=companies Date_of_Birth=birthday "
    "Mailing_Zip=address.postal Tag=tags Secondary_Email=emails@other",
    "HubSpot": "Record_ID=@key Contact_owner=owner Lead_Status= Lifecycle_Stage=stage Job_Title=job_title Company_Name=companies "
    "Country/Region=address.country",
    "Dynamics": "(Do_Not_Modify)_Contact=@key Full_Name=name Email=emails Company_Name=companies Business_Phone=phones "
    "Mobile_Phone=phones@mobile Job_Title=job_title Owner=owner",
    "SAP": "ObjectID=@key FirstName=name.given LastName=name.family BirthDate=birthday AccountID=companies@key "
    "AccountFormattedName=companies JobTitle=job_title LanguageCode=language",
    "Finnish": "Etunimi=name.given Sukunimi=name.family Sähköposti=emails Puhelin=phones Yritys=companies Tehtävänimike=job_title "
    "Syntymäaika=birthday Kaupunki=address.city",
    "German": "Vorname=name.given Nachname=name.family E-Mail=emails Mobil=phones@mobile Firma=companies PLZ=address.postal "
    "Geburtsdatum=birthday",
    "Persian": "نام=name.given نام_خانوادگی=name.family ایمیل=emails موبایل=phones@mobile شرکت=companies سمت=job_title",
    "Chinese": "姓名=name 公司=companies 职位=job_title 手机=phones@mobile 邮箱=emails 生日=birthday",
    "Slovene": "Ime=name.given Priimek=name.family E-pošta=emails Podjetje=companies Delovno_mesto=job_title",
    "Greek": "Ονοματεπώνυμο=name Εταιρεία=companies Τηλέφωνο=phones Γενέθλια=birthday",
}
COMPANIES = {
    "Salesforce": "Id=@key Name=name ParentId=parent@key BillingStreet=address.street BillingCountry=address.country Phone=phones "
    "Website=website Industry=industry AnnualRevenue=annual_revenue NumberOfEmployees=employees Description=notes AccountSource=source",
    "Zoho": "Record_Id=@key Account_Owner=owner Account_Name=name Parent_Account.id=parent@key Parent_Account=parent "
    "Employees=employees Annual_Revenue=annual_revenue Billing_Code=address.postal",
    "HubSpot": "Record_ID=@key Company_name=name Company_owner=owner Company_Domain_Name=website Number_of_Employees=employees "
    "Lifecycle_Stage=stage",
    "Dynamics": "(Do_Not_Modify)_Account=@key Account_Name=name Main_Phone=phones Address_1:_City=address.city",
    "SAP": "ObjectID=@key Name=name AdditionalName=other_names ParentAccountID=parent@key IndustrialSectorCode=industry WebSite=website "
    "LanguageCode=language StreetPostalCode=address.postal",
    "public bodies": "id=@key name=name other_names=other_names classification=industry parent_id=parent@key url=website "
    "jurisdiction_code=address.country phone=phones email=emails address=address description=notes tags=tags",
    "universities": "name=name web_pages=website alpha_two_code=address.country state-province=address.region",
    "Finnish": "Nimi=name Y-tunnus=registration Toimiala=industry Liikevaihto=annual_revenue Kotisivu=website Postinumero=address.postal",
    "German": "Firma=name Branche=industry Umsatz=annual_revenue Mitarbeiter=employees Muttergesellschaft=parent Webseite=website",
    "Portuguese": "Razão_social=name Nome_fantasia=other_names CNPJ=registration Setor=industry Cidade=address.city",
}


def guessed(key: str, pairs: str) -> tuple[dict[str, str], dict[str, str]]:
    wanted = {
        header.replace("_", " ") if "_" in header else header: to
        for header, _e, to in (p.rpartition("=") for p in pairs.split())
    }
    found = mapping.guess(SYSTEM, object_type(key), list(wanted), [], NEUTRAL)
    return {g.column: g.to for g in found}, wanted


@pytest.mark.parametrize("system", PEOPLE)
def test_people_of(system: str):
    found, wanted = guessed("contacts.person", PEOPLE[system])
    assert found == wanted


@pytest.mark.parametrize("system", COMPANIES)
def test_companies_of(system: str):
    found, wanted = guessed("contacts.company", COMPANIES[system])
    assert found == wanted

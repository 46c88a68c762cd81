"""Guidance for meeting people of a country: greeting, names, time, gifts. Short, neutral, and only where it helps.

A text is a starting point, not a rule: it is shown as assumed, in the viewer's language, until an administrator writes her own.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: By ISO 3166-1 alpha-2.
GUIDANCE = {
    "FI": _(
        "Handshake with everybody, with eye contact and few words; first names come soon. Being on time is a matter of "
        "respect. Silence in a conversation means that somebody is thinking. Small gifts are welcome, never expected."
    ),
    "SE": _(
        "A handshake and the first name are usual from the start; titles are hardly used. Meetings begin on the minute. "
        "Decisions are talked over until most agree, which takes time and then holds."
    ),
    "NO": _(
        "A handshake and the first name are usual; titles are rarely said. Being on time and coming to the point are "
        "appreciated. Colleagues of all ranks speak openly in meetings."
    ),
    "DK": _(
        "A handshake for everybody in the room and first names are usual. Being on time is expected. Plain words and a "
        "little irony belong to a friendly tone."
    ),
    "SI": _(
        "Greet with a handshake and formal address (vikanje) until the first name is offered. Academic titles are used in"
        " letters. A coffee before business is common, and being on time is expected."
    ),
    "DE": _(
        "Greet with a handshake and use Sie, the family name and academic titles until first names are offered. Being on "
        "time means five minutes early. Agendas and written agreements are valued."
    ),
    "AT": _(
        "Greet with a handshake and use titles: they are part of the name in letters and on the phone. Use Sie and the "
        "family name until first names are offered. Being on time is expected."
    ),
    "CH": _(
        "Greet each person with a handshake and by name. The language differs by region: ask which one is preferred. "
        "Being on time is expected everywhere, and first names come later than in neighbouring countries."
    ),
    "FR": _(
        "Say Bonjour with Madame or Monsieur before anything else, and use vous. A light handshake opens and closes a "
        "meeting. Lunch is for getting to know each other; a few words of French are appreciated."
    ),
    "BE": _(
        "Ask whether Dutch, French or German is preferred. Greet with a handshake and use family names at first. "
        "Compromise is well regarded, and being on time is expected."
    ),
    "NL": _(
        "Introduce yourself with a handshake and your name. First names come soon and ranks are played down. Questions "
        "and disagreement are said openly and are not meant personally. Being on time is expected."
    ),
    "GB": _(
        "Greet with a handshake; first names come early. Requests and criticism are often wrapped in polite words, so "
        "listen for what is meant. Being on time, queueing and a short thank-you note are appreciated."
    ),
    "IE": _(
        "Greet with a handshake and a little conversation; first names are usual. Humour is part of business, and so is "
        "modesty about oneself. Being on time for meetings is appreciated."
    ),
    "ES": _(
        "Greet with a handshake; first names are common soon after. Getting to know each other comes before business, "
        "often at a late lunch. People have two family names: the first of them is the one to use in short."
    ),
    "PT": _(
        "Use Senhor or Senhora, and Doutor, Doutora, Engenheiro or Engenheira where it applies. Greet with a handshake. A"
        " personal relationship is built before details are agreed."
    ),
    "IT": _(
        "Greet with a handshake and use Lei, the family name and professional titles until first names are offered. "
        "Personal contact counts for much, so a call often does more than a letter. Appointments are confirmed the day "
        "before."
    ),
    "GR": _(
        "Greet with a handshake and a warm word; titles and family names are used at first. Hospitality is taken "
        "seriously: accept the coffee. Trust between people comes before contracts."
    ),
    "PL": _(
        "Greet with a handshake and use Pan or Pani until first names are offered. Academic titles are used in letters. "
        "Being on time is expected; flowers come in odd numbers."
    ),
    "CZ": _(
        "Greet with a handshake and use titles with Pane or Paní at first. Wait until the older or senior person offers "
        "first names. Appointments are made well ahead and kept on time."
    ),
    "HU": _(
        "The family name stands first. Greet with a handshake and use titles at first. Conversation over coffee often "
        "comes before business, and being on time is expected."
    ),
    "RU": _(
        "Address people by first name and patronymic in formal settings. Greet with a handshake, not across a threshold. "
        "Personal trust and meetings face to face matter. Flowers come in odd numbers."
    ),
    "UA": _(
        "Greet with a handshake; formal address is by first name and patronymic or with Pan and Pani. Ask which language "
        "is preferred. Personal meetings build trust, and flowers come in odd numbers."
    ),
    "TR": _(
        "Use the first name with Bey for a man or Hanım for a woman. Older people are greeted first. Tea is offered and "
        "accepted, and getting to know each other comes before business."
    ),
    "IL": _(
        "Greet with a handshake and shalom; first names are usual at once. Talk is informal, fast and open. Business "
        "rests from Friday afternoon to Saturday evening; ask about dietary rules before a meal."
    ),
    "IR": _(
        "Use titles such as doctor or engineer with the family name. Wait to see whether a person of the other gender "
        "offers a hand; a hand on the heart is a polite greeting too. Courtesy (ta’arof) may mean declining an offer at "
        "first. Tea and talk about family come before business."
    ),
    "SA": _(
        "Greet with as-salamu alaykum; let a person of the other gender offer a hand first. Titles are valued. Time is "
        "made for coffee and conversation before business. Plan around prayer times and Ramadan, and give and take with "
        "the right hand."
    ),
    "AE": _(
        "Greet with as-salamu alaykum or a handshake; let a person of the other gender offer a hand first. Many "
        "nationalities work together, so ask about customs. Offices close early on Friday. Plan around prayer times and "
        "Ramadan."
    ),
    "EG": _(
        "Greet warmly and ask after health and family before business. Titles such as doctor or engineer are used with "
        "the first name. Give and take with the right hand; Friday is the day of rest."
    ),
    "IN": _(
        "Namaste or a handshake, the senior person first; titles and family names until invited otherwise. Relationships "
        "come before contracts. Ask about dietary customs, and give and take with the right hand."
    ),
    "CN": _(
        "The family name stands first; use it with a title. Greet the most senior person first, with a nod or light "
        "handshake. Give and take business cards with both hands. Leave room for the other side to say no without saying "
        "it."
    ),
    "TW": _(
        "The family name stands first; use it with a title. Greet with a nod or light handshake, the senior person first."
        " Give and take business cards and gifts with both hands. Being on time is expected."
    ),
    "HK": _(
        "Greet with a light handshake and use the family name with Mr or Ms at first; many people also have an English "
        "first name. Give and take business cards with both hands. Being on time is expected."
    ),
    "JP": _(
        "The family name stands first; add -san to it, or -sama in letters, never to your own. A bow or a nod is the "
        "greeting. Give and take business cards with both hands and read them. Be a few minutes early; wrapped small "
        "gifts are usual."
    ),
    "KR": _(
        "The family name stands first; use it with a title. A slight bow opens a meeting, and the older or senior person "
        "is greeted first. Give and take cards and gifts with both hands. Being on time is expected."
    ),
    "TH": _(
        "Use Khun with the first name. The wai, palms together, is returned when it is offered; a handshake is common in "
        "business too. A calm and friendly tone is valued. The head is not touched, and feet do not point at people."
    ),
    "VN": _(
        "The family name stands first, but people are addressed by the given name, which stands last, with a title. Greet"
        " with a handshake or a nod, the older person first. Give and take with both hands."
    ),
    "ID": _(
        "Use Bapak or Ibu with the name; many people have one name only. A light handshake is usual; let a person of the "
        "other gender offer it first. Give and take with the right hand, and keep a calm tone."
    ),
    "SG": _(
        "Greet with a handshake, the senior person first. Order of names and forms of address differ between Chinese, "
        "Malay and Indian names, so ask. Being on time is expected; cards are given with both hands."
    ),
    "AU": _(
        "Greet with a handshake; first names are usual at once. Modesty and humour are appreciated, and titles are rarely"
        " said. Being on time is expected."
    ),
    "NZ": _(
        "Greet with a handshake; first names are usual. A Māori welcome has an order of its own, which your host will "
        "explain. Modesty is valued, and being on time is expected."
    ),
    "US": _(
        "Greet with a handshake and a smile; first names come at once in many companies. Being on time and coming to the "
        "point are appreciated. Small talk opens and a clear next step closes a meeting."
    ),
    "CA": _(
        "Greet with a handshake; first names come soon. Ask whether English or French is preferred. Politeness and being "
        "on time are valued, and interrupting is avoided."
    ),
    "MX": _(
        "Greet each person; use titles such as Licenciado, Licenciada, Ingeniero or Ingeniera until told otherwise. "
        "Personal trust comes before business, so leave time for conversation. People have two family names: the first is"
        " used in short."
    ),
    "BR": _(
        "Greet everybody with a handshake and warmth; first names are used soon, with Senhor or Senhora for older people."
        " Conversation comes before business. Portuguese is the language, not Spanish."
    ),
    "AR": _(
        "Greet with a handshake at first, later often with a kiss on the cheek. Conversation comes before business. "
        "People value a personal contact, and dinner is late."
    ),
    "ZA": _(
        "Greet with a handshake and ask how the other person is. Eleven spoken languages and many customs live side by "
        "side, so ask rather than assume. Titles and family names are used at first."
    ),
    "NG": _(
        "Greet first and ask after the person before anything else; older people are greeted with special respect. Titles"
        " are valued. Give and take with the right hand or with both."
    ),
    "KE": _(
        "Greet with a handshake and ask how the person and the family are; hurrying past it seems rude. Use titles and "
        "family names at first. Give and take with the right hand."
    ),
}

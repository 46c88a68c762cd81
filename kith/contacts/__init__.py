"""The contacts room: people, the companies that they belong to, and how the two hang together.

Its public names are the three models, the actions of `actions` and the facts of `events`; rooms above link to people and companies
by the keys `contacts.person` and `contacts.company`.
"""

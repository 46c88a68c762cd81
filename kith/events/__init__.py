"""The ledger of what happened, who is told about it, and work in the background.

A change, its event and its deliveries are rows of one transaction. History, timeline, audit, webhooks and notifications are readers of
these rows. This room keeps actors as kind, id and name at the time, without a foreign key, so that history outlives users.
"""

"""What exists, who may see it, how it changes: declarations of objects, kinds of values, rights, filters, search, reading and writing.

This room has never heard of a contact or a deal. Its order, lowest first: kinds, declare, columns, custom, filters, access, search, query,
write, actions.
"""

"""The matrix of access: every route × everybody × every sort of record × read, write and side channel, made from the registries."""

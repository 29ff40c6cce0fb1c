"""The agent: a process that holds a vault's key for a while, and hands out values of entries.

It hands out values one by one, and never the key: a program that asks for one credential cannot
keep the whole vault, and what it could get ends with the agent. Nothing can be changed through it.

`place` says where its socket is, `wire` what goes through it, `client` asks, `server` answers from
a `holder`, `memory` keeps the key off the disk, `start` starts `process`.
"""

"""Having the log cosigned by an outside witness (C2SP tlog-witness), and knowing how long ago that was.

Nobody who reads or writes waits for it: a thread of its own (`background`) asks, proves growth from
the tiles, and keeps a cosignature only after it has verified it. A witness that does not answer is
told to the operators, and is an alarm after 24 hours. One that says that the log does not continue
what it cosigned before is an alarm at once, and an entry. `standing` says how it is now.
"""

"""An independent witness of logs (C2SP tlog-witness): a separate program with its own key and state. Pure.

It keeps of each log only origin, size and root, and cosigns a checkpoint that continues what it
cosigned before. It needs no store, no settings and no framework, and never sees an entry.
"""

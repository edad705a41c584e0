"""The Merkle tree over the log's leaves: hashes, tiles, proofs, notes. Pure: no database, no Django.

RFC 9162 (the tree and its proofs), C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature.
"""

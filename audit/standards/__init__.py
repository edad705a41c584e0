"""Leaves in the forms of the standards. Pure; each mapping in one file, with its source.

What goes out is what stands in the leaf: opaque ids, codes and times. No name is looked up.
"""

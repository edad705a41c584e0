"""Trees as a store keeps them: tiles by their place, grown by the product's own edge."""

from collections.abc import Mapping, Sequence
from random import Random

from audit.tree.growing import Edge
from audit.tree.proofs import TileNodes
from audit.tree.tiles import Held, Tile


def hashes(count: int, seed: int = 9162) -> list[bytes]:
    raw = Random(seed).randbytes(32 * count)
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]


class Kept:
    """Tiles in memory. `fetches`: what was asked, one list a time. `crowned`: tiles bring their crown."""

    def __init__(self, leaves: Sequence[bytes] = (), *, crowned: bool = True) -> None:
        self.edge = Edge(0, [])
        self.tiles: dict[Tile, Held] = {}
        self.fetches: list[list[Tile]] = []
        self.crowned = crowned
        self.nodes = TileNodes(self.fetch)
        self.grow(leaves)

    def grow(self, leaves: Sequence[bytes]) -> None:
        self.tiles |= self.edge.append(leaves)

    def fetch(self, wanted: Sequence[Tile]) -> Mapping[Tile, Held]:
        self.fetches.append(list(wanted))
        return {one: self._told(self.tiles[one]) for one in wanted if one in self.tiles}

    def _told(self, tile: Held) -> Held:
        return tile if self.crowned else Held(tile.hashes)

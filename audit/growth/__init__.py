"""The log's growth: leaves get their position, tiles and checkpoints, behind the writers' backs."""
